package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes proofs while the memory that verifiers share does not answer: those that this process did
 * not take before, for a bounded time and number of calls. When the memory answers again it is told
 * of them before it is asked anything else, some with each call, so that nobody else takes them.
 * What it cannot be told until their windows end is forgotten. Thread-safe.
 */
final class ProofsAlone {
  /** The longest time that a verifier can go on alone. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** The most calls that it can take alone; each takes about 300 bytes. */
  static final int MOST = 1 << 16;

  /** How many proofs one call tells the memory of, beside its own. */
  static final int TOLD_AT_ONCE = 16;

  /**
   * How far a verifier goes alone.
   *
   * @param longest how long after the first call that was not answered
   * @param calls how many calls it takes before the memory knows of all of them
   */
  record Terms(Duration longest, int calls) {
    Terms {
      if (longest.isNegative() || longest.isZero() || longest.compareTo(LONGEST) > 0) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a verifier goes on without its replay memory for up to "
                + LONGEST
                + ", not "
                + longest);
      }
      if (calls < 1 || calls > MOST) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a verifier takes 1 to " + MOST + " calls without its replay memory, not " + calls);
      }
    }
  }

  /** What became of a proof. */
  enum Claimed {
    /** The shared memory knows that it was not used before. */
    SHARED,
    /** The shared memory did not answer, and this process did not take it before. */
    ALONE,
    /** It was used before. */
    REPLAYED
  }

  private record Taken(ReplayMemory.Use use, MemoryShare share) {}

  private final ReplayMemory shared;
  private final Terms terms;
  private final LongSupplier ticker;

  // Guarded by this.
  private final Deque<Taken> untold = new ArrayDeque<>();
  private int open; // those that are being told included
  private int taken;
  private long takenEver;
  private @Nullable Instant since;
  private long sinceTick;
  private Instant latest = Instant.MIN;

  /**
   * Goes on for a while.
   *
   * @param shared the memory
   * @param terms how far
   * @param ticker nanoseconds that only go forward, so that a clock that is set back gives no time
   */
  ProofsAlone(ReplayMemory shared, Terms terms, LongSupplier ticker) {
    this.shared = shared;
    this.terms = terms;
    this.ticker = ticker;
  }

  /**
   * Claims a proof that this process did not take before.
   *
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL}, or {@link
   *     ErrorCode#REPLAY_CACHE_UNAVAILABLE} if the memory does not answer and the terms are used up
   */
  Claimed claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    try {
      tell(now);
      boolean isNew = shared.claim(use, share, now);
      answered();
      return isNew ? Claimed.SHARED : Claimed.REPLAYED;
    } catch (RuntimeException e) {
      @Nullable ErrorCode code = e instanceof TaperException known ? known.code() : null;
      boolean isAway =
          code == ErrorCode.REPLAY_CACHE_UNAVAILABLE
              && !(e instanceof TaperException known && Backing.isAboutWhatWasAsked(known));
      if (isAway && takes(use, share, now)) {
        return Claimed.ALONE;
      }
      throw code == ErrorCode.REPLAY_CACHE_UNAVAILABLE || code == ErrorCode.REPLAY_CACHE_FULL
          ? e
          : new TaperException(
              ErrorCode.REPLAY_CACHE_UNAVAILABLE,
              "whether the proof was used before cannot be found out",
              e);
    }
  }

  /** Notes a call that goes ahead alone, if one may. */
  private synchronized boolean takes(ReplayMemory.Use use, MemoryShare share, Instant now) {
    latest = now.isAfter(latest) ? now : latest;
    long tick = ticker.getAsLong();
    Instant first = since;
    if (first == null) {
      first = latest;
      since = first;
      sinceTick = tick;
    }
    if (!goesOn(first, latest, tick)) {
      return false;
    }
    taken++;
    takenEver++;
    open++;
    untold.add(new Taken(use, share));
    return true;
  }

  /** Notes that the memory answers. */
  synchronized void answered() {
    if (open == 0) {
      since = null;
      taken = 0;
    }
  }

  /**
   * Tells the memory of some proofs that it does not know.
   *
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE} if it still does not answer
   */
  void tell(Instant now) {
    for (int i = 0; i < TOLD_AT_ONCE; i++) {
      Taken next = next(now);
      if (next == null) {
        return;
      }
      boolean isKnown = false;
      try {
        // Whether another verifier took it, too, does not matter: nobody can use it any more.
        boolean unused = shared.claim(next.use, next.share, now);
        isKnown = true;
      } catch (TaperException e) {
        if (e.code() == ErrorCode.REPLAY_CACHE_FULL || Backing.isAboutWhatWasAsked(e)) {
          return; // for whom it was taken: that keeps nobody else from being asked about
        }
        throw e;
      } finally {
        told(next, isKnown);
      }
    }
  }

  private synchronized @Nullable Taken next(Instant now) {
    Taken next = untold.poll();
    while (next != null && !next.use.until().isAfter(now)) {
      open--;
      next = untold.poll();
    }
    return next;
  }

  private synchronized void told(Taken one, boolean isKnown) {
    if (isKnown) {
      open--;
    } else {
      untold.add(one);
    }
  }

  /** True if neither the calls nor the time are used up, by the clock or by the ticks. */
  private boolean goesOn(Instant first, Instant now, long tick) {
    return taken < terms.calls
        && !now.isAfter(first.plus(terms.longest))
        && tick - sinceTick <= terms.longest.toNanos();
  }

  synchronized VerifierHealth.Alone health(Instant now) {
    Instant at = now.isAfter(latest) ? now : latest;
    boolean goesOn = since == null || goesOn(since, at, ticker.getAsLong());
    return new VerifierHealth.Alone(since, takenEver, open, goesOn);
  }
}
