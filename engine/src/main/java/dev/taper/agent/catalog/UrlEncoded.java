package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code application/x-www-form-urlencoded} text (WHATWG URL, section 5.1), strictly: escapes
 * are whole, and what they stand for is UTF-8.
 */
final class UrlEncoded {
  /** One pair. */
  record Pair(String name, String value) {}

  private UrlEncoded() {}

  /** The pairs of a query or form, in order. */
  static List<Pair> pairs(String text) {
    List<Pair> pairs = new ArrayList<>();
    if (text.isEmpty()) {
      return pairs;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (name.isEmpty()) {
        throw invalid("a pair without a name");
      }
      pairs.add(
          new Pair(decode(name, true), equals < 0 ? "" : decode(pair.substring(equals + 1), true)));
    }
    return pairs;
  }

  /**
   * Resolves escapes.
   *
   * @param plusIsSpace whether a plus sign stands for a space, as in queries and forms
   */
  static String decode(String text, boolean plusIsSpace) {
    if (text.indexOf('%') < 0) {
      return plusIsSpace ? text.replace('+', ' ') : text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? digit(text.charAt(i + 1)) : -1;
        int low = i + 2 < text.length() ? digit(text.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          throw invalid("a percent sign without two hexadecimal digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.write(' ');
      } else {
        bytes.write(c); // ASCII: whoever calls has looked
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid("an escape that is not UTF-8");
    }
  }

  private static int digit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1; // other scripts have digits, too
  }

  private static TaperException invalid(String what) {
    return new TaperException(
        ErrorCode.INVALID_REQUEST, "the query or form of the request has " + what);
  }
}
