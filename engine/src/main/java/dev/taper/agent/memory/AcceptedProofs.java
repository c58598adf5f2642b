package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says which proofs a verifier accepts: those of its window, by its clock, and each once. A memory
 * that others share is asked once for a call, at the claim; before it stands one of this process,
 * which knows replays at once. Thread-safe.
 */
public final class AcceptedProofs {
  private final Clock clock;
  private final long back;
  private final long ahead;
  private final InMemoryReplayMemory own;
  private final @Nullable ReplayMemory shared;
  private final AtomicLong latest = new AtomicLong();

  private AcceptedProofs(
      Window window, InMemoryReplayMemory own, @Nullable ReplayMemory shared, Clock clock) {
    this.clock = clock;
    this.back = window.back().toMillis();
    this.ahead = window.ahead().toMillis();
    this.own = own;
    this.shared = shared;
  }

  /**
   * Accepts proofs.
   *
   * @param window how old they may be, and how far ahead
   * @param memory remembers which were used; the same for all verifiers among which a proof counts
   *     once
   * @param clock the verifier's time
   */
  public static AcceptedProofs of(Window window, ReplayMemory memory, Clock clock) {
    Given.that(window, "the window of proofs");
    Given.that(clock, "the clock for proofs");
    return Given.that(memory, "the replay memory") instanceof InMemoryReplayMemory own
        ? new AcceptedProofs(window, own, null, clock)
        : new AcceptedProofs(window, InMemoryReplayMemory.of(), memory, clock);
  }

  /** A proof that is good in time and signature and was not used; whether it will be is open. */
  public final class Unused {
    private final long issuedAt;
    private final byte[] id;
    private final UseIndex.Use use;

    private Unused(long issuedAt, byte[] id, UseIndex.Use use) {
      this.issuedAt = issuedAt;
      this.id = id;
      this.use = use;
    }

    /** As a shared memory gets it; this process's own needs no text. */
    private ReplayMemory.Use told() {
      return ReplayMemory.Use.of(
          id, Instant.ofEpochMilli(issuedAt), Instant.ofEpochMilli(use.until));
    }

    /**
     * Uses the proof, once.
     *
     * @param share whose part of the memory it takes
     * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}, {@link
     *     ErrorCode#REPLAY_CACHE_FULL}, {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE}, or {@link
     *     ErrorCode#HOLDER_PROOF_EXPIRED} if its window has ended meanwhile
     */
    public void claim(MemoryShare share) {
      Instant now = claimOwn(share);
      if (shared != null && !claimed(shared, told(), share, now)) {
        throw replayed();
      }
    }

    /**
     * Uses the proof, once, where the shared memory takes more than the proof in one step.
     *
     * @param share whose part of this process's own memory it takes
     * @param step asks the shared memory
     * @return its answer, which is not that the proof was used before
     * @throws TaperException as {@link #claim(MemoryShare)}, and what the step throws
     */
    public ReplayMemory.Joined.Answer claim(
        MemoryShare share, Function<ReplayMemory.Use, ReplayMemory.Joined.Answer> step) {
      claimOwn(share);
      ReplayMemory.Joined.Answer answer = step.apply(told());
      if (answer.replayed()) {
        throw replayed();
      }
      return answer;
    }

    private Instant claimOwn(MemoryShare share) {
      long now = checkAgain(issuedAt);
      if (!own.claim(use, share, now)) {
        throw replayed();
      }
      return Instant.ofEpochMilli(now);
    }
  }

  /** True for a code that says by itself why nothing was taken. */
  private static boolean isOwn(ErrorCode code) {
    return code == ErrorCode.REPLAY_CACHE_FULL || code == ErrorCode.TIMEOUT;
  }

  private static boolean claimed(
      ReplayMemory shared, ReplayMemory.Use use, MemoryShare share, Instant now) {
    try {
      return shared.claim(use, share, now);
    } catch (RuntimeException e) {
      if (e instanceof TaperException known && isOwn(known.code())) {
        throw known;
      }
      throw new TaperException(
          ErrorCode.REPLAY_CACHE_UNAVAILABLE,
          "whether the proof was used before cannot be found out",
          e);
    }
  }

  /**
   * Refuses a proof that was made at a time outside the window. If the clock was set back, the time
   * is the latest at which a proof was good.
   *
   * @param issuedAt milliseconds since 1970
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_EXPIRED} or {@link
   *     ErrorCode#HOLDER_PROOF_NOT_YET_VALID}
   */
  public void checkWindow(long issuedAt) {
    check(issuedAt, Math.max(now(), latest.get()));
  }

  /**
   * Looks up a proof whose signature is good, in this process's own memory; nothing is claimed.
   *
   * @param issuedAt milliseconds since 1970
   * @param nonce the proof's nonce
   * @param holder the key that signed it
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}, or {@link
   *     ErrorCode#HOLDER_PROOF_EXPIRED} if the clock was set back since a later proof was good
   */
  public Unused look(long issuedAt, byte[] nonce, PublicKey holder) {
    long unused = checkAgain(issuedAt);
    byte[] id = ReplayMemory.Use.id(nonce, holder);
    long until = issuedAt + back + 1; // the edge is inside the window
    UseIndex.Use use = own.use(id, issuedAt, until);
    if (own.known(use)) {
      throw replayed();
    }
    return new Unused(issuedAt, id, use);
  }

  /**
   * The time that the clock has to show before new proofs are taken again, because it was set back;
   * null if it was not set back that far.
   */
  public @Nullable Instant waitsFor() {
    long time = latest.get();
    return time - now() > back ? Instant.ofEpochMilli(time - back) : null;
  }

  /** How full the memory of this process is. */
  public Fill fill() {
    return own.fill();
  }

  /**
   * Checks the time of a good proof. A clock that is set back must not revive proofs that were
   * forgotten as ended: until it has caught up again, proofs count as too old.
   *
   * @return the latest time at which a proof was good
   */
  private long checkAgain(long issuedAt) {
    long time = latest.accumulateAndGet(now(), Math::max);
    check(issuedAt, time);
    return time;
  }

  /** Not before 1970, so that no difference of two times overflows. */
  private long now() {
    return Math.max(0, clock.millis());
  }

  private void check(long issuedAt, long now) {
    if (issuedAt - now > ahead) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_NOT_YET_VALID,
          "the proof is from the future: your clock is "
              + seconds(issuedAt - now)
              + " ahead of this service's, and "
              + seconds(ahead)
              + " are allowed");
    }
    if (now - issuedAt > back) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_EXPIRED,
          "the proof was made more than "
              + seconds(back)
              + " ago; if you made it just now, your clock is "
              + seconds(now - issuedAt)
              + " behind this service's");
    }
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
  }

  private static TaperException replayed() {
    return new TaperException(
        ErrorCode.HOLDER_PROOF_REPLAYED, "the proof was used before; every call needs its own");
  }

  /**
   * How old a proof may be, and how far the clocks of holder and verifier may differ. Both edges
   * are inside the window; times count in milliseconds.
   *
   * @param back how long before the verifier's time a proof may have been made
   * @param ahead how long after the verifier's time a proof may seem to have been made
   */
  public record Window(Duration back, Duration ahead) {
    /** The longest either may be. A wider window makes every stolen proof worth more. */
    public static final Duration MAX = Duration.ofHours(1);

    /** 60 seconds back, 30 seconds ahead. */
    public static final Window DEFAULT = new Window(Duration.ofSeconds(60), Duration.ofSeconds(30));

    /**
     * Checks the durations.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is negative or beyond {@link
     *     #MAX}
     */
    public Window {
      check(back);
      check(ahead);
    }

    private static void check(Duration duration) {
      if (duration.isNegative() || duration.compareTo(MAX) > 0) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a proof's window reaches from zero to " + MAX + ", not " + duration);
      }
    }
  }
}
