package dev.taper.datalog.engine;

import dev.taper.datalog.RunLimits;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps what is left of the steps and the time for all evaluations that draw on it, such as those
 * of one decision. It has one account of steps, or two separate ones: work that the blocks of a
 * token ask for is charged to the token's account, work for the service's own facts, rules, checks
 * and policies to the service's. So neither can use up what the other needs, nor find out how much
 * that is. The time is shared. For one thread.
 */
public final class Accounts {
  private final RunLimits limits;
  final Stopwatch watch;
  final Budget token;
  final Budget service;

  private Accounts(RunLimits limits, LongSupplier ticker, boolean separate) {
    this.limits = limits;
    this.watch = new Stopwatch(limits.maxTime(), ticker);
    this.token = new Budget(limits.maxSteps(), watch);
    this.service = separate ? new Budget(limits.maxSteps(), watch) : token;
  }

  /**
   * Makes one account for a token and a service together.
   *
   * @param limits how many steps and how much time there is
   */
  public static Accounts of(RunLimits limits) {
    return new Accounts(limits, System::nanoTime, false);
  }

  /**
   * Makes two accounts, one for the token and one for the service.
   *
   * @param limits how many steps each has, and how much time there is for both
   */
  public static Accounts separate(RunLimits limits) {
    return new Accounts(limits, System::nanoTime, true);
  }

  static Accounts of(RunLimits limits, LongSupplier ticker) {
    return new Accounts(limits, ticker, false);
  }

  /** The limits it was made with. */
  public RunLimits limits() {
    return limits;
  }

  /** The steps used so far, of both accounts. */
  public long stepsUsed() {
    return token == service ? token.stepsUsed() : token.stepsUsed() + service.stepsUsed();
  }

  /** The steps that were charged to the token so far; all of them if there is one account. */
  public long tokenStepsUsed() {
    return token.stepsUsed();
  }

  /** The time spent so far. */
  public Duration elapsed() {
    return Duration.ofNanos(watch.spentNanos());
  }
}
