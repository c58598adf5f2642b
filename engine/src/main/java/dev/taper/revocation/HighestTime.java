package dev.taper.revocation;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps the latest time that a verifier's clock has shown, so that setting the clock back makes no
 * list younger. While the clock is behind that time, the time goes on with the process's own ticks,
 * which nobody can set: otherwise setting the clock back again and again would keep a list from
 * ageing. Thread-safe.
 *
 * <p>It counts whole seconds, so that a call in the same second as the one before costs one read.
 */
final class HighestTime {
  /** How far the ticks may differ from a correct clock before they count. */
  private static final long TOLERANCE_SECONDS = 60;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final LongSupplier ticks;
  private final AtomicReference<Mark> highest;

  private record Mark(long seconds, long ticks) {}

  /**
   * Starts without a time.
   *
   * @param ticks nanoseconds that only go forward, from anywhere
   */
  HighestTime(LongSupplier ticks) {
    this.ticks = ticks;
    this.highest = new AtomicReference<>(new Mark(0, ticks.getAsLong()));
  }

  /**
   * Takes note of the clock.
   *
   * @param seconds the time that it shows, in seconds since 1970
   * @return the latest time that it has shown, or should show by now
   */
  long observe(long seconds) {
    Mark mark = highest.get();
    if (seconds == mark.seconds()) {
      return seconds;
    }
    long now = ticks.getAsLong();
    long passed = mark.seconds() + (now - mark.ticks()) / NANOS_PER_SECOND - TOLERANCE_SECONDS;
    if (seconds > mark.seconds()) {
      Mark later = new Mark(Math.max(seconds, passed), now);
      return highest.accumulateAndGet(later, (a, b) -> a.seconds() > b.seconds() ? a : b).seconds();
    }
    return Math.max(mark.seconds(), passed);
  }
}
