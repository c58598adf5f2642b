package dev.taper.server.signin;

import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Random texts that nobody guesses, and their digests. Thread-safe. */
public final class Secrets {
  /** The characters of a random text: 256 bits. */
  static final int LENGTH = 43;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String HMAC = "HmacSHA256";

  private Secrets() {}

  /** A new random text. */
  public static String next() {
    return encode(bytes());
  }

  /** New random bytes. */
  static byte[] bytes() {
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    return random;
  }

  /** Base64url without padding. */
  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  /** What is kept in place of a secret. */
  public static String digest(String secret) {
    return encode(Digests.sha256(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** A code over a text that only the key's owner can make. */
  static String mac(byte[] key, String purpose, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return encode(mac.doFinal((purpose + '\0' + text).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /** Compares without telling where the difference is. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
