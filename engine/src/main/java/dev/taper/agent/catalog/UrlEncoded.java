package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Reads {@code application/x-www-form-urlencoded} text (WHATWG URL, section 5.1), strictly: escapes
 * are whole, and what they stand for is UTF-8.
 */
final class UrlEncoded {
  private static final char REPLACEMENT = '\ufffd';

  private UrlEncoded() {}

  /**
   * Reads the pairs of a query or form, in order.
   *
   * @param text ASCII
   * @param subject what messages call it, such as {@code query}
   * @param taker takes each name and value; the next pair is not read before it has
   */
  static void pairs(String text, String subject, BiConsumer<String, String> taker) {
    int end;
    for (int start = 0; start < text.length(); start = end + 1) {
      end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      String pair = text.substring(start, end);
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (name.isEmpty() || end == text.length() - 1) {
        throw invalid(subject, "a pair without a name");
      }
      taker.accept(
          decode(name, true, subject),
          equals < 0 ? "" : decode(pair.substring(equals + 1), true, subject));
    }
  }

  /**
   * Resolves escapes.
   *
   * @param text ASCII
   * @param plusIsSpace whether a plus sign stands for a space, as in queries and forms
   * @param subject what messages call it
   */
  static String decode(String text, boolean plusIsSpace, String subject) {
    String spaced = plusIsSpace ? text.replace('+', ' ') : text;
    if (spaced.indexOf('%') < 0) {
      return spaced;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(spaced.length());
    for (int i = 0; i < spaced.length(); i++) {
      char c = spaced.charAt(i);
      if (c == '%') {
        int high = i + 2 < spaced.length() ? digit(spaced.charAt(i + 1)) : -1;
        int low = i + 2 < spaced.length() ? digit(spaced.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          throw invalid(subject, "a percent sign without two hexadecimal digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return utf8(bytes.toByteArray(), () -> invalid(subject, "an escape that is not UTF-8"));
  }

  /** The text of bytes in UTF-8, which have no other reading. */
  static String utf8(byte[] bytes, Supplier<TaperException> otherwise) {
    String lenient = new String(bytes, StandardCharsets.UTF_8); // much faster
    if (lenient.indexOf(REPLACEMENT) < 0) {
      return lenient; // what is not UTF-8 has become that character
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw otherwise.get();
    }
  }

  private static int digit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1; // other scripts have digits, too
  }

  private static TaperException invalid(String subject, String what) {
    return new TaperException(
        ErrorCode.INVALID_REQUEST, "the " + subject + " of the request has " + what);
  }
}
