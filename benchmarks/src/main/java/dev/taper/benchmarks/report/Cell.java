package dev.taper.benchmarks.report;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One benchmark with a value for each of its parameters, measured by itself.
 *
 * @param benchmark class and method, such as {@code SignatureBenchmark.verify}
 * @param parameters the value of every parameter that the benchmark has
 */
record Cell(String benchmark, SortedMap<String, String> parameters) implements Comparable<Cell> {
  /**
   * A cell.
   *
   * @param benchmark class and method
   * @param parameters names and values in turn
   */
  static Cell of(String benchmark, Object... parameters) {
    SortedMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put(parameters[i].toString(), parameters[i + 1].toString());
    }
    return new Cell(benchmark, map);
  }

  /** True if Amazon Corretto Crypto Provider is needed. */
  boolean needsAccp() {
    return uses("accp");
  }

  /** True if one operation takes seconds, so that a few of them must do. */
  boolean isSlow() {
    return uses("biscuit-java")
        && ("1000".equals(parameters.get("edges"))
            || ("2000".equals(parameters.get("facts")) && "all".equals(parameters.get("join"))));
  }

  /**
   * True if one operation runs through so much code that the JIT compiler takes about six seconds
   * to be done with it.
   */
  boolean isDeep() {
    return benchmark.startsWith("HeldToken")
        || benchmark.startsWith("ColdToken")
        || benchmark.startsWith("Delegation")
        || benchmark.startsWith("Inspection")
        || benchmark.startsWith("Audit")
        || benchmark.startsWith("ContentionBenchmark.held");
  }

  /** True if a parameter names this backend, or a peer with it. */
  boolean uses(String name) {
    return parameters.containsValue(name) || parameters.containsValue("taper-" + name);
  }

  @Override
  public int compareTo(Cell other) {
    return toString().compareTo(other.toString());
  }

  /** As in {@code SignatureBenchmark.verify backend=accp}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(benchmark);
    parameters.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    return text.toString();
  }
}
