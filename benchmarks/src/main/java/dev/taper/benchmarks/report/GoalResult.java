package dev.taper.benchmarks.report;

import java.util.Locale;

/** How a figure stands to its goal. */
enum GoalResult {
  /** The goal is reached. */
  HOLDS,
  /** The goal is missed. */
  MISSES,
  /** Something that the figure needs is not there. */
  UNMEASURED,
  /** There is no goal. */
  INFORMS;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
