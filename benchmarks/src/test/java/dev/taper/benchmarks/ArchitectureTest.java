package dev.taper.benchmarks;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the packages; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return TimedBenchmark.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(
        "dev.taper.benchmarks",
        Set.of("dev.taper.benchmarks.peer", "dev.taper.benchmarks.workload"),
        "dev.taper.benchmarks.peer",
        Set.of("dev.taper.benchmarks.workload"),
        "dev.taper.benchmarks.report",
        Set.of(
            "dev.taper.benchmarks", "dev.taper.benchmarks.peer", "dev.taper.benchmarks.workload"),
        "dev.taper.benchmarks.workload",
        Set.of(),
        "dev.taper.benchmarks.jmh_generated", // what JMH makes of the benchmarks
        Set.of("dev.taper.benchmarks"));
  }

  @Override
  protected boolean measures() {
    return true;
  }
}
