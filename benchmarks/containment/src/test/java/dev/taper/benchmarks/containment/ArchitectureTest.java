package dev.taper.benchmarks.containment;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the packages; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.benchmarks.containment";

  @Override
  protected Class<?> anchor() {
    return Main.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(ROOT, Set.of(ROOT + ".corpus"), ROOT + ".corpus", Set.of());
  }
}
