package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.MemoryShares;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many calls are looked at, and how many wait for that, at a time. Whoever comes beyond
 * that is turned away before any signature is verified. Both are shared by {@link MemoryShares}, so
 * that no caller keeps out all others. Whose token it is, is known before only of tokens that were
 * verified earlier; all others share one part. Thread-safe.
 */
final class CallLimit {
  /** The most that may be set: the count of threads is the bound above that. */
  static final int MOST = 1 << 16;

  /** Whoever's token was not verified before: nothing that it says counts yet. */
  static final MemoryShare STRANGERS = new MemoryShare("", "");

  /**
   * How many calls there may be.
   *
   * @param atOnce how many are looked at
   * @param waiting how many wait for that
   */
  record Terms(int atOnce, int waiting) {
    Terms {
      if (atOnce < 1 || atOnce > MOST || waiting < 0 || waiting > MOST) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a verifier looks at 1 to "
                + MOST
                + " calls at once, and lets 0 to "
                + MOST
                + " wait; not "
                + atOnce
                + " and "
                + waiting);
      }
    }
  }

  private final Terms terms;
  private final Duration longest;
  private final FailureLog failures;

  // Guarded by this.
  private final MemoryShares running;
  private final MemoryShares waiting;
  private final Deque<Waiter> queue = new ArrayDeque<>();
  private long shed;

  /**
   * Limits calls.
   *
   * @param longest how long one waits
   */
  CallLimit(Terms terms, Duration longest, Clock clock) {
    this.terms = terms;
    this.longest = longest;
    this.failures = FailureLog.of(Verifier.class, "taking on a call", clock);
    this.running = new MemoryShares(terms.atOnce);
    this.waiting = new MemoryShares(terms.waiting);
  }

  /** The limit of a verifier; null if it has none. */
  static @Nullable CallLimit of(VerifierBuilder b) {
    return b.callLimit == null
        ? null
        : new CallLimit(b.callLimit, b.deadline.dividedBy(2), b.clock);
  }

  /**
   * Looks at a call, if there is room.
   *
   * @param party whose it is
   * @throws TaperException {@link ErrorCode#OVERLOADED} if there is none in time
   */
  <T extends @Nullable Object> T during(MemoryShare party, Supplier<T> call) {
    MemoryShares.Holding place = enter(party);
    try {
      return call.get();
    } finally {
      leave(place);
    }
  }

  private MemoryShares.Holding enter(MemoryShare party) {
    Waiter waiter = null;
    synchronized (this) {
      if (running.hasRoom(party, 1)) {
        return running.add(party);
      }
      if (waiting.hasRoom(party, 1)) {
        waiter = new Waiter(waiting.add(party));
        queue.add(waiter);
      } else {
        shed++;
      }
    }
    MemoryShares.Holding place = waiter == null ? null : awaited(waiter);
    if (place == null) {
      throw overloaded();
    }
    return place;
  }

  private MemoryShares.@Nullable Holding awaited(Waiter waiter) {
    boolean isInterrupted = waiter.await(longest);
    MemoryShares.Holding place;
    synchronized (this) {
      if (queue.remove(waiter)) {
        waiting.remove(waiter.waits);
        shed++;
      }
      place = waiter.place;
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    return place;
  }

  /** Lets those in who have waited longest, as far as there is room for them. */
  private synchronized void leave(MemoryShares.Holding place) {
    running.remove(place);
    for (Iterator<Waiter> all = queue.iterator();
        all.hasNext() && running.total() < terms.atOnce; ) {
      Waiter next = all.next();
      MemoryShare party = next.waits.share();
      if (running.hasRoom(party, 1)) {
        next.place = running.add(party);
        all.remove();
        waiting.remove(next.waits);
        next.admitted.release();
      }
    }
  }

  /** Logs without the lock, so that no call waits for a log. */
  private TaperException overloaded() {
    TaperException overloaded =
        new TaperException(ErrorCode.OVERLOADED, "there are too many calls just now");
    failures.failed(overloaded);
    return overloaded;
  }

  synchronized VerifierHealth.Calls health() {
    return new VerifierHealth.Calls(
        (int) running.total(), terms.atOnce, (int) waiting.total(), terms.waiting, shed);
  }

  /** One who waits to be let in. */
  private static final class Waiter {
    final MemoryShares.Holding waits;
    MemoryShares.@Nullable Holding place; // guarded by the limit; null until it is let in
    final Semaphore admitted = new Semaphore(0);

    Waiter(MemoryShares.Holding waits) {
      this.waits = waits;
    }

    /** Returns true if it was interrupted; whether it was let in, the queue says. */
    boolean await(Duration longest) {
      try {
        boolean unused = admitted.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        return false;
      } catch (InterruptedException e) {
        return true;
      }
    }
  }
}
