package dev.taper.datalog.engine;

import dev.taper.datalog.regex.PatternCost;
import dev.taper.datalog.regex.Regex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the regular expressions of one evaluation. It knows which of a token's constant patterns
 * the evaluation used: each is charged once, whether or not an earlier evaluation compiled it. It
 * also keeps, up to a bound, the patterns that are known only during evaluation; beyond the bound,
 * the evaluation is charged for each use.
 */
final class RegexCache {
  /** The most bytes that are kept. */
  private static final long CAPACITY = 256 << 10;

  private @Nullable Map<String, Regex> compiled;
  private long bytes;

  /** A bit for each constant that was charged, by its number. */
  private long charged;

  private long @Nullable [] chargedMore;

  /** A pattern that is compiled here. */
  Regex get(String text, Budget budget) {
    if (compiled == null) {
      compiled = new HashMap<>();
    }
    Regex regex = compiled.get(text);
    if (regex == null) {
      budget.charge(text.length() / 16);
      PatternCost cost = PatternCost.of(text);
      budget.charge(cost.work());
      regex = Regex.compile(text, cost);
      if (bytes + regex.bytes() <= CAPACITY) {
        bytes += regex.bytes();
        compiled.put(text, regex);
      }
    }
    return regex;
  }

  /** True the first time that it is asked about a constant. */
  boolean isFirstUse(int number) {
    if (number < Long.SIZE) {
      long before = charged;
      charged |= 1L << number;
      return before != charged;
    }
    int word = number / Long.SIZE;
    if (chargedMore == null || chargedMore.length <= word) {
      chargedMore = chargedMore == null ? new long[word + 4] : Arrays.copyOf(chargedMore, 2 * word);
    }
    long before = chargedMore[word];
    chargedMore[word] |= 1L << number;
    return before != chargedMore[word];
  }
}
