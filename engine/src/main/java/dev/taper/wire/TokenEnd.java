package dev.taper.wire;

import dev.taper.crypto.SecretBytes;

/** The end of a token. Immutable. */
public sealed interface TokenEnd {
  /**
   * The secret of the last block's next key: everybody who has the token can use and extend it.
   *
   * @param secret the secret key's bytes
   */
  record NextSecret(SecretBytes secret) implements TokenEnd {}

  /** A signature by the last block's next key: the token can be used, but not extended. */
  final class FinalSignature implements TokenEnd {
    private final byte[] signature;

    /** Makes an end from a copy of the signature. */
    public FinalSignature(byte[] signature) {
      this.signature = signature.clone();
    }

    /** A copy of the signature. */
    public byte[] signature() {
      return signature.clone();
    }
  }

  /**
   * An empty end: the next key belongs to the holder, who proves with every use that it has the
   * secret.
   */
  record Held() implements TokenEnd {}
}
