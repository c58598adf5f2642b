package dev.taper.benchmarks.report;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs every cell that this JVM's signature backend can run, once, in this JVM. */
final class Smoke {
  private Smoke() {}

  /** Ends with an exception if one fails. */
  public static void main(String[] args) {
    String backend = args[0];
    String other = backend.equals("accp") ? "bouncycastle" : "accp";
    Set<Cell> cells = new LinkedHashSet<>(Plan.cellsOf(Figures.of("accp")));
    cells.addAll(Plan.cellsOf(Figures.of("bouncycastle")));
    cells.addAll(Plan.otherCells());
    PrintStream log = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    JmhRunner jmh = new JmhRunner(log, 0);
    int count = 0;
    for (Cell cell : cells) {
      // What does not depend on the backend need not run with each.
      boolean once = !cell.uses(backend) && backend.equals("accp");
      if (!cell.uses(other)
          && !once
          && !cell.isSlow()
          && !cell.benchmark().equals(WasmPeer.BENCHMARK)) {
        if (jmh.measure(small(cell), 0, 1, 1).micros().size() != 1) {
          throw new IllegalStateException("no sample of " + cell);
        }
        count++;
      }
    }
    if (count == 0) {
      throw new IllegalStateException("nothing ran");
    }
  }

  /** A list of millions of entries would need more memory than a build may have. */
  private static Cell small(Cell cell) {
    SortedMap<String, String> parameters = new TreeMap<>(cell.parameters());
    parameters.computeIfPresent("entries", (name, value) -> "10000");
    return new Cell(cell.benchmark(), parameters);
  }
}
