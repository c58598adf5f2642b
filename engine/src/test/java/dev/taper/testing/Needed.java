package dev.taper.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * What tests need beside a JDK, such as programs. Only a clone from outside, whose owner installs
 * nothing, may be without: there, such tests are skipped and say so. Where {@code CI} is {@code
 * true}, or the shared test data is there, they fail.
 */
public final class Needed {
  private Needed() {}

  /** True unless this may be a clone from outside. */
  public static boolean isDemanded() {
    return Files.isDirectory(SharedData.root()) || "true".equals(System.getenv("CI"));
  }

  /**
   * Goes on only if something is there.
   *
   * @param what it is, as in "nginx"
   * @throws AssertionError if it is missing where it is demanded
   */
  public static void demand(boolean isThere, String what) {
    demand(isThere, what, isDemanded());
  }

  /** The same, where somebody else says whether it is demanded. */
  public static void demand(boolean isThere, String what, boolean isDemanded) {
    if (!isThere && isDemanded) {
      throw new AssertionError(what + " is missing: see .ci/run");
    }
    Assumptions.assumeTrue(isThere, () -> "skipped: " + what + " is missing, see CONTRIBUTING.md");
  }

  /**
   * Where a program is.
   *
   * @param places where it may be, as whole paths
   * @param what installs it
   */
  public static String program(List<String> places, String what) {
    String found = places.stream().filter(Needed::isExecutable).findFirst().orElse("");
    demand(!found.isEmpty(), what);
    return found;
  }

  /** True if the shell would find such a program. */
  public static boolean has(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isExecutable(String program) {
    return Files.isExecutable(Path.of(program));
  }
}
