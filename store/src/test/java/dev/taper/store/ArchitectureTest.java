package dev.taper.store;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the packages; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return Database.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(
        "dev.taper.store.sql",
        Set.of(),
        "dev.taper.store",
        Set.of("dev.taper.store.sql"),
        "dev.taper.store.registry",
        Set.of("dev.taper.store", "dev.taper.store.sql"));
  }
}
