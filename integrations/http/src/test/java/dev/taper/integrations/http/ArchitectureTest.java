package dev.taper.integrations.http;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the rooms; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.integrations.http";

  @Override
  protected Class<?> anchor() {
    return HttpGuard.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(
        ROOT,
        Set.of(),
        ROOT + ".client",
        Set.of(ROOT),
        ROOT + ".jdk",
        Set.of(ROOT),
        ROOT + ".servlet",
        Set.of(ROOT));
  }
}
