package dev.taper;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Refuses missing arguments, and reads texts that were given. Null never stands for "without":
 * there is a method with a telling name for doing without something that protects a service.
 */
public final class Given {
  private Given() {}

  /**
   * Returns the value, which must not be null.
   *
   * @param value what was given
   * @param what the name of the value in the message
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for null
   */
  public static <T> T that(@Nullable T value, String what) {
    if (value == null) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, what + " is missing: null was given");
    }
    return value;
  }

  /**
   * Says in which common way a text is not the base64url that it should be.
   *
   * @return what stands behind a subject, such as {@code has white space at an end}; null if it is
   *     none of these ways
   */
  public static @Nullable String mistake(@Nullable String text) {
    if (text == null) {
      return "is missing: null was given, as for a header that is not there";
    }
    String bare = text.strip();
    int space = bare.indexOf(' ');
    if (space > 0 && isScheme(bare.substring(0, space))) {
      return "has \"" + bare.substring(0, space) + " \" in front: give what stands behind it";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\ufffd' || (c < ' ' && !Character.isWhitespace(c))) {
        return "is raw bytes that were read as text: decode the bytes, or use base64url";
      }
    }
    return bare.equals(text) || bare.isEmpty()
        ? null
        : "has white space at an end, such as the line break of a file: strip it";
  }

  /**
   * The bytes of a text in base64url (RFC 4648, section 5) without padding, of which each value has
   * one spelling: what is signed, hashed or counted as a text has no other.
   *
   * @return null for any other text. The JDK's decoder overlooks padding, and stray bits in the
   *     last digits; whole groups of four digits have no stray bits
   */
  public static byte @Nullable [] base64(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int lastBytes = Math.max(0, text.length() % 4 - 1);
    byte[] last = Arrays.copyOfRange(bytes, bytes.length - lastBytes, bytes.length);
    return !text.endsWith("=")
            && text.endsWith(Base64.getUrlEncoder().withoutPadding().encodeToString(last))
        ? bytes
        : null;
  }

  /**
   * The text of bytes in UTF-8.
   *
   * @return null for bytes that are not UTF-8; the JDK's shorter ways replace what is wrong
   */
  public static @Nullable String utf8(byte[] bytes) {
    String lenient = new String(bytes, StandardCharsets.UTF_8); // much faster
    if (lenient.indexOf('\ufffd') < 0) {
      return lenient; // what is not UTF-8 has become that character
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isScheme(String word) {
    return word.equalsIgnoreCase("Bearer") || word.equalsIgnoreCase("Taper");
  }
}
