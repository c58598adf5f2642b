package dev.taper.benchmarks.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures a cell with JMH in a JVM of its own, with allocations. */
final class JmhRunner {
  private static final String UNIT = "us/op";

  /** What a benchmark computes itself, of calls of several kinds in turn, in microseconds. */
  private static final String OWN = "overheadMicros";

  private static final String BYTES = "gc.alloc.rate.norm";

  private final PrintStream log;
  private final int forks;

  /**
   * A runner.
   *
   * @param log where JMH writes what it does
   * @param forks 1, or 0 to run in this JVM, which only shows that a benchmark works
   */
  JmhRunner(PrintStream log, int forks) {
    this.log = log;
    this.forks = forks;
  }

  /**
   * Measures a cell.
   *
   * @throws IllegalStateException if the benchmark fails, is unknown, or has parameters that the
   *     cell does not name
   */
  Measurement measure(Cell cell, int warmUps, int iterations, int millis) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + Pattern.quote(cell.benchmark()) + "$")
            .forks(forks)
            .warmupIterations(warmUps)
            .warmupTime(TimeValue.milliseconds(millis))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.milliseconds(millis))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true);
    cell.parameters().forEach((name, value) -> options.param(name, value));
    Collection<RunResult> results;
    try {
      results =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
              .run();
    } catch (RunnerException e) {
      throw new IllegalStateException(cell + " failed", e);
    }
    if (results.size() != 1) {
      throw new IllegalStateException(cell + " is not one benchmark, but " + results.size());
    }
    return measurement(cell, results.iterator().next());
  }

  private static Measurement measurement(Cell cell, RunResult run) {
    List<Double> micros = new ArrayList<>();
    List<Double> bytes = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> time = iteration.getPrimaryResult();
        if (!time.getScoreUnit().equals(UNIT)) {
          throw new IllegalStateException(cell + " is measured in " + time.getScoreUnit());
        }
        Result<?> own = iteration.getSecondaryResults().get(OWN);
        micros.add((own == null ? time : own).getScore());
        Result<?> allocated = iteration.getSecondaryResults().get(BYTES);
        if (allocated != null) {
          bytes.add(allocated.getScore());
        }
      }
    }
    return new Measurement(micros, bytes);
  }
}
