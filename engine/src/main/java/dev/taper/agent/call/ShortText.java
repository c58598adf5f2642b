package dev.taper.agent.call;

/**
 * Text of a length that can be shown and kept. What a caller sends may be longer than any page or
 * record has room for, and a decision is never lost for that: the text ends in an ellipsis instead.
 */
public final class ShortText {
  private static final String ELLIPSIS = "…";

  private ShortText() {}

  /**
   * Cuts a text to at most {@code max} UTF-16 code units, the last an ellipsis if there was more.
   * No surrogate pair is split; half a pair, which has no bytes in UTF-8, becomes U+FFFD.
   *
   * @param text any text
   * @param max how many code units, at least 1
   */
  public static String of(String text, int max) {
    String shown = text;
    if (text.length() > max) {
      int end = max - ELLIPSIS.length();
      if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      shown = text.substring(0, end) + ELLIPSIS;
    }
    return Text.isWellFormed(shown) ? shown : repaired(shown);
  }

  private static String repaired(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
