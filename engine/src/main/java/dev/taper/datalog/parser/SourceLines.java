package dev.taper.datalog.parser;

import java.util.Arrays;

/**
 * Knows lines and columns of a source without reading it again for each place: a source has a place
 * for every few characters. Immutable and thread-safe.
 */
final class SourceLines {
  private final int[] starts;

  /** Where characters stand that take two UTF-16 units. */
  private final int[] pairs;

  SourceLines(String source) {
    int[] lines = new int[16];
    int[] wide = new int[0];
    int lineCount = 1;
    int wideCount = 0;
    for (int i = 0; i < source.length(); i++) {
      if (source.charAt(i) == '\n') {
        lines = withRoom(lines, lineCount);
        lines[lineCount++] = i + 1;
      } else if (Character.charCount(source.codePointAt(i)) == 2) {
        wide = withRoom(wide, wideCount);
        wide[wideCount++] = i++;
      }
    }
    this.starts = Arrays.copyOf(lines, lineCount);
    this.pairs = Arrays.copyOf(wide, wideCount);
  }

  private static int[] withRoom(int[] numbers, int count) {
    return count < numbers.length ? numbers : Arrays.copyOf(numbers, 2 * count + 16);
  }

  /** The line of a place, from 1. */
  int line(int offset) {
    return before(starts, offset + 1);
  }

  /** The column of a place, in code points from 1. */
  int column(int offset) {
    int start = starts[line(offset) - 1];
    return offset - start + 1 - (before(pairs, offset) - before(pairs, start));
  }

  /** How many of these are less. */
  private static int before(int[] sorted, int offset) {
    int found = Arrays.binarySearch(sorted, offset);
    return found < 0 ? -found - 1 : found;
  }
}
