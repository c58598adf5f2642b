package dev.taper.agent.call;

import dev.taper.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Percent escapes (RFC 3986, section 2.1) that have one reading: two upper-case digits; never a
 * character that needs no escape, a separator, a control character, or a percent sign, which would
 * be a second layer; beyond ASCII only well-formed UTF-8.
 */
final class Escapes {
  private Escapes() {}

  /** The text without its escapes. */
  static String decode(String text, ErrorCode code, String subject) {
    int next = text.indexOf('%');
    if (next < 0) {
      return text;
    }
    StringBuilder decoded = new StringBuilder(text.length());
    int done = 0;
    while (next >= 0) {
      decoded.append(text, done, next);
      int octet = octet(text, next, code, subject);
      if (octet < 0x80) {
        checkAscii(octet, code, subject);
        decoded.append((char) octet);
        done = next + 3;
      } else {
        done = decodeRun(text, next, decoded, code, subject);
      }
      next = text.indexOf('%', done);
    }
    decoded.append(text, done, text.length());
    return decoded.toString();
  }

  private static void checkAscii(int octet, ErrorCode code, String subject) {
    char c = (char) octet;
    if (c < ' ' || c == 0x7f) {
      throw Text.refuse(code, subject, "escapes a control character");
    }
    if (c == '/' || c == '\\' || c == '%') {
      throw Text.refuse(code, subject, "escapes '" + c + "'");
    }
    boolean unreserved =
        (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || c == '-'
            || c == '.'
            || c == '_'
            || c == '~';
    if (unreserved) {
      throw Text.refuse(code, subject, "escapes '" + c + "', which needs no escape");
    }
  }

  /** Decodes the escapes from {@code start} on that are not ASCII; returns where they end. */
  private static int decodeRun(
      String text, int start, StringBuilder decoded, ErrorCode code, String subject) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    int at = start;
    while (at < text.length() && text.charAt(at) == '%') {
      int octet = octet(text, at, code, subject);
      if (octet < 0x80) {
        break;
      }
      octets.write(octet);
      at += 3;
    }
    try {
      decoded.append(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(octets.toByteArray())));
    } catch (CharacterCodingException e) {
      throw Text.refuse(code, subject, "has escapes that are not UTF-8");
    }
    return at;
  }

  private static int octet(String text, int percent, ErrorCode code, String subject) {
    if (percent + 2 >= text.length()) {
      throw Text.refuse(code, subject, "ends within a percent escape");
    }
    int high = digit(text.charAt(percent + 1));
    int low = digit(text.charAt(percent + 2));
    if (high < 0 || low < 0) {
      throw Text.refuse(
          code, subject, "has a percent sign without two upper-case hexadecimal digits");
    }
    return high << 4 | low;
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }
}
