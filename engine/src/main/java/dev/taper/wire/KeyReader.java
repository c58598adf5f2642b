package dev.taper.wire;

import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;

/** Reads public keys. */
final class KeyReader {
  private KeyReader() {}

  /** Reads the public key that the current message is. */
  static PublicKey publicKey(ProtoReader in) {
    int seen = 0;
    int algorithm = 0;
    byte[] key = {};
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          algorithm = in.enumeration(1);
        }
        case 2 -> {
          seen = in.once(seen);
          key = in.bytes();
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 1, "algorithm");
    in.require(seen, 2, "key");
    try {
      return PublicKey.of(algorithm == 0 ? Algorithm.ED25519 : Algorithm.SECP256R1, key);
    } catch (TaperException e) {
      throw in.fail(e.code(), String.valueOf(e.getMessage()));
    }
  }
}
