package dev.taper.datalog.regex;

import java.util.Map;

/** Bounds from above how many ranges the classes of Unicode characters hold, case folded or not. */
final class UnicodeRanges {
  /**
   * Classes that are not listed have fewer ranges: all scripts but Common, and the smaller
   * categories.
   */
  private static final int OTHERS = 72;

  private static final Map<String, Integer> LARGE =
      Map.ofEntries(
          Map.entry("L", 435),
          Map.entry("Ll", 630),
          Map.entry("Lo", 323),
          Map.entry("Lu", 1_176),
          Map.entry("M", 193),
          Map.entry("Mc", 113),
          Map.entry("Mn", 206),
          Map.entry("N", 83),
          Map.entry("P", 133),
          Map.entry("Po", 128),
          Map.entry("S", 208),
          Map.entry("So", 164),
          Map.entry("Common", 171));

  private UnicodeRanges() {}

  /** Returns the number of ranges of a class by its name, which may begin with a negation. */
  static int of(String name) {
    return LARGE.getOrDefault(name.startsWith("^") ? name.substring(1) : name, OTHERS);
  }
}
