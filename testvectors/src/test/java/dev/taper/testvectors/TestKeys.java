package dev.taper.testvectors;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Ed25519 keys by name, so that every token has the same bytes in every run. */
final class TestKeys {
  /** The seed of the key that signs every token. */
  static final byte[] ROOT_SECRET = secret("root");

  /** Its public half. */
  static final PublicKey ROOT = key(ROOT_SECRET).publicKey();

  private TestKeys() {}

  /** The seed of the key of that name: the hash of the name. */
  static byte[] secret(String name) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(("taper-testvectors " + name).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static PrivateKey key(byte[] secret) {
    return PrivateKey.of(Algorithm.ED25519, secret);
  }
}
