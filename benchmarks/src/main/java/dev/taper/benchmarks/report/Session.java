package dev.taper.benchmarks.report;

import dev.taper.crypto.SignatureBackend;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures what a plan asks for. */
final class Session {
  private final JmhRunner jmh;
  private final WasmPeer wasm;
  private final PrintStream progress;
  private final boolean accp;
  private boolean failed;

  Session(JmhRunner jmh, WasmPeer wasm, PrintStream progress) {
    this.jmh = jmh;
    this.wasm = wasm;
    this.progress = progress;
    this.accp = SignatureBackend.available().stream().anyMatch(b -> b.name().equals("accp"));
  }

  /**
   * Measures the cells of all figures in rounds, so that a machine that changes its speed does so
   * for all of them, and the other cells once.
   */
  void run(Plan plan, List<Figure> figures, Results results) {
    List<Cell> rounds = Plan.cellsOf(figures);
    Set<Cell> others = new LinkedHashSet<>(plan.everything() ? Plan.otherCells() : Set.of());
    rounds.forEach(others::remove);
    int total = plan.rounds() * rounds.size() + others.size();
    int done = 0;
    for (int round = 0; round < plan.rounds(); round++) {
      for (Cell cell : rounds) {
        // Operations that take seconds are measured well enough once.
        if (!cell.isSlow() || round == 0) {
          measure(cell, plan, results, ++done, total);
        }
      }
    }
    for (Cell cell : others) {
      measure(cell, plan, results, ++done, total);
    }
  }

  private void measure(Cell cell, Plan plan, Results results, int number, int total) {
    String reason = unavailable(cell);
    if (reason != null) {
      results.addUnavailable(cell, reason);
      return;
    }
    progress.printf("[%d/%d] %s%n", number, total, cell);
    int warmUps = plan.warmUps(cell);
    int iterations = plan.iterations(cell);
    try {
      results.add(
          cell,
          cell.benchmark().equals(WasmPeer.BENCHMARK)
              ? wasm.measure(cell, warmUps, iterations, plan.millis())
              : jmh.measure(cell, warmUps, iterations, plan.millis()));
    } catch (IllegalStateException e) {
      // The others are still worth having; the run as a whole has failed.
      progress.println("FAILED: " + e.getMessage());
      results.addUnavailable(cell, "the benchmark failed");
      failed = true;
    }
  }

  /** True if a benchmark failed. */
  boolean hasFailed() {
    return failed;
  }

  private @Nullable String unavailable(Cell cell) {
    if (cell.benchmark().equals(WasmPeer.BENCHMARK) && !wasm.isAvailable()) {
      return "no Node.js with biscuit-wasm here";
    }
    if (cell.needsAccp() && !accp) {
      return "no ACCP for this platform";
    }
    return null;
  }
}
