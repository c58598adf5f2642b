package dev.taper.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is measured, in which order, and how long.
 *
 * @param rounds how often the cells of the figures are measured, each time in a new JVM
 * @param warmUps iterations before the measurement
 * @param deepWarmUps iterations before the measurement of cells that take long to warm up
 * @param iterations iterations of the measurement
 * @param millis the length of an iteration
 * @param everything whether the cells that no figure needs are measured too, once
 */
record Plan(
    int rounds, int warmUps, int deepWarmUps, int iterations, int millis, boolean everything) {
  /** For a first impression. */
  static final Plan QUICK = new Plan(1, 6, 16, 5, 400, false);

  /** For the record. */
  static final Plan FULL = new Plan(2, 5, 10, 5, 700, true);

  private static final int SLOW_WARM_UPS = 1;
  private static final int SLOW_ITERATIONS = 2;

  /** Without the cells that no figure needs. */
  Plan ofFiguresAlone() {
    return new Plan(rounds, warmUps, deepWarmUps, iterations, millis, false);
  }

  /** Iterations before the measurement of a cell. */
  int warmUps(Cell cell) {
    if (cell.isSlow()) {
      return SLOW_WARM_UPS;
    }
    return cell.isDeep() ? deepWarmUps : warmUps;
  }

  /** Iterations of the measurement of a cell. */
  int iterations(Cell cell) {
    return cell.isSlow() ? SLOW_ITERATIONS : iterations;
  }

  /** One Ed25519 verification: the unit of many figures. */
  static Cell verification(String backend) {
    return Cell.of("SignatureBenchmark.verify", "backend", backend);
  }

  /**
   * What one round measures for figures; the verification of signatures also in the middle and at
   * the end.
   */
  static List<Cell> cellsOf(List<Figure> figures) {
    Set<Cell> cells = new LinkedHashSet<>();
    figures.forEach(figure -> cells.addAll(figure.quantity().cells()));
    List<Cell> units = new ArrayList<>();
    for (String backend : List.of("accp", "bouncycastle")) {
      if (cells.remove(verification(backend))) {
        units.add(verification(backend));
      }
    }
    List<Cell> others = new ArrayList<>(cells);
    List<Cell> order = new ArrayList<>(units);
    order.addAll(others.subList(0, others.size() / 2));
    order.addAll(units);
    order.addAll(others.subList(others.size() / 2, others.size()));
    order.addAll(units);
    return order;
  }

  /** The cells that no figure needs: other sizes, backends and subjects, and the plot. */
  static Set<Cell> otherCells() {
    Set<Cell> cells = new LinkedHashSet<>();
    for (String backend : List.of("accp", "bouncycastle")) {
      for (int blocks : List.of(1, 3, 8, 20)) {
        cells.add(Figures.held(backend, blocks, "new"));
        cells.add(Figures.held(backend, blocks, "known"));
      }
      cells.add(Figures.held(backend, 3, "new-uncached"));
      cells.add(Figures.held(backend, 3, "new-by-known-keys"));
      cells.add(Figures.held(backend, 3, "known-by-known-keys"));
      cells.add(Cell.of("SignatureBenchmark.verifyKnownKey", "backend", backend));
      cells.add(Cell.of("P256Benchmark.verify", "backend", backend));
      cells.add(Cell.of("P256Benchmark.verifyNewKey", "backend", backend));
      cells.add(Cell.of("ProofBenchmark.make", "backend", backend));
      cells.add(Cell.of("ProofBenchmark.check", "backend", backend));
      cells.add(Cell.of("DelegationBenchmark.mint", "backend", backend, "blocks", 1));
      cells.add(Cell.of("DelegationBenchmark.delegate", "backend", backend, "blocks", 20));
      cells.add(Cell.of("JwtBenchmark.verify", "backend", backend));
      cells.add(Cell.of("FindingsBenchmark.deny", "backend", backend));
    }
    cells.add(Cell.of("TelemetryBenchmark.tell", "told", "spans"));
    cells.add(Cell.of("ScanBenchmark.pass", "kind", "objects"));
    for (int blocks : List.of(0, 1, 3, 7)) {
      cells.add(Figures.wasm(blocks));
      cells.add(
          Cell.of("WarmTokenBenchmark.authorize", "backend", "bouncycastle", "blocks", blocks));
      for (String peer : List.of("taper-accp", "taper-bouncycastle", "biscuit-java")) {
        cells.add(Figures.cold(peer, blocks));
      }
    }
    for (String peer : List.of("taper-accp", "biscuit-java")) {
      cells.add(
          Cell.of("ColdTokenBenchmark.authorize", "authorizer", "text", "blocks", 3, "peer", peer));
    }
    for (int blocks : List.of(1, 3, 8, 20)) {
      cells.add(Cell.of("InspectionBenchmark.inspect", "blocks", blocks));
    }
    for (int policies : List.of(1, 100, 500)) {
      cells.add(Cell.of("PolicyBenchmark.authorize", "policies", policies));
    }
    for (String peer : List.of("taper", "biscuit-java")) {
      cells.add(Figures.closure(peer, "sparse", 100));
      for (int facts : List.of(200, 2000)) {
        for (String join : List.of("point", "all")) {
          cells.add(Cell.of("JoinBenchmark.join", "facts", facts, "join", join, "peer", peer));
        }
      }
    }
    return cells;
  }
}
