package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Measures the time that is left; only time between {@link #start} and {@link #stop} counts. */
final class Stopwatch {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final long maxNanos;
  private final LongSupplier ticker;
  private long spentNanos;
  private long startNanos;

  Stopwatch(Duration maxTime, LongSupplier ticker) {
    this.maxNanos = nanos(maxTime);
    this.ticker = ticker;
  }

  /** Makes a stopwatch that never runs out. */
  static Stopwatch stopped() {
    return new Stopwatch(LONGEST, () -> 0);
  }

  /** Returns a time in nanoseconds, at most the greatest long. */
  static long nanos(Duration time) {
    return time.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : time.toNanos();
  }

  /** Subtracts time that was spent before. */
  void spend(Duration time) {
    spentNanos = sum(spentNanos, nanos(time));
  }

  void start() {
    startNanos = ticker.getAsLong();
  }

  void pause() {
    spentNanos = untilNow();
  }

  private long untilNow() {
    return sum(spentNanos, Math.max(0, ticker.getAsLong() - startNanos));
  }

  /** Adds two times; a sum that no long holds would turn into one that no limit forbids. */
  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Stops, and fails if the time has run out. */
  void stop() {
    pause();
    if (spentNanos >= maxNanos) {
      throw timeout();
    }
  }

  void check() {
    if (untilNow() >= maxNanos) {
      throw timeout();
    }
  }

  private TaperException timeout() {
    return new TaperException(
        ErrorCode.TIMEOUT, "evaluation took longer than " + maxNanos / 1_000_000 + " ms");
  }

  long spentNanos() {
    return spentNanos;
  }
}
