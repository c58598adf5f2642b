package dev.taper.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Base64;

/**
 * Reads and writes tokens and third-party messages as base64url (RFC 4648, section 5). It writes
 * padding, as the reference implementation does, and reads text with or without. It takes only the
 * alphabet's own characters and no white space, and unused bits must be zero, so that one value has
 * one text.
 */
final class Base64Url {
  private Base64Url() {}

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  static byte[] decode(String text, int maxBytes) {
    int end = text.length();
    if (end / 4L * 3 > maxBytes + 3L) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT, "the text is longer than " + maxBytes + " bytes need");
    }
    int padding = 0;
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
      padding++;
    }
    int rest = end % 4;
    boolean padded = padding == 0 || (rest != 0 && padding == 4 - rest);
    if (rest == 1 || !padded) {
      throw invalid("the length or padding is wrong");
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid("unexpected character at index " + firstStranger(text));
    }
    int unused = rest == 2 ? 0xF : rest == 3 ? 0x3 : 0;
    if (end > 0 && (digit(text.charAt(end - 1)) & unused) != 0) {
      throw invalid("unused bits are not zero");
    }
    return bytes;
  }

  /**
   * Finds the first foreign character. The JDK's decoder is much faster than a loop, but does not
   * name it.
   */
  private static int firstStranger(String text) {
    int index = 0;
    while (index < text.length() && digit(text.charAt(index)) >= 0) {
      index++;
    }
    return index;
  }

  private static int digit(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    } else if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    } else if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }

  private static TaperException invalid(String what) {
    return new TaperException(ErrorCode.INVALID_BASE64, "not base64url: " + what);
  }
}
