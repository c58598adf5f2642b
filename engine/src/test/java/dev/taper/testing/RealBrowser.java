package dev.taper.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What tests of pages need: Debian's Chromium, and the modules that drive it and look for faults.
 */
public final class RealBrowser {
  /** Where the modules are, from the folder of any module of ours. */
  public static final Path MODULES = Path.of("../operations/src/test/node/node_modules");

  private static final String NEEDED =
      "Debian's chromium, and what operations/src/test/node/install installs";

  private RealBrowser() {}

  /** Skips a test where it is not there; fails it instead in CI, and beside the shared data. */
  public static void demand() {
    String named = System.getenv("CHROMIUM");
    boolean isThere =
        Stream.of("playwright-core", "axe-core")
                .allMatch(module -> Files.isDirectory(MODULES.resolve(module)))
            && Files.isExecutable(Path.of(named == null ? "/usr/bin/chromium" : named));
    Needed.demand(isThere, NEEDED);
  }
}
