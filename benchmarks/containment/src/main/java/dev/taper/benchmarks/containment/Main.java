package dev.taper.benchmarks.containment;

import dev.taper.benchmarks.containment.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * Replays the whole corpus and prints what came out; started by {@code benchmarks/containment/run}.
 * Ends with 0 if the goals hold, with 1 if one is missed or the figures differ from those of a
 * plain evaluation, and with 2 for a wrong option.
 */
public final class Main {
  private static final String USAGE =
      """
      Usage: benchmarks/containment/run [--publish]
        --publish  also writes the results and the plot into docs/
      """;

  private Main() {}

  /** Prints to standard output; progress goes to standard error. */
  public static void main(String[] args) throws IOException {
    List<String> options = List.of(args);
    if (!options.isEmpty() && !options.equals(List.of("--publish"))) {
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    Path root = Path.of(System.getProperty("taper.root", "."));
    Path shared = Path.of(System.getProperty("taper.shared", root.resolve("../shared").toString()));
    Corpus corpus = Corpus.read(shared.resolve("data").resolve("agentdojo"));
    List<Tally> tallies =
        new Experiment(Clock.systemUTC(), line -> System.err.println("containment: " + line))
            .run(corpus);
    Report report = new Report(tallies, corpus);
    System.out.print(report.text());
    if (!options.isEmpty()) {
      Publication.write(root.resolve("docs"), report);
    }
    if (!report.holds()) {
      System.exit(1);
    }
  }
}
