package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/** Checks the rules that every text of a tool call must keep, before any other rule. */
final class Text {
  /**
   * The most combining marks in a row. Stream-Safe Text (UAX #15) has the same limit; it also keeps
   * the normalization check linear.
   */
  private static final int MAX_MARKS = 30;

  private Text() {}

  /** Text with one spelling: NFC, without NUL and unpaired surrogates. */
  static String plain(String value, ErrorCode code, String subject) {
    boolean ascii = true;
    int marks = 0;
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      if (c == 0) {
        throw refuse(code, subject, "holds NUL at index " + i);
      }
      if (c >= 0x80) {
        ascii = false;
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
          throw refuse(code, subject, "holds half of a surrogate pair at index " + i);
        }
        marks = isMark(c) ? marks + 1 : 0;
        if (marks > MAX_MARKS) {
          throw refuse(code, subject, "has more than " + MAX_MARKS + " combining marks in a row");
        }
      } else {
        marks = 0;
      }
      i += Character.charCount(c);
    }
    if (!ascii && !Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
      throw refuse(code, subject, "is not in Unicode normalization form C");
    }
    return value;
  }

  /**
   * Checks plain text that people can see all of: no control, format or other invisible characters.
   */
  static void visible(String value, ErrorCode code, String subject) {
    plain(value, code, subject);
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      if (isInvisible(c)) {
        throw refuse(
            code, subject, "holds " + name(c) + " at index " + i + ", which cannot be seen");
      }
      i += Character.charCount(c);
    }
  }

  /** Visible text that is neither empty, nor too long, nor with a space at an end. */
  static String label(String value, int maxBytes, ErrorCode code, String subject) {
    if (value.isEmpty()) {
      throw refuse(code, subject, "is empty");
    }
    if (isLonger(value, maxBytes)) {
      throw refuse(code, subject, "is longer than " + maxBytes + " bytes");
    }
    visible(value, code, subject);
    if (value.charAt(0) == ' ' || value.charAt(value.length() - 1) == ' ') {
      throw refuse(code, subject, "has a space at an end");
    }
    return value;
  }

  /** True if a text has a form in UTF-8: it holds no half of a surrogate pair. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * True if a text has more bytes in UTF-8. A character of it has one byte at least and three at
   * most, so that neither long nor short input is encoded to find out.
   */
  static boolean isLonger(String text, int maxBytes) {
    return text.length() > maxBytes
        || (text.length() > maxBytes / 3
            && text.getBytes(StandardCharsets.UTF_8).length > maxBytes);
  }

  static TaperException refuse(ErrorCode code, String subject, String why) {
    return new TaperException(code, subject + " " + why);
  }

  /** A code point as people look it up, such as {@code U+202E}. */
  static String name(int codePoint) {
    return String.format(Locale.ROOT, "U+%04X", codePoint);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static boolean isInvisible(int c) {
    if (c < 0x80) {
      return c < ' ' || c == 0x7f;
    }
    return switch (Character.getType(c)) {
      // A later Unicode version may give what is unassigned today another normal form.
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> isDefaultIgnorable(c);
    };
  }

  /** True for what Unicode lets a display ignore although it is not a format character. */
  private static boolean isDefaultIgnorable(int c) {
    return c == 0x034f
        || c == 0x115f
        || c == 0x1160
        || c == 0x17b4
        || c == 0x17b5
        || (c >= 0x180b && c <= 0x180f)
        || c == 0x3164
        || (c >= 0xfe00 && c <= 0xfe0f)
        || c == 0xffa0
        || (c >= 0xe0100 && c <= 0xe01ef);
  }
}
