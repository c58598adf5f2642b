package dev.taper.cli.call;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Value;
import dev.taper.datalog.RunLimits;
import dev.taper.operations.config.Times;
import org.jspecify.annotations.Nullable;

/** What an evaluation may use up. */
final class LimitOptions extends Arguments {
  private final Value<@Nullable Integer> maxFacts =
      option("--max-facts", "N", "Most facts. Default: 1000.").optional(Integer.class);

  private final Value<@Nullable Integer> maxIterations =
      option("--max-iterations", "N", "Most rounds of rule application. Default: 100.")
          .optional(Integer.class);

  private final Value<@Nullable String> maxTime =
      option(
              "--max-time",
              "DURATION",
              "Longest evaluation, such as 100ms or 1s. Default: no limit.")
          .text();

  private final Value<@Nullable Long> maxSteps =
      option("--max-steps", "N", "Most evaluation steps. Default: 1000000.").optional(Long.class);

  /** The limits: those given, else the defaults. */
  RunLimits limits() {
    return applyTo(RunLimits.defaults());
  }

  /** Replaces those of other limits that are given. */
  RunLimits applyTo(RunLimits defaults) {
    RunLimits limits = maxFacts.addTo(defaults, RunLimits::withMaxFacts);
    limits = maxIterations.addTo(limits, RunLimits::withMaxIterations);
    limits = maxTime.addTo(limits, (all, time) -> all.withMaxTime(Times.parseDuration(time)));
    return maxSteps.addTo(limits, RunLimits::withMaxSteps);
  }
}
