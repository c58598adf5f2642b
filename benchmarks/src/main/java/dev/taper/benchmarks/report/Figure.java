package dev.taper.benchmarks.report;

import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param name in lower case, with underscores
 * @param unit {@code ratio}, a unit of time ({@code ns}, {@code us}, {@code ms}, {@code s}) or
 *     {@code B}, {@code records/s}, {@code calls/s}; quantities are in microseconds and bytes, so
 *     others need a factor
 * @param goal what it should be
 * @param what what is divided by what, in words
 * @param quantity how it is computed; that also says what has to be measured for it
 */
record Figure(String name, String unit, Goal goal, String what, Quantity quantity) {
  /**
   * A figure as it came out.
   *
   * @param figure the figure
   * @param value its value; null if it cannot be measured here
   * @param result how it stands to its goal
   * @param note why it cannot be measured here, or empty
   */
  record Judged(Figure figure, @Nullable Double value, GoalResult result, String note) {}

  /**
   * Computes the figure and compares it with its goal.
   *
   * @throws IllegalStateException if something it needs was not measured, but could have been
   */
  Judged judge(Results results) {
    try {
      double value = quantity.in(results);
      return new Judged(this, value, goal.judge(value), "");
    } catch (UnmeasuredException e) {
      return new Judged(this, null, GoalResult.UNMEASURED, e.reason());
    }
  }
}
