package dev.taper.benchmarks.report;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The measurements of one run, and why some could not be made. Not thread-safe. */
final class Results {
  private final SortedMap<Cell, Measurement> measurements = new TreeMap<>();
  private final SortedMap<Cell, String> unavailable = new TreeMap<>();

  /** Adds what was measured of a cell to what was measured of it before. */
  void add(Cell cell, Measurement measurement) {
    measurements.merge(cell, measurement, Measurement::and);
  }

  /** Says why a cell cannot be measured here. */
  void addUnavailable(Cell cell, String reason) {
    unavailable.put(cell, reason);
  }

  /**
   * What was measured of a cell.
   *
   * @throws UnmeasuredException if it cannot be measured here
   * @throws IllegalStateException if it could have been, and was not
   */
  Measurement get(Cell cell) {
    String reason = unavailable.get(cell);
    if (reason != null) {
      throw new UnmeasuredException(reason);
    }
    Measurement measurement = measurements.get(cell);
    if (measurement == null || measurement.micros().isEmpty()) {
      throw new IllegalStateException("no result for " + cell);
    }
    return measurement;
  }

  boolean has(Cell cell) {
    return measurements.containsKey(cell);
  }

  SortedMap<Cell, Measurement> measurements() {
    return Collections.unmodifiableSortedMap(measurements);
  }
}
