package dev.taper.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Something computed from the measurements of one run; it knows what it needs. */
record Quantity(Set<Cell> cells, ToDoubleFunction<Results> formula) {
  /** The median time of a cell, in microseconds per operation. */
  static Quantity time(Cell cell) {
    return new Quantity(Set.of(cell), results -> results.get(cell).medianMicros());
  }

  /** Operations a second of that many threads; the cell has the time of one. */
  static Quantity rate(Cell cell, int threads) {
    return new Quantity(Set.of(cell), results -> threads * 1e6 / results.get(cell).medianMicros());
  }

  /** The median of the bytes that a cell allocates per operation. */
  static Quantity bytes(Cell cell) {
    return new Quantity(Set.of(cell), results -> results.get(cell).medianBytes());
  }

  /** The slope of the line through points, by least squares; each point is an x and its y. */
  static Quantity slope(List<Integer> x, List<Quantity> y) {
    Set<Cell> cells = new LinkedHashSet<>();
    y.forEach(quantity -> cells.addAll(quantity.cells()));
    return new Quantity(
        cells,
        results -> {
          List<Double> values = new ArrayList<>();
          y.forEach(quantity -> values.add(quantity.in(results)));
          return slopeOf(x, values);
        });
  }

  private static double slopeOf(List<Integer> x, List<Double> y) {
    double meanX = x.stream().mapToInt(Integer::intValue).average().orElseThrow();
    double meanY = y.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < x.size(); i++) {
      covariance += (x.get(i) - meanX) * (y.get(i) - meanY);
      variance += (x.get(i) - meanX) * (x.get(i) - meanX);
    }
    return covariance / variance;
  }

  /** This divided by another. */
  Quantity over(Quantity divisor) {
    Set<Cell> both = new LinkedHashSet<>(cells);
    both.addAll(divisor.cells);
    return new Quantity(both, results -> in(results) / divisor.in(results));
  }

  /** This without another. */
  Quantity less(Quantity other) {
    Set<Cell> both = new LinkedHashSet<>(cells);
    both.addAll(other.cells);
    return new Quantity(both, results -> in(results) - other.in(results));
  }

  /** This, that many times. */
  Quantity times(double factor) {
    return new Quantity(cells, results -> in(results) * factor);
  }

  /**
   * Its value.
   *
   * @throws UnmeasuredException if something it needs cannot be measured here
   * @throws IllegalStateException if something it needs was not measured
   */
  double in(Results results) {
    return formula.applyAsDouble(results);
  }
}
