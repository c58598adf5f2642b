package dev.taper;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes text of unknown origin safe for a person to see: on one line, of bounded width, without
 * anything that moves or hides the text beside it. {@linkplain #isHidden Hidden characters}, every
 * space but the common one, spaces behind a space and marks heaped on one letter become visible
 * escapes ({@code \\u{202e}}). Text that is too long is cut, and its length and digest are shown.
 */
public final class ShownText {
  private static final int MAX_MARKS = 2;
  private static final int DIGEST_DIGITS = 32;

  private ShownText() {}

  /**
   * Returns the text, safe to show; if it is too wide, its beginning and a note about the rest.
   *
   * @param text any text
   * @param columns the most columns of the text itself; the note that it was cut comes after them
   */
  public static String of(String text, int columns) {
    StringBuilder shown = new StringBuilder();
    int width = 0;
    int marks = 0;
    boolean space = true; // a leading one is not seen either
    int point;
    for (int at = 0; at < text.length(); at += Character.charCount(point)) {
      point = text.codePointAt(at);
      marks = isMark(point) ? marks + 1 : 0;
      boolean plain =
          !ShownText.isHidden(point)
              && (point == ' ' ? !space : Character.getType(point) != Character.SPACE_SEPARATOR)
              && marks <= MAX_MARKS;
      String piece = plain ? Character.toString(point) : escape(point);
      width += plain ? width(point) : piece.length();
      if (width > columns) {
        return shown.append(cut(text)).toString();
      }
      shown.append(piece);
      space = point == ' ';
    }
    return shown.toString();
  }

  /**
   * Cuts shown text into lines that a terminal need not break, so that a front end can indent each:
   * behind a space, and within a word only if the word alone is wider than a line. Nothing is left
   * out, so the lines one behind the other are the text.
   *
   * @param shown what {@link #of} returned
   * @param columns the width of a line, at least 2
   * @return at least one line
   */
  public static List<String> lines(String shown, int columns) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int word = 0; // where the last word of the line begins
    int width = 0;
    int point;
    for (int at = 0; at < shown.length(); at += Character.charCount(point)) {
      point = shown.codePointAt(at);
      if (width + width(point) > columns) {
        int end = word > start ? word : at;
        lines.add(shown.substring(start, end));
        width = (int) columns(shown.substring(end, at));
        start = end;
      }
      width += width(point);
      word = point == ' ' ? at + 1 : word;
    }
    lines.add(shown.substring(start));
    return lines;
  }

  /** How many columns a terminal may give to shown text: two for a character beyond ASCII. */
  public static long columns(String shown) {
    return shown.codePoints().mapToLong(ShownText::width).sum();
  }

  private static String cut(String text) {
    return "… ("
        + text.codePointCount(0, text.length())
        + " characters, SHA-256 "
        + digest(text).substring(0, DIGEST_DIGITS)
        + ")";
  }

  /** Returns how many columns a terminal may give to a character: two if it is not ASCII. */
  private static int width(int point) {
    return point < 0x7f ? 1 : 2;
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static String escape(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u{" + Integer.toHexString(point) + "}";
    };
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * True for a code point that cannot be seen where it stands: controls, format characters (which
   * reorder, join or hide text), line and paragraph separators, unpaired surrogates, and characters
   * that fonts leave out or draw as nothing. A space can be seen. Terminals, JSON and pages use
   * this one list.
   */
  public static boolean isHidden(int point) {
    if (point >= ' ' && point < 0x7f) {
      return false;
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> isIgnorable(point);
    };
  }

  /** Returns the text with an escape ({@code \\u{202e}}) for every hidden character. */
  public static String escaped(String text) {
    if (text.codePoints().noneMatch(ShownText::isHidden)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isHidden(point)) {
                escaped.append("\\u{").append(Integer.toHexString(point)).append('}');
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString();
  }

  /**
   * True for Unicode's Default_Ignorable_Code_Point beyond the categories above, and empty Braille.
   */
  private static boolean isIgnorable(int point) {
    return switch (point) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180f, 0x2065, 0x2800, 0x3164, 0xffa0 -> true;
      default ->
          (point >= 0x180b && point <= 0x180d)
              || (point >= 0xfe00 && point <= 0xfe0f)
              || (point >= 0xfff0 && point <= 0xfff8)
              || (point >= 0xe0000 && point <= 0xe0fff);
    };
  }
}
