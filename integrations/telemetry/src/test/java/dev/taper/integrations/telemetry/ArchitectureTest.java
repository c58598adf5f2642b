package dev.taper.integrations.telemetry;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the rooms; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return VerifierMeters.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of("dev.taper.integrations.telemetry", Set.of());
  }
}
