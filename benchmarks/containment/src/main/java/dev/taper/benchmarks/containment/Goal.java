package dev.taper.benchmarks.containment;

import java.util.List;
import java.util.Locale;

/**
 * What was promised of the whole corpus.
 *
 * @param name a stable name
 * @param value what came out
 * @param bound what was promised
 * @param atLeast true if the value may not be below the bound, false if it may not be above
 * @param what what is counted
 */
record Goal(String name, double value, double bound, boolean atLeast, String what) {
  /** The goals, from the figures of all suites. */
  static List<Goal> of(List<Row> rows) {
    Row byArgument = Row.sum(rows, GrantStyle.BY_ARGUMENT);
    Row approved = Row.sum(rows, GrantStyle.WITH_APPROVALS);
    return List.of(
        new Goal(
            "kept_by_argument",
            byArgument.kept(),
            94,
            true,
            "user tasks of " + byArgument.tasks() + " kept, grants by tool and argument"),
        new Goal(
            "contained_with_approvals",
            approved.containedPercent(),
            99,
            true,
            "% of " + approved.pairs() + " pairs contained, with approvals"),
        new Goal(
            "asked_by_tasks",
            approved.askedByTasks(),
            100,
            false,
            "approvals asked for by " + approved.tasks() + " user tasks"));
  }

  boolean holds() {
    return atLeast ? value >= bound : value <= bound;
  }

  /** One line: name, value, goal, whether it holds, what it counts. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-26s %6s  %-7s %s  %s",
        name,
        number(value),
        (atLeast ? ">= " : "<= ") + number(bound),
        holds() ? "holds " : "misses",
        what);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
