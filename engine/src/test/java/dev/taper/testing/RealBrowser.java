package dev.taper.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What tests of pages need: Debian's Chromium, and the modules that drive it and look for faults.
 */
public final class RealBrowser {
  /** Where the modules are, from the folder of any module of ours. */
  public static final Path MODULES = Path.of("../operations/src/test/node/node_modules");

  private RealBrowser() {}

  /** Skips a test where it is not there; fails it instead in CI, and beside the shared data. */
  public static void demand() {
    String named = System.getenv("CHROMIUM");
    boolean isThere = Files.isExecutable(Path.of(named == null ? "/usr/bin/chromium" : named));
    Needed.demand(isThere, "chromium");
    Needed.nodePackages(MODULES, "playwright-core", "axe-core");
  }
}
