package dev.taper.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * What tests need beside a JDK and Maven, such as programs. Without it a test is skipped and says
 * so, on a bare machine. Where {@code CI} is {@code true}, or the published test data lies beside
 * the checkout, it fails, unless {@code TAPER_LEAVE_OUT} names what is missing: names of needs with
 * commas between them.
 */
public final class Needed {
  private static final String LEAVE_OUT = "TAPER_LEAVE_OUT";

  private Needed() {}

  /**
   * True if a need must be there.
   *
   * @param what the need: its name, and after a space what else helps a reader
   */
  public static boolean isDemanded(String what) {
    return isDemanded(what, Files.isDirectory(SharedData.root()), System.getenv());
  }

  static boolean isDemanded(String what, boolean isDataThere, Map<String, String> environment) {
    List<String> leftOut = List.of(environment.getOrDefault(LEAVE_OUT, "").split(","));
    String name = what.replaceFirst(" .*", "");
    return (isDataThere || "true".equals(environment.get("CI"))) && !leftOut.contains(name);
  }

  /**
   * Goes on only if something is there.
   *
   * @param what its name, as in "nginx", and after a space what else helps a reader
   * @throws AssertionError if it is missing where it is demanded
   */
  public static void demand(boolean isThere, String what) {
    demand(isThere, what, isDemanded(what));
  }

  /** Goes on only if something is there, where the caller says whether it is demanded. */
  public static void demand(boolean isThere, String what, boolean isDemanded) {
    if (!isThere && isDemanded) {
      throw new AssertionError(what + " is missing: see .ci/needs");
    }
    Assumptions.assumeTrue(isThere, () -> what + " is missing");
  }

  /** Goes on only if the shell would find all of these programs. */
  public static void programs(String... programs) {
    for (String program : programs) {
      demand(has(program), program);
    }
  }

  /**
   * Goes on only if Node.js is there, and what a script of ours installs for it.
   *
   * @param modules where that script installs, a folder {@code node_modules}
   * @param packages of which these are there
   */
  public static void nodePackages(Path modules, String... packages) {
    programs("node");
    boolean areThere =
        List.of(packages).stream().allMatch(name -> Files.isDirectory(modules.resolve(name)));
    demand(areThere, "node-packages (" + modules.resolveSibling("install").normalize() + ")");
  }

  /**
   * Has a script demand its needs where tests demand them: it looks at {@code CI}.
   *
   * @param environment of the script
   * @param what the need
   * @return whether it is demanded
   */
  public static boolean demandIn(Map<String, String> environment, String what) {
    boolean isDemanded = isDemanded(what);
    environment.put("CI", String.valueOf(isDemanded));
    return isDemanded;
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
