package dev.taper.assurance;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the rules of the house; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return Harness.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of("dev.taper.assurance", Set.of());
  }
}
