package dev.taper.revocation;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps the latest time that a verifier's clock has shown, so that setting the clock back makes no
 * list younger. From the moment at which the clock was furthest ahead, time goes on with the
 * process's own ticks, which nobody can set: otherwise setting the clock back again and again would
 * keep a list from ageing, be it a second in each second. Thread-safe.
 */
final class HighestTime {
  /** How far the ticks may differ from a correct clock, all in all, before they count. */
  private static final long TOLERANCE_SECONDS = 60;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final LongSupplier ticks;
  private final AtomicReference<Mark> highest;

  /**
   * What is known of the clock.
   *
   * @param latest the latest time that it has shown
   * @param seconds what it showed when it was furthest ahead of the ticks
   * @param ticks when that was
   */
  private record Mark(long latest, long seconds, long ticks) {
    /** What the clock should show, if it had gone on by the ticks; never before the latest. */
    long at(long now) {
      return seconds + (now - ticks) / NANOS_PER_SECOND;
    }

    Mark shown(long time, long now) {
      return time > at(now)
          ? new Mark(Math.max(latest, time), time, now)
          : new Mark(Math.max(latest, time), seconds, ticks);
    }
  }

  /**
   * Starts without a time.
   *
   * @param ticks nanoseconds that only go forward, from anywhere
   */
  HighestTime(LongSupplier ticks) {
    this.ticks = ticks;
    this.highest = new AtomicReference<>(new Mark(0, 0, ticks.getAsLong()));
  }

  /**
   * Takes note of the clock.
   *
   * @param seconds the time that it shows, in seconds since 1970
   * @return the latest time that it has shown, or should show by now
   */
  long observe(long seconds) {
    long now = ticks.getAsLong();
    Mark mark = highest.get();
    if (seconds > mark.latest) {
      mark = highest.updateAndGet(before -> before.shown(seconds, now));
    }
    return Math.max(mark.latest, mark.at(now) - TOLERANCE_SECONDS);
  }
}
