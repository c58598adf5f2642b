package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which proofs were used, each until its window ends. It never forgets one earlier: when
 * it is full, it refuses. One per service; several machines that serve one audience each accept a
 * proof once, so what must happen once over all of them needs {@link ProofUses} or an idempotent
 * tool as well.
 *
 * <p>Delegators and their authority blocks share it as {@link MemoryFill} says, so that no holder
 * can lock out the others.
 *
 * <p>A proof is known by its nonce and the holder's key, not by its signature, because ECDSA has
 * two signatures for everything signed. An entry takes about 110 bytes, whatever the key.
 * Thread-safe; every use takes amortized constant time under one lock, also to drop what has ended.
 */
public final class ReplayMemory {
  private static final int SALT_BYTES = 16;

  /**
   * How many entries {@link #of(Clock)} holds: 1,450 proofs a second with the default window, even
   * of one delegator, and up to 2,900 of many.
   */
  public static final int DEFAULT_CAPACITY = 1 << 18;

  /** Entries that end at about the same time leave together; this bounds the number of groups. */
  private static final int GROUPS = 64;

  /** A proof's digest, cut to 128 bits. The salt keeps anyone from choosing where it is filed. */
  private static final class Use {
    private final long high;
    private final long low;
    private MemoryShares.@Nullable Holding holding; // while it is remembered

    Use(long high, long low) {
      this.high = high;
      this.low = low;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Use other && high == other.high && low == other.low;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(high ^ low);
    }
  }

  /** A proof that is good in time and signature and was not used; whether it will be is open. */
  public final class Unused {
    private final long issuedAt;
    private final Use use;

    private Unused(long issuedAt, Use use) {
      this.issuedAt = issuedAt;
      this.use = use;
    }

    /**
     * Uses the proof, once.
     *
     * @param share whose part of the memory it takes
     * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}, {@link
     *     ErrorCode#REPLAY_CACHE_FULL}, or {@link ErrorCode#HOLDER_PROOF_EXPIRED} if its window has
     *     ended meanwhile
     */
    public void claim(MemoryShare share) {
      ReplayMemory.this.claim(issuedAt, use, share);
    }
  }

  private final ProofWindow window;
  private final int capacity;
  private final Clock clock;
  private final long back;
  private final long ahead;
  private final long groupMillis;
  private final byte[] salt = new byte[SALT_BYTES];

  private final Object lock = new Object();
  // All guarded by the lock.
  private final Set<Use> used = new HashSet<>();
  private final TreeMap<Long, List<Use>> byEnd = new TreeMap<>();
  private final MemoryShares shares;
  private long latest;

  private ReplayMemory(ProofWindow window, int capacity, Clock clock) {
    this.window = window;
    this.capacity = capacity;
    this.clock = clock;
    this.back = window.back().toMillis();
    this.ahead = window.ahead().toMillis();
    this.groupMillis = (back + ahead) / GROUPS + 1;
    this.shares = new MemoryShares(capacity);
    new SecureRandom().nextBytes(salt);
  }

  /** Makes a memory with the default window and capacity. */
  public static ReplayMemory of(Clock clock) {
    return of(ProofWindow.DEFAULT, DEFAULT_CAPACITY, clock);
  }

  /**
   * Makes a memory.
   *
   * @param window when proofs are accepted
   * @param capacity the most proofs to remember at a time, at least 1; a service that allows n
   *     calls a second needs twice n times the whole window in seconds
   * @param clock the verifier's time
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public static ReplayMemory of(ProofWindow window, int capacity, Clock clock) {
    if (capacity < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a replay cache holds at least one proof, not " + capacity);
    }
    return new ReplayMemory(
        Given.that(window, "the window of proofs"),
        capacity,
        Given.that(clock, "the clock of a replay cache"));
  }

  /** When proofs are accepted. */
  public ProofWindow window() {
    return window;
  }

  /** How many proofs are remembered now, some of them perhaps a little longer than needed. */
  public int size() {
    synchronized (lock) {
      return used.size();
    }
  }

  /** How full the memory is. */
  public Fill fill() {
    return new Fill(size(), capacity);
  }

  /**
   * Refuses a proof that was made at a time outside the window.
   *
   * @param issuedAt milliseconds since 1970
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_EXPIRED} or {@link
   *     ErrorCode#HOLDER_PROOF_NOT_YET_VALID}
   */
  public void checkWindow(long issuedAt) {
    check(issuedAt, now());
  }

  /**
   * Looks up a proof whose signature is good; nothing is claimed.
   *
   * @param issuedAt milliseconds since 1970
   * @param nonce the proof's nonce
   * @param holder the key that signed it
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}
   */
  public Unused look(long issuedAt, byte[] nonce, PublicKey holder) {
    Use use = digest(nonce, holder);
    synchronized (lock) {
      checkUnused(issuedAt, use);
    }
    return new Unused(issuedAt, use);
  }

  private void claim(long issuedAt, Use use, MemoryShare share) {
    synchronized (lock) {
      checkUnused(issuedAt, use);
      dropEnded();
      if (!shares.hasRoom(share, 1)) {
        throw new TaperException(
            ErrorCode.REPLAY_CACHE_FULL,
            "no room to remember another proof of this delegation; the cache holds " + capacity);
      }
      use.holding = shares.add(share);
      used.add(use);
      byEnd.computeIfAbsent((issuedAt + back) / groupMillis, group -> new ArrayList<>()).add(use);
    }
  }

  private void checkUnused(long issuedAt, Use use) {
    // A clock that is set back must not revive proofs that were forgotten as ended: until it has
    // caught up again, proofs count as too old.
    latest = Math.max(latest, now());
    check(issuedAt, latest);
    if (used.contains(use)) {
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_REPLAYED, "the proof was used before; every call needs its own");
    }
  }

  /** Not before 1970, so that no difference of two times overflows. */
  private long now() {
    return Math.max(0, clock.millis());
  }

  private void check(long issuedAt, long now) {
    if (issuedAt - now > ahead) {
      String by = seconds(issuedAt - now);
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_NOT_YET_VALID,
          "the proof was made "
              + by
              + " ahead of the verifier's clock, more than "
              + seconds(ahead)
              + ": your clock is "
              + by
              + " ahead");
    }
    if (now - issuedAt > back) {
      String by = seconds(now - issuedAt);
      throw new TaperException(
          ErrorCode.HOLDER_PROOF_EXPIRED,
          "the proof was made "
              + by
              + " ago, more than "
              + seconds(back)
              + "; every call needs a new one, and if this one is new, your clock is "
              + by
              + " behind");
    }
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
  }

  /** Drops the groups whose entries have all ended. */
  private void dropEnded() {
    long current = latest / groupMillis;
    while (!byEnd.isEmpty() && byEnd.firstKey() < current) {
      for (Use use : byEnd.pollFirstEntry().getValue()) {
        used.remove(use);
        if (use.holding != null) {
          shares.remove(use.holding);
        }
      }
    }
  }

  private Use digest(byte[] nonce, PublicKey holder) {
    byte[] key = holder.bytes();
    ByteBuffer input =
        ByteBuffer.allocate(salt.length + nonce.length + 1 + key.length)
            .put(salt)
            .put(nonce)
            .put((byte) holder.algorithm().wireId())
            .put(key);
    ByteBuffer digest = ByteBuffer.wrap(Digests.sha256(input.array()));
    return new Use(digest.getLong(), digest.getLong());
  }
}
