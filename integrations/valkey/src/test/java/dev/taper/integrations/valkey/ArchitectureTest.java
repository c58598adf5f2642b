package dev.taper.integrations.valkey;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the rooms; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  @Override
  protected Class<?> anchor() {
    return ValkeyStore.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    String room = "dev.taper.integrations.valkey";
    return Map.of(room, Set.of(room + ".answer"), room + ".answer", Set.of());
  }
}
