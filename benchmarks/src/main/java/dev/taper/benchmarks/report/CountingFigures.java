package dev.taper.benchmarks.report;

import static dev.taper.benchmarks.report.Goal.atMost;
import static dev.taper.benchmarks.report.Quantity.slope;
import static dev.taper.benchmarks.report.Quantity.time;

import java.util.List;

/** What budgets, findings and metrics, which count calls, add to a call. */
final class CountingFigures {
  private static final List<Integer> BUDGETS = List.of(0, 1, 4, 16);
  private static final String WATCHING =
      "all that watching for abuse does with a call of three blocks, in both threads";

  private CountingFigures() {}

  static List<Figure> of(String backend) {
    return List.of(
        new Figure(
            "budget_charge",
            "us",
            atMost(1),
            "charging one counter with a window, in memory",
            time(budget("charge", backend, 1))),
        new Figure(
            "budget_slope",
            "us",
            atMost(1),
            "extra time per budget of a call that has 0, 1, 4, 16, in memory",
            slope(
                BUDGETS,
                BUDGETS.stream().map(count -> time(budget("decide", backend, count))).toList())),
        new Figure(
            "budget_leased",
            "us",
            atMost(3),
            "extra time of a warm call of three blocks with a budget of which leases are taken",
            extra("LeasedBudgetBenchmark.decide", backend, "budget")),
        new Figure(
            "findings",
            "us",
            atMost(2),
            WATCHING,
            time(Cell.of("FindingsBenchmark.allow", "backend", backend))),
        new Figure(
            "findings_denied",
            "us",
            atMost(2),
            WATCHING + ", denied",
            time(Cell.of("FindingsBenchmark.deny", "backend", backend))),
        new Figure(
            "telemetry",
            "us",
            Goal.NONE,
            "what the listener with metrics and traces takes of a decision",
            time(Cell.of("TelemetryBenchmark.tell", "told", "both"))),
        new Figure(
            "telemetry_meters",
            "us",
            Goal.NONE,
            "the same, with metrics alone",
            time(Cell.of("TelemetryBenchmark.tell", "told", "meters"))));
  }

  private static Cell budget(String method, String backend, int count) {
    return Cell.of("BudgetBenchmark." + method, "backend", backend, "budgets", count);
  }

  /** What a call takes with something more than without. */
  private static Quantity extra(String benchmark, String backend, String with) {
    return time(Cell.of(benchmark, "backend", backend, with, "yes"))
        .less(time(Cell.of(benchmark, "backend", backend, with, "no")));
  }
}
