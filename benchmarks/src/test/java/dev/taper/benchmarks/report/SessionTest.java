package dev.taper.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final Plan MOMENT = new Plan(1, 0, 0, 1, 1, false);

  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
  private final Results results = new Results();

  private boolean run(Figure... figures) {
    // Another build on the same machine may run benchmarks at the same time.
    System.setProperty("jmh.ignoreLock", "true");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Session session =
        new Session(
            new JmhRunner(nowhere, 0),
            new WasmPeer(null),
            new PrintStream(progress, true, StandardCharsets.UTF_8));
    session.run(MOMENT, List.of(figures), results);
    return session.hasFailed();
  }

  private static Figure figure(Cell cell) {
    return new Figure("name", "us", Goal.atMost(1e12), "what", Quantity.time(cell));
  }

  @Test
  void run_benchmark_isMeasured() {
    Figure figure = figure(Cell.of("InspectionBenchmark.inspect", "blocks", 1));
    assertThat(run(figure)).isFalse();
    Figure.Judged judged = figure.judge(results);
    assertThat(judged.result()).isEqualTo(GoalResult.HOLDS);
    assertThat(judged.value()).isPositive();
  }

  @Test
  void run_benchmarkThatFails_failsAndMeasuresTheOthers() {
    Figure good = figure(Cell.of("InspectionBenchmark.inspect", "blocks", 1));
    Figure unknown = figure(Cell.of("NoBenchmark.run"));
    Figure bad = figure(Cell.of("InspectionBenchmark.inspect", "blocks", 100));
    Figure ambiguous = figure(Cell.of("InspectionBenchmark.inspect"));
    assertThat(run(unknown, bad, ambiguous, good)).isTrue();
    for (Figure failed : List.of(unknown, bad, ambiguous)) {
      assertThat(failed.judge(results).result()).isEqualTo(GoalResult.UNMEASURED);
    }
    assertThat(good.judge(results).result()).isEqualTo(GoalResult.HOLDS);
    assertThat(progress.toString(StandardCharsets.UTF_8)).contains("FAILED: NoBenchmark.run");
  }

  @Test
  void run_peerThatIsNotThere_isNoFailure() {
    Figure wasm = figure(Figures.wasm(3));
    assertThat(run(wasm)).isFalse();
    assertThat(wasm.judge(results).note()).isEqualTo("no Node.js with biscuit-wasm here");
  }
}
