package dev.taper.assurance;

import dev.taper.assurance.world.Simulate;
import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the rules of the house; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return Simulate.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(
        "dev.taper.assurance.model",
        Set.of(),
        "dev.taper.assurance.world",
        Set.of("dev.taper.assurance.world.disk"),
        "dev.taper.assurance.world.disk",
        Set.of());
  }
}
