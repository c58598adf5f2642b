package dev.taper.policies;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the packages; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return Policies.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(
        "dev.taper.policies",
        Set.of(),
        "dev.taper.policies.cases",
        Set.of("dev.taper.policies"),
        "dev.taper.policies.format",
        Set.of(),
        "dev.taper.policies.lint",
        Set.of());
  }
}
