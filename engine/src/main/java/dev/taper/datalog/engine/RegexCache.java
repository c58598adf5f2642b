package dev.taper.datalog.engine;

import dev.taper.datalog.regex.PatternCost;
import dev.taper.datalog.regex.Regex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The regular expressions of one evaluation: which of a token's constants it used, each of which is
 * charged once, whether or not it was compiled for an earlier one; and those that only evaluation
 * brought to light. The latter are kept up to a bound: an evaluation with more pays for each use.
 */
final class RegexCache {
  /** Of what is kept, in bytes. */
  private static final long CAPACITY = 256 << 10;

  private @Nullable Map<String, Regex> compiled;
  private long bytes;

  /** By number of a constant: whether it was charged. */
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
