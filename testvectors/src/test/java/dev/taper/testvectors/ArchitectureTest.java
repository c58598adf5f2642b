package dev.taper.testvectors;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the packages; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return Vectors.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of("dev.taper.testvectors", Set.of());
  }
}
