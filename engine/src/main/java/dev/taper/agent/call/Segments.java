package dev.taper.agent.call;

import dev.taper.ErrorCode;
import java.text.Normalizer;

/**
 * Text that a tool may take apart at slashes. It has one reading only: no backslash, nothing that
 * turns into a separator when decoded or normalized, no empty segment, no segment that walks up.
 */
final class Segments {
  private Segments() {}

  /**
   * Checks visible text of segments.
   *
   * @param start where the first segment starts; a slash there is the root, not an empty segment
   */
  static void check(String text, int start, ErrorCode code, String subject) {
    if (text.indexOf('\\') >= 0) {
      throw Text.refuse(code, subject, "holds a backslash");
    }
    if (text.indexOf("//", start) >= 0) {
      throw Text.refuse(code, subject, "has an empty segment");
    }
    String decoded = Escapes.decode(text, code, subject);
    if (!decoded.equals(text)) {
      Text.visible(decoded, code, subject);
    }
    checkLookAlikes(decoded, code, subject);
    checkDots(decoded, code, subject);
  }

  /** Some characters look like separators, or become some under compatibility normalization. */
  private static void checkLookAlikes(String decoded, ErrorCode code, String subject) {
    boolean ascii = true;
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      ascii &= c < 0x80;
      if (c == 0x2044 || c == 0x2215 || c == 0x29f5 || c == 0x29f8 || c == 0x29f9) {
        throw Text.refuse(code, subject, "holds " + Text.name(c) + ", which looks like a slash");
      }
    }
    if (ascii) {
      return; // normalization leaves it as it is
    }
    String compatible = Normalizer.normalize(decoded, Normalizer.Form.NFKC);
    if (separators(compatible) != separators(decoded)) {
      throw Text.refuse(code, subject, "holds a character that stands for a separator or a dot");
    }
  }

  private static int separators(String text) {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      if ("./\\%:;?#@".indexOf(text.charAt(i)) >= 0) {
        count++;
      }
    }
    return count;
  }

  /**
   * Refuses a segment that holds dots (and spaces, which some systems drop) and nothing else, also
   * where a parameter, a query or a colon follows.
   */
  private static void checkDots(String decoded, ErrorCode code, String subject) {
    boolean dots = false;
    boolean other = false;
    for (int i = 0; i <= decoded.length(); i++) {
      char c = i < decoded.length() ? decoded.charAt(i) : '/';
      if ("/:;?#".indexOf(c) >= 0) {
        if (dots && !other) {
          throw Text.refuse(code, subject, "has a segment of dots only");
        }
        dots = false;
        other = false;
      } else if (c == '.' || c == ' ') {
        dots = true;
      } else {
        other = true;
      }
    }
  }
}
