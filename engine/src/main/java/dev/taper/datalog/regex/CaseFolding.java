package dev.taper.datalog.regex;

import java.util.stream.IntStream;

/**
 * Knows how re2j folds the case of a range: it walks over every code point of the range, and from
 * each along the code points that differ from it only in case, until it is back. If the Java
 * runtime knows newer letters than re2j, that walk may never come back, and re2j runs for ever.
 */
final class CaseFolding {
  /** No code point outside of these is folded; a range that holds all of them is left as it is. */
  private static final int FIRST = 0x41;

  private static final int LAST = 0x1044F;

  /** Letters that share a partner with others: re2j has their cycles in a table of its own. */
  private static final String KNOWN =
      "\u00b5\u0130\u0131\u017f\u01c5\u01c8\u01cb\u01f2\u0345\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0"
          + "\u03f1\u03f4\u03f5\u1e9b\u1e9e\u1fbe\u2126\u212a\u212b";

  /** No cycle is longer. */
  private static final int LONGEST = 4;

  private CaseFolding() {}

  /** Computed at the first pattern that folds more than ASCII. */
  private static final class Endless {
    static final int[] LETTERS =
        IntStream.rangeClosed(0x80, LAST).filter(CaseFolding::isEndless).toArray();
  }

  /** Returns how many code points are walked over to fold a range. */
  static int walked(int low, int high) {
    return low <= FIRST && high >= LAST
        ? 0
        : Math.max(0, Math.min(high, LAST) - Math.max(low, FIRST) + 1);
  }

  /** True if folding the range would never end. */
  static boolean neverEnds(int low, int high) {
    if (high < 0x80 || walked(low, high) == 0) {
      return false;
    }
    for (int letter : Endless.LETTERS) {
      if (low <= letter && letter <= high) {
        return true;
      }
    }
    return false;
  }

  static boolean isEndless(int letter) {
    if (KNOWN.indexOf(letter) >= 0) {
      return false;
    }
    int at = letter;
    for (int i = 0; i < LONGEST; i++) {
      int lower = Character.toLowerCase(at);
      at = lower != at ? lower : Character.toUpperCase(at);
      if (at == letter) {
        return false;
      }
    }
    return true;
  }
}
