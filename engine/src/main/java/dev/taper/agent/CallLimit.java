package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many calls are looked at, and how many wait for that, at a time. Whoever comes beyond
 * that is turned away before any signature is verified. Both are shared by {@link
 * MemoryShare.Room}, so that no caller keeps out all others. Whose token it is, is known before
 * only of tokens that were verified earlier; all others share one part. Thread-safe.
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
  private final Room running;
  private final Room waiting;
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
    this.running = new Room(terms.atOnce);
    this.waiting = new Room(terms.waiting);
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
    enter(party);
    try {
      return call.get();
    } finally {
      leave(party);
    }
  }

  private void enter(MemoryShare party) {
    Waiter waiter = new Waiter(party);
    boolean isShed;
    synchronized (this) {
      if (running.take(party)) {
        return;
      }
      isShed = !waiting.take(party);
      if (isShed) {
        shed++;
      } else {
        queue.add(waiter);
      }
    }
    boolean isInterrupted = !isShed && waiter.await(longest);
    if (!isShed) {
      synchronized (this) {
        isShed = queue.remove(waiter);
        if (isShed) {
          waiting.leave(party);
          shed++;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    if (isShed) {
      throw overloaded();
    }
  }

  /** Lets those in who have waited longest, as far as there is room for them. */
  private synchronized void leave(MemoryShare party) {
    running.leave(party);
    for (Iterator<Waiter> all = queue.iterator(); all.hasNext() && running.hasAny(); ) {
      Waiter next = all.next();
      if (running.take(next.party)) {
        all.remove();
        waiting.leave(next.party);
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
        running.total, terms.atOnce, waiting.total, terms.waiting, shed);
  }

  /** One who waits to be let in. */
  private static final class Waiter {
    final MemoryShare party;
    final Semaphore admitted = new Semaphore(0);

    Waiter(MemoryShare party) {
      this.party = party;
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

  /** Who has how much of something now. Guarded by the limit. */
  private static final class Room {
    private final int capacity;
    private final Map<String, Map<String, Integer>> parties = new HashMap<>();
    int total;

    Room(int capacity) {
      this.capacity = capacity;
    }

    boolean hasAny() {
      return total < capacity;
    }

    /** Takes a place, if there is one for this party. */
    boolean take(MemoryShare party) {
      Map<String, Integer> own = parties.get(party.delegator());
      int ofParty = own == null ? 0 : own.getOrDefault(party.authority(), 0);
      int authorities = own == null ? 0 : own.size();
      MemoryShare.Room room =
          new MemoryShare.Room(
              total,
              parties.size() + (own == null ? 1 : 0),
              own == null ? 0 : own.values().stream().mapToInt(Integer::intValue).sum(),
              authorities + (ofParty == 0 ? 1 : 0),
              ofParty);
      if (!room.hasRoom(1, capacity)) {
        return false;
      }
      parties
          .computeIfAbsent(party.delegator(), unused -> new HashMap<>())
          .merge(party.authority(), 1, Integer::sum);
      total++;
      return true;
    }

    void leave(MemoryShare party) {
      parties.computeIfPresent(
          party.delegator(),
          (unused, own) -> {
            own.computeIfPresent(party.authority(), (same, held) -> held == 1 ? null : held - 1);
            return own.isEmpty() ? null : own;
          });
      total--;
    }
  }
}
