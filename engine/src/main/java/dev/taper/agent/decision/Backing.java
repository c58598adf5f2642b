package dev.taper.agent.decision;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Something that a decision waits for. It is asked under a deadline, and not at all while it does
 * not answer; its failures are logged. Thread-safe.
 */
final class Backing {
  private final String name;
  private final ErrorCode unavailable;
  private final boolean refuses;
  private final Duration fair;
  private final Breaker breaker;
  private final FailureLog failures;
  private final LongSupplier ticker;
  private final LongAdder asked = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /**
   * Something to ask.
   *
   * @param name what it is, for the operator
   * @param unavailable what is thrown while it is not asked
   * @param refuses whether calls are refused while it is away
   * @param whole the time of a whole call
   */
  Backing(
      String name,
      ErrorCode unavailable,
      boolean refuses,
      Duration whole,
      Clock clock,
      LongSupplier ticker) {
    this.name = name;
    this.unavailable = unavailable;
    this.refuses = refuses;
    this.fair = whole.dividedBy(2);
    this.breaker = new Breaker(ticker);
    this.failures = FailureLog.of(Verifier.class, name, clock, ticker);
    this.ticker = ticker;
  }

  /** Says that it was not asked. */
  static final class NotAskedException extends TaperException {
    private static final long serialVersionUID = 1L;

    NotAskedException(ErrorCode code, String message) {
      super(code, message);
    }
  }

  /**
   * Asks it for a step of a decision.
   *
   * @throws TaperException {@link ErrorCode#TIMEOUT} if the deadline has passed: nothing is asked,
   *     and nothing said about what would have been
   * @throws RuntimeException as {@link #ask}
   */
  <T> T askInTime(Deadline deadline, Supplier<T> work) {
    if (deadline.left().isZero()) {
      throw new TaperException(
          ErrorCode.TIMEOUT, "the call's time was used up before " + name + " could be asked");
    }
    return ask(deadline, work);
  }

  /**
   * Asks it.
   *
   * @throws NotAskedException with the code for what is not available, while it is not asked
   * @throws RuntimeException whatever the work throws
   */
  <T> T ask(Deadline deadline, Supplier<T> work) {
    if (!breaker.admits()) {
      throw new NotAskedException(
          unavailable, name + " failed again and again and is not asked for a moment");
    }
    // A caller must not be able to close it for others by leaving it no time.
    boolean hadTime = deadline.left().compareTo(fair) >= 0;
    long since = ticker.getAsLong();
    try {
      T answer = deadline.during(work);
      settle(hadTime && deadline.left().isZero(), true);
      return answer;
    } catch (RuntimeException e) {
      failures.failed(e);
      settle(hadTime && isUnavailable(e, deadline), false);
      throw e;
    } catch (Error e) {
      breaker.undecided();
      throw e;
    } finally {
      asked.increment();
      nanos.add(ticker.getAsLong() - since);
    }
  }

  /**
   * Tells it something about what it was asked before, even while it is not asked otherwise.
   *
   * @throws RuntimeException whatever the work throws
   */
  void tell(Deadline deadline, Runnable work) {
    try {
      deadline.during(
          () -> {
            work.run();
            return true;
          });
    } catch (RuntimeException e) {
      failures.failed(e);
      throw e;
    }
  }

  /** Notes how asking went. An answer that came too late is used, but counts as a failure. */
  private void settle(boolean failed, boolean answered) {
    if (failed) {
      breaker.failed();
    } else if (answered) {
      breaker.succeeded();
    } else {
      breaker.undecided();
    }
  }

  /**
   * True if what was asked is to blame. Refusing a caller's content is an answer, however long the
   * caller's thread took to put it together.
   */
  private static boolean isUnavailable(RuntimeException e, Deadline deadline) {
    if (!(e instanceof TaperException taper)) {
      return deadline.left().isZero();
    }
    if (isAboutWhatWasAsked(taper)) {
      return false;
    }
    return switch (taper.code()) {
      case DATABASE_UNAVAILABLE,
          AUDIT_UNAVAILABLE,
          REPLAY_CACHE_UNAVAILABLE,
          APPROVAL_USES_UNAVAILABLE,
          BUDGET_UNAVAILABLE,
          UNKNOWN_REVOCATION_KEY ->
          true;
      default -> taper.code().category() == ErrorCode.Category.REVOCATION;
    };
  }

  /** True if a store answers, but not to what the caller chose to ask. */
  static boolean isAboutWhatWasAsked(TaperException e) {
    Throwable cause = e;
    while (cause != null) {
      if (cause instanceof TaperException known && known.code() == ErrorCode.INVALID_ARGUMENT) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  VerifierHealth.Store health() {
    return new VerifierHealth.Store(
        name,
        refuses ? unavailable : null,
        !breaker.open(),
        breaker.failures(),
        failures.last(),
        asked.sum(),
        Duration.ofNanos(nanos.sum()));
  }
}
