package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The steps and the time that are left. Charging is one subtraction and one comparison: steps are
 * taken from the total in portions, and the clock, which costs as much as ten steps, is read once a
 * portion. Hence the time limit is overrun by at most the longest portion.
 */
final class Budget {
  private static final int PORTION = 1024;
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final long maxSteps;
  private final long maxNanos;
  private final LongSupplier ticker;
  private long reserve;
  private long portion;
  private long spentNanos;
  private long startNanos;

  Budget(RunLimits limits, LongSupplier ticker, long spentNanos) {
    this.maxSteps = limits.maxSteps();
    this.maxNanos = nanos(limits.maxTime());
    this.ticker = ticker;
    this.reserve = maxSteps;
    this.spentNanos = spentNanos;
  }

  /** A time in nanoseconds, at most the greatest long. */
  static long nanos(Duration time) {
    return time.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : time.toNanos();
  }

  /** Starts the clock; only time between this and {@link #stop} counts. */
  void start() {
    startNanos = ticker.getAsLong();
  }

  /** Stops the clock, and reports if it was too late. */
  void stop() {
    spentNanos += Math.max(0, ticker.getAsLong() - startNanos);
    if (spentNanos >= maxNanos) {
      throw timeout();
    }
  }

  void charge(long steps) {
    if ((portion -= steps) < 0) {
      refill();
    }
  }

  private void refill() {
    reserve += portion;
    portion = 0;
    if (reserve < 0) {
      reserve = 0;
      throw new TaperException(
          ErrorCode.TOO_MUCH_WORK, "evaluation needs more than " + maxSteps + " steps");
    }
    portion = Math.min(PORTION, reserve);
    reserve -= portion;
    checkTime();
  }

  void checkTime() {
    if (spentNanos + Math.max(0, ticker.getAsLong() - startNanos) >= maxNanos) {
      throw timeout();
    }
  }

  private TaperException timeout() {
    return new TaperException(
        ErrorCode.TIMEOUT, "evaluation took longer than " + maxNanos / 1_000_000 + " ms");
  }

  long stepsUsed() {
    return maxSteps - reserve - portion;
  }

  long spentNanos() {
    return spentNanos;
  }
}
