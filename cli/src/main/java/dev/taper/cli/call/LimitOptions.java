package dev.taper.cli.call;

import dev.taper.datalog.RunLimits;
import dev.taper.operations.config.Times;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an evaluation may use up. */
final class LimitOptions {
  @Option(names = "--max-facts", paramLabel = "N", description = "Most facts. Default: 1000.")
  private @Nullable Integer maxFacts;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "Most rounds of rule application. Default: 100.")
  private @Nullable Integer maxIterations;

  @Option(
      names = "--max-time",
      paramLabel = "DURATION",
      description = "Longest evaluation, such as 100ms or 1s. Default: 2s.")
  private @Nullable String maxTime;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Most evaluation steps. Default: 1000000.")
  private @Nullable Long maxSteps;

  /** The limits: those given, else the defaults. */
  RunLimits limits() {
    return applyTo(RunLimits.defaults());
  }

  /** Replaces those of other limits that are given. */
  RunLimits applyTo(RunLimits defaults) {
    RunLimits limits = defaults;
    if (maxFacts != null) {
      limits = limits.withMaxFacts(maxFacts);
    }
    if (maxIterations != null) {
      limits = limits.withMaxIterations(maxIterations);
    }
    if (maxTime != null) {
      limits = limits.withMaxTime(Times.parseDuration(maxTime));
    }
    return maxSteps == null ? limits : limits.withMaxSteps(maxSteps);
  }
}
