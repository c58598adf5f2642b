package dev.taper.integrations.mcp;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the rooms; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.integrations.mcp";

  @Override
  protected Class<?> anchor() {
    return McpGuard.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(ROOT, Set.of(), ROOT + ".client", Set.of(ROOT), ROOT + ".server", Set.of(ROOT));
  }
}
