package dev.taper.cli.output;

import dev.taper.ShownText;

/**
 * Makes text of unknown origin harmless to a terminal: control characters (which move the cursor,
 * change colours or set the clipboard), format characters (which reorder or hide text) and line
 * separators become visible escapes.
 */
public final class SafeText {
  private SafeText() {}

  /** The text on one line, without characters that a terminal obeys. */
  public static String line(String text) {
    int clean = 0;
    while (clean < text.length()
        && !Character.isSurrogate(text.charAt(clean))
        && !ShownText.isHidden(text.charAt(clean))) {
      clean++;
    }
    if (clean == text.length()) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, clean);
    text.codePoints().skip(clean).forEach(point -> append(safe, point));
    return safe.toString();
  }

  /** The text with its line feeds kept, everything else as in {@link #line}. */
  public static String lines(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      safe.append(line(text.substring(start, end))).append('\n');
      start = end + 1;
    }
    return safe.append(line(text.substring(start))).toString();
  }

  private static void append(StringBuilder safe, int point) {
    if (!ShownText.isHidden(point)) {
      safe.appendCodePoint(point);
    } else if (point == '\n') {
      safe.append("\\n");
    } else if (point == '\r') {
      safe.append("\\r");
    } else if (point == '\t') {
      safe.append("\\t");
    } else {
      safe.append("\\u{").append(Integer.toHexString(point)).append('}');
    }
  }
}
