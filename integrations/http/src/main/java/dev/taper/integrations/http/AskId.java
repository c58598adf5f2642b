package dev.taper.integrations.http;

import dev.taper.crypto.Digests;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The id of an ask: 16 random bytes in base64url, by which whoever has it reads the ask and answers
 * it. Immutable and thread-safe.
 *
 * @param text the id
 * @param name what the ask is kept under: SHA-256 of the id, in hexadecimal
 */
record AskId(String text, String name) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;
  private static final int CHARACTERS = 22;

  static AskId random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return of(bytes);
  }

  private static AskId of(byte[] bytes) {
    return new AskId(
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
        HexFormat.of().formatHex(Digests.sha256(bytes)));
  }

  /** Reads an id in its one spelling; null if it is none. */
  static @Nullable AskId parse(String text) {
    if (text.length() != CHARACTERS) {
      return null;
    }
    try {
      AskId id = of(Base64.getUrlDecoder().decode(text));
      return id.text.equals(text) ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
