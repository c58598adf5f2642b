package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;

/**
 * The limits of one evaluation. Immutable and thread-safe.
 *
 * @param maxFacts deriving facts stops with {@link ErrorCode#TOO_MANY_FACTS} as soon as this many
 *     exist after a round that added some
 * @param maxIterations rounds of rule application; the round with this number ends with {@link
 *     ErrorCode#TOO_MANY_ITERATIONS} if it still adds facts
 * @param maxSteps candidate facts tried and operations evaluated, where large values count
 *     proportionally; more steps end with {@link ErrorCode#TOO_MUCH_WORK}
 * @param maxTime time spent evaluating, by the wall clock; more time ends with {@link
 *     ErrorCode#TIMEOUT}. By default {@link #NO_TIME_LIMIT}: a thread that had to wait for its turn
 *     on a busy machine did no more work than another one, which the steps count
 */
public record RunLimits(int maxFacts, int maxIterations, long maxSteps, Duration maxTime) {
  /** More time than any evaluation takes: 2^63 - 1 nanoseconds. */
  public static final Duration NO_TIME_LIMIT = Duration.ofNanos(Long.MAX_VALUE);

  // The facts and iterations are those of the reference implementation. Its time limit, 1 ms, would
  // be hit by a JVM that has not compiled its code yet; the steps bound work independent of time.
  private static final RunLimits DEFAULTS = new RunLimits(1_000, 100, 1_000_000, NO_TIME_LIMIT);

  /**
   * Checks the limits.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is not positive
   */
  public RunLimits {
    if (maxFacts <= 0 || maxIterations <= 0 || maxSteps <= 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "run limits must be positive");
    }
    if (maxTime.isNegative() || maxTime.isZero()) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the time limit must be positive");
    }
  }

  /** Returns the default limits: 1,000 facts, 100 iterations, 1,000,000 steps, no limit of time. */
  public static RunLimits defaults() {
    return DEFAULTS;
  }

  /** Returns these limits with another number of facts. */
  public RunLimits withMaxFacts(int newMaxFacts) {
    return new RunLimits(newMaxFacts, maxIterations, maxSteps, maxTime);
  }

  /** Returns these limits with another number of iterations. */
  public RunLimits withMaxIterations(int newMaxIterations) {
    return new RunLimits(maxFacts, newMaxIterations, maxSteps, maxTime);
  }

  /** Returns these limits with another number of steps. */
  public RunLimits withMaxSteps(long newMaxSteps) {
    return new RunLimits(maxFacts, maxIterations, newMaxSteps, maxTime);
  }

  /** Returns these limits with another time. */
  public RunLimits withMaxTime(Duration newMaxTime) {
    return new RunLimits(maxFacts, maxIterations, maxSteps, newMaxTime);
  }
}
