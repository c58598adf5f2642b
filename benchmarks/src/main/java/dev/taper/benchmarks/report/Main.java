package dev.taper.benchmarks.report;

import dev.taper.crypto.SignatureBackend;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the benchmarks and prints the figures; started by {@code benchmarks/run}. Ends with 0 when
 * everything was measured, whatever the figures say, with 2 for a wrong option, and with 1 if a
 * benchmark fails.
 */
public final class Main {
  private static final String USAGE =
      """
      Usage: benchmarks/run [--quick] [--json FILE] [--publish] [FIGURE...]
        --quick      only what the figures need, for a first impression
        --json FILE  also writes everything, with all samples, to FILE
        --publish    also writes the results and the plot into benchmarks/
        FIGURE       measures this figure and other named ones alone, such as findings
      """;

  private Main() {}

  /** Measures, and prints to standard output; progress goes to standard error. */
  public static void main(String[] args) throws IOException {
    Options options = Options.parse(List.of(args));
    if (options == null) {
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    String wasmScript = System.getProperty("taper.benchmarks.wasm", "");
    WasmPeer wasm = new WasmPeer(wasmScript.isEmpty() ? null : Path.of(wasmScript));
    Plan plan = options.quick() ? Plan.QUICK : Plan.FULL;
    List<Figure> figures = Figures.of(SignatureBackend.preferred().name());
    if (!options.figures().isEmpty()) {
      plan = plan.ofFiguresAlone();
      figures = options.choose(figures);
    }
    if (figures.isEmpty()) {
      System.err.println(
          "there is no such figure; the table in benchmarks/README.md has all names");
      System.exit(2);
      return;
    }
    Map<String, String> machine =
        Machine.describe(Clock.systemUTC(), options.quick() ? "quick" : "full", wasm);
    Path folder = Path.of(System.getProperty("taper.benchmarks.folder", "benchmarks"));
    Results results = new Results();
    boolean failed;
    try (PrintStream log =
        new PrintStream(
            Files.newOutputStream(folder.resolve("target/jmh.log")),
            true,
            StandardCharsets.UTF_8)) {
      Session session = new Session(new JmhRunner(log, 1), wasm, System.err);
      session.run(plan, figures, results);
      failed = session.hasFailed();
    }
    List<Figure.Judged> all = new ArrayList<>();
    figures.forEach(figure -> all.add(figure.judge(results)));
    System.out.print(Table.of(machine, all, results));
    if (options.json() != null) {
      Files.writeString(options.json(), JsonReport.of(machine, all, results));
    }
    if (options.publish()) {
      Publication.write(folder, machine, all, results);
    }
    if (failed) {
      System.err.println("a benchmark failed; what JMH says about it is in target/jmh.log");
      System.exit(1);
    }
  }

  /**
   * The options.
   *
   * @param quick only what the figures need
   * @param json where to write JSON, or null
   * @param publish whether to write the results into the folder
   * @param figures the names of those that are measured alone; empty for all
   */
  record Options(boolean quick, @Nullable Path json, boolean publish, Set<String> figures) {
    /** The options, or null if one is unknown or lacks its value. */
    static @Nullable Options parse(List<String> args) {
      Set<String> flags = new LinkedHashSet<>();
      Set<String> figures = new LinkedHashSet<>();
      Path json = null;
      for (int i = 0; i < args.size(); i++) {
        switch (args.get(i)) {
          case "--quick", "--publish" -> flags.add(args.get(i));
          case "--json" -> {
            i++;
            if (i == args.size()) {
              return null;
            }
            json = Path.of(args.get(i));
          }
          default -> {
            if (args.get(i).startsWith("-")) {
              return null;
            }
            figures.add(args.get(i));
          }
        }
      }
      boolean publish = flags.contains("--publish");
      return publish && !figures.isEmpty() // what is published is all of it
          ? null
          : new Options(flags.contains("--quick"), json, publish, figures);
    }

    /** The figures that are named; empty if there is none of a name. */
    List<Figure> choose(List<Figure> all) {
      List<Figure> chosen = all.stream().filter(each -> figures.contains(each.name())).toList();
      return chosen.size() == figures.size() ? chosen : List.of();
    }
  }
}
