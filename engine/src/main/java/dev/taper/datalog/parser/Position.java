package dev.taper.datalog.parser;

import dev.taper.datalog.Predicate.Names;

/**
 * A place in source text, ready to be shown.
 *
 * @param line from 1
 * @param column in code points, from 1
 * @param sourceLine the line, made safe for terminals and cut to a window around the place
 * @param indent code points of {@code sourceLine} before the place
 */
record Position(int line, int column, String sourceLine, int indent) {
  /** The longest line shown, in code points: a terminal's width. */
  private static final int WIDTH = 100;

  private static final int BEFORE = 60;

  static Position of(String source, int offset) {
    int line = 1;
    int start = 0;
    for (int i = source.indexOf('\n'); i >= 0 && i < offset; i = source.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    int end = source.indexOf('\n', start);
    if (end < 0) {
      end = source.length();
    }
    if (end > start && end > offset && source.charAt(end - 1) == '\r') {
      end--;
    }
    int before = source.codePointCount(start, offset);
    int after = source.codePointCount(offset, Math.max(offset, end));
    int skipped = before + after <= WIDTH ? 0 : Math.max(0, before - BEFORE);
    int from = source.offsetByCodePoints(start, skipped);
    int shown = Math.min(WIDTH, before + after - skipped);
    StringBuilder out = new StringBuilder();
    if (skipped > 0) {
      out.append('…');
    }
    int i = from;
    for (int n = 0; n < shown; n++) {
      int c = source.codePointAt(i);
      out.appendCodePoint(Names.isVisible(c) ? c : c == '\t' ? ' ' : '\uFFFD');
      i += Character.charCount(c);
    }
    if (skipped + shown < before + after) {
      out.append('…');
    }
    return new Position(line, before + 1, out.toString(), before - skipped + (skipped > 0 ? 1 : 0));
  }

  /** A line that points at the place with the given number of carets, within the shown line. */
  String carets(int count) {
    int room = sourceLine.codePointCount(0, sourceLine.length()) - indent;
    return " ".repeat(indent) + "^".repeat(Math.max(1, Math.min(count, room)));
  }
}
