package dev.taper.benchmarks.report;

import java.util.Locale;

/**
 * What a figure should be.
 *
 * @param bound the bound, which is good itself
 * @param most true if less is better
 */
record Goal(double bound, boolean most) {
  /** No goal: the figure explains another one. */
  static final Goal NONE = new Goal(Double.NaN, true);

  static Goal atMost(double bound) {
    return new Goal(bound, true);
  }

  static Goal atLeast(double bound) {
    return new Goal(bound, false);
  }

  GoalResult judge(double value) {
    if (equals(NONE)) {
      return GoalResult.INFORMS;
    }
    // A value that is no number fails both comparisons.
    return (most ? value <= bound : value >= bound) ? GoalResult.HOLDS : GoalResult.MISSES;
  }

  /** As in {@code <=1.1}; a hyphen if there is none. */
  @Override
  public String toString() {
    if (equals(NONE)) {
      return "-";
    }
    String number =
        bound == Math.rint(bound) ? String.format(Locale.ROOT, "%.0f", bound) : "" + bound;
    return (most ? "<=" : ">=") + number;
  }
}
