package dev.taper.agent.decision;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps calls from waiting for what does not answer: after {@link #FAILURES} failures in a row
 * nobody asks for {@link #PAUSE}, then one does, and its success lets all others ask again.
 * Thread-safe.
 */
final class Breaker {
  static final int FAILURES = 5;
  static final Duration PAUSE = Duration.ofSeconds(1);

  private final LongSupplier ticker;
  // Guarded by this.
  private int failures;
  private long openedAt;
  private boolean trying;

  Breaker(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** True if the caller may ask now; afterwards it says how that went. */
  synchronized boolean admits() {
    if (failures < FAILURES) {
      return true;
    }
    if (trying || ticker.getAsLong() - openedAt < PAUSE.toNanos()) {
      return false;
    }
    trying = true;
    return true;
  }

  synchronized void succeeded() {
    failures = 0;
    trying = false;
  }

  synchronized void failed() {
    failures = Math.min(failures + 1, FAILURES);
    openedAt = ticker.getAsLong();
    trying = false;
  }

  /** Notes a failure that says nothing about what was asked. */
  synchronized void undecided() {
    trying = false;
  }

  /** True while calls are refused without asking. */
  synchronized boolean open() {
    return failures >= FAILURES;
  }

  synchronized int failures() {
    return failures;
  }
}
