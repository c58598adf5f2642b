package dev.taper.assurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs Jazzer on one harness after the other, each in a process of its own: {@code Fuzz MODULE
 * SECONDS [HARNESS…]}. Ends with 1 if one of them found something, and leaves that in {@code
 * MODULE/target/fuzz/HARNESS/findings}.
 */
public final class Fuzz {
  private static final String DRIVER = "com.code_intelligence.jazzer.Jazzer";

  /**
   * Inputs name files and patterns on purpose here, and some harnesses ask a server of their own;
   * the laws say what may come of it.
   */
  private static final String NOT_OURS =
      "com.code_intelligence.jazzer.sanitizers.FilePathTraversal:"
          + "com.code_intelligence.jazzer.sanitizers.RegexInjection:"
          + "com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery";

  private Fuzz() {}

  /** Starts. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path module = Path.of(arguments[0]);
    String seconds = arguments[1];
    List<Harness> harnesses = List.of();
    try {
      harnesses = harnesses(arguments);
      if (!seconds.matches("[1-9][0-9]{0,8}")) { // Jazzer takes what is no number for no end
        throw new IllegalArgumentException("there is no time of '" + seconds + "' seconds");
      }
    } catch (IllegalArgumentException e) {
      System.out.println("fuzz: " + e.getMessage());
      System.exit(2);
    }
    List<String> found = new ArrayList<>();
    for (Harness harness : harnesses.isEmpty() ? List.of(Harness.values()) : harnesses) {
      System.out.println("fuzzing " + harness.folder() + " for " + seconds + " s");
      if (run(module, harness, seconds) != 0) {
        found.add(harness.folder());
      }
    }
    System.out.println(found.isEmpty() ? "nothing was found" : "something was found in " + found);
    System.exit(found.isEmpty() ? 0 : 1);
  }

  /** Those that are named behind the first two arguments. */
  private static List<Harness> harnesses(String... arguments) {
    return Arrays.stream(arguments)
        .skip(2)
        .flatMap(names -> Arrays.stream(names.split("[, ]+", -1)))
        .filter(name -> !name.isEmpty())
        .map(Harness::of)
        .toList();
  }

  private static int run(Path module, Harness harness, String seconds)
      throws IOException, InterruptedException {
    Path work = module.resolve("target/fuzz").resolve(harness.folder());
    Path met = Files.createDirectories(work.resolve("corpus"));
    Path findings = Files.createDirectories(work.resolve("findings"));
    Path log = work.resolve("log.txt");
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx1g",
                "-Xss1m",
                DRIVER,
                "--target_class=" + FuzzTarget.class.getName(),
                "--target_args=" + harness.folder(),
                "--instrumentation_includes=dev.taper.**",
                "--disabled_hooks=" + NOT_OURS,
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + seconds,
                "-max_len=4096",
                "-timeout=60",
                "-print_final_stats=1",
                met.toString(),
                module.resolve("corpus").resolve(harness.folder()).toString(),
                findings.toString()) // what broke a law before has to keep it now
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = jazzer.waitFor();
    List<String> lines = Files.readAllLines(log);
    for (String line : lines) {
      boolean summary = line.startsWith("stat::number_of_executed_units") || line.contains("Done ");
      if (summary || exit != 0) {
        System.out.println("  " + line);
      }
    }
    return exit;
  }
}
