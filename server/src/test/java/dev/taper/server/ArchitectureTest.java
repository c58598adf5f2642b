package dev.taper.server;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the rooms; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.server";
  private static final String PROCESS = ROOT + ".process";
  private static final String LISTENER = ROOT + ".listener";
  private static final String KEEPER = ROOT + ".keeper";

  @Override
  protected Class<?> anchor() {
    return Main.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.of(
        ROOT,
        Set.of(PROCESS, LISTENER, KEEPER),
        PROCESS,
        Set.of(),
        LISTENER,
        Set.of(PROCESS),
        KEEPER,
        Set.of(PROCESS, LISTENER));
  }
}
