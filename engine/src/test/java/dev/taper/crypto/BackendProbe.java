package dev.taper.crypto;

import dev.taper.TaperException;

/** Prints which backend a fresh process prefers, or the error's code. */
final class BackendProbe {
  private BackendProbe() {}

  public static void main(String[] args) {
    try {
      PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
      byte[] message = {1};
      String name = SignatureBackend.preferred().name();
      System.out.print(key.publicKey().verify(message, key.sign(message)) ? name : "wrong");
    } catch (TaperException e) {
      System.out.print(e.code().text());
    }
  }
}
