package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * One account of steps: it keeps how many are left. Charging is one subtraction and one comparison:
 * steps are taken from the total in portions, and the clock, which costs as much as ten steps, is
 * read once a portion. So the time limit is overrun by at most the longest portion.
 */
final class Budget {
  private static final int PORTION = 1024;

  private final long maxSteps;
  private final Stopwatch watch;
  private long reserve;
  private long portion;

  Budget(long maxSteps, Stopwatch watch) {
    this.maxSteps = maxSteps;
    this.watch = watch;
    this.portion = Math.min(PORTION, maxSteps);
    this.reserve = maxSteps - portion;
  }

  /** Makes a budget without limits, for work that the size of a service's own code bounds. */
  static Budget unlimited() {
    return new Budget(Long.MAX_VALUE, Stopwatch.stopped());
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
    watch.check();
  }

  void checkTime() {
    watch.check();
  }

  long stepsUsed() {
    return maxSteps - reserve - portion;
  }
}
