package com.google.re2j;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What Taper takes for granted of re2j's tables, which are visible in its package only. */
public final class UnicodeAssumptions {
  private UnicodeAssumptions() {}

  /** The letters whose cycle of cases never comes back to them, among those of interest. */
  public static int[] endless(IntPredicate ofInterest) {
    return IntStream.rangeClosed(0, Unicode.MAX_RUNE)
        .filter(ofInterest)
        .filter(UnicodeAssumptions::isEndless)
        .toArray();
  }

  private static boolean isEndless(int letter) {
    int at = letter;
    for (int i = 0; i < 8; i++) {
      at = Unicode.simpleFold(at);
      if (at == letter) {
        return false;
      }
    }
    return true;
  }

  /** By class: the ranges that it has at most, its case folded or not. */
  public static Map<String, Integer> ranges() {
    Map<String, Integer> ranges = new TreeMap<>();
    put(ranges, UnicodeTables.CATEGORIES, UnicodeTables.FOLD_CATEGORIES);
    put(ranges, UnicodeTables.SCRIPTS, UnicodeTables.FOLD_SCRIPT);
    return ranges;
  }

  private static void put(
      Map<String, Integer> ranges, Map<String, int[][]> tables, Map<String, int[][]> folded) {
    tables.forEach(
        (name, table) -> {
          CharClass characters = new CharClass().appendTable(table);
          if (folded.containsKey(name)) {
            characters.appendTable(folded.get(name));
          }
          int raw = characters.toArray().length / 2;
          int plain = new CharClass().appendTable(table).toArray().length / 2;
          ranges.put(name, Math.max(raw, plain));
        });
  }
}
