package dev.taper.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What was measured of a cell.
 *
 * @param micros microseconds per operation, a sample for every iteration, in order of time
 * @param bytes bytes allocated per operation, likewise; empty if that is not known
 */
record Measurement(List<Double> micros, List<Double> bytes) {
  Measurement {
    micros = List.copyOf(micros);
    bytes = List.copyOf(bytes);
  }

  /** Joins this one and a later one of its cell. */
  Measurement and(Measurement later) {
    return new Measurement(joined(micros, later.micros), joined(bytes, later.bytes));
  }

  private static List<Double> joined(List<Double> first, List<Double> second) {
    List<Double> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  double medianMicros() {
    return median(micros);
  }

  double medianBytes() {
    return median(bytes);
  }

  /** Half the distance between the quartiles, in microseconds: how much the samples scatter. */
  double scatter() {
    List<Double> sorted = sorted(micros);
    int quarter = sorted.size() / 4;
    return (sorted.get(sorted.size() - 1 - quarter) - sorted.get(quarter)) / 2;
  }

  static double median(List<Double> samples) {
    List<Double> sorted = sorted(samples);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static List<Double> sorted(List<Double> samples) {
    List<Double> sorted = new ArrayList<>(samples);
    Collections.sort(sorted);
    return sorted;
  }
}
