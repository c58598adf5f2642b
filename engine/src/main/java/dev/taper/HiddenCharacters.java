package dev.taper;

/**
 * Which characters a reader does not see, or sees in another place than they are: controls, format
 * characters (which reorder, join or hide text), line and paragraph separators, unpaired
 * surrogates, and what fonts leave out or draw as nothing. One list for terminals, JSON and pages.
 */
public final class HiddenCharacters {
  private HiddenCharacters() {}

  /** True for a code point that is not simply seen where it stands. A space is seen. */
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

  /** The text with an escape ({@code \\u{202e}}) for every character that is hidden. */
  public static String escaped(String text) {
    if (text.codePoints().noneMatch(HiddenCharacters::isHidden)) {
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

  /** Unicode's Default_Ignorable_Code_Point beyond the categories above, and the empty Braille. */
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
