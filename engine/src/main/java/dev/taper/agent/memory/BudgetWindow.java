package dev.taper.agent.memory;

import java.time.Duration;
import java.time.Instant;

/**
 * Cuts time into parts, so that a window is counted in a bounded number of them. A charge counts
 * until the end of its part and the window's length have passed: so a window of that length never
 * holds more than its limit, and what is charged may count up to a sixtieth longer than it would
 * have to. Immutable and thread-safe.
 *
 * @param part the length of a part, in milliseconds
 * @param parts how many parts count at a time, the current one included
 */
public record BudgetWindow(long part, int parts) {
  /** Into how many parts a window is cut. */
  public static final int PARTS = 60;

  /** The parts of a window. */
  public static BudgetWindow of(Duration window) {
    long millis = window.toMillis();
    long part = Math.max(1, (millis + PARTS - 1) / PARTS);
    return new BudgetWindow(part, (int) ((millis + part - 1) / part) + 1);
  }

  /** From when on nothing of a part counts. */
  public Instant end(long number) {
    return Instant.ofEpochMilli((number + parts) * part);
  }

  /** The number of the part that a time falls into. */
  public long at(Instant time) {
    return Math.floorDiv(time.toEpochMilli(), part);
  }
}
