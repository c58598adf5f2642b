package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;

/**
 * Remembers used proofs in this process. One per service; several machines that serve one audience
 * each accept a proof once, so what must happen once over all of them needs a memory that they
 * share, or an idempotent tool. A process that is restarted has forgotten all uses.
 *
 * <p>A proof is known by a keyed fingerprint ({@link Fingerprints}). Its size is bounded in bytes;
 * it takes what it needs, in pieces of 48 KiB, and gives it back when proofs end. Delegators and
 * their authority blocks share it as {@link MemoryShare.Room} says, so that no holder can lock out
 * the others. Thread-safe; every use takes amortized constant time under one lock, also to drop
 * what has ended: a few entries in each call.
 */
final class InMemoryReplayMemory implements ReplayMemory {
  /** The least a memory is made with: about a thousand proofs. */
  static final long MIN_BYTES = 1 << 16;

  /** A default memory takes at most this part of the heap. */
  private static final int DEFAULT_PART_OF_HEAP = 4;

  /** A memory takes at most this part of the heap. */
  private static final int PART_OF_HEAP = 2;

  /**
   * What a proof takes, with its part of the lists of rows and of ends; a delegator; an authority
   * block. Tests compare all three with the heap.
   */
  private static final MemoryShares.Weights BYTES = new MemoryShares.Weights(50, 320, 220);

  private final Object lock = new Object();
  private final Fingerprints fingerprints = new Fingerprints();
  private final UseIndex index; // guarded by the lock

  private InMemoryReplayMemory(MemoryShares shares) {
    // Fingerprints are keyed already: their bits are as good as those of a secret hash.
    this.index = new UseIndex(shares, (high, low) -> (int) low);
  }

  /** Makes a memory of {@link #defaultBytes}. */
  static InMemoryReplayMemory of() {
    return of(defaultBytes());
  }

  /**
   * Makes a memory.
   *
   * @param bytes the most that it takes of the heap, from 65,536 to half of the heap
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for another number
   */
  static InMemoryReplayMemory of(long bytes) {
    long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    if (bytes < MIN_BYTES || bytes > most) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a memory of used proofs takes from "
              + MIN_BYTES
              + " bytes to half of the heap, here "
              + most
              + ", not "
              + bytes);
    }
    return new InMemoryReplayMemory(new MemoryShares(bytes, BYTES));
  }

  /** Makes a memory that holds so many proofs, and in which only proofs count. */
  static InMemoryReplayMemory holding(int proofs) {
    return new InMemoryReplayMemory(new MemoryShares(proofs));
  }

  /** The most bytes that {@link #of()} takes in the heap of this process. */
  static long defaultBytes() {
    long part = Runtime.getRuntime().maxMemory() / DEFAULT_PART_OF_HEAP;
    return Math.max(MIN_BYTES, Math.min(DEFAULT_BYTES, part));
  }

  /** The use of a proof, as this memory knows it; the times are milliseconds since 1970. */
  UseIndex.Use use(byte[] id, long issuedAt, long until) {
    return fingerprints.of(id, issuedAt, until);
  }

  @Override
  public boolean known(ReplayMemory.Use use) {
    return known(fingerprints.of(use));
  }

  boolean known(UseIndex.Use wanted) {
    synchronized (lock) {
      return index.isUsed(wanted);
    }
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return claim(fingerprints.of(use), share, now.toEpochMilli());
  }

  boolean claim(UseIndex.Use wanted, MemoryShare share, long now) {
    synchronized (lock) {
      index.makeRoom(share, 1, now);
      if (index.isUsed(wanted)) {
        return false;
      }
      if (!index.hasRoom(share, wanted)) {
        throw MemoryShare.Room.full(ErrorCode.REPLAY_CACHE_FULL, index.capacity());
      }
      index.add(wanted, share, 1);
      return true;
    }
  }

  /** How many proofs are remembered now, some of them perhaps a little longer than needed. */
  int size() {
    synchronized (lock) {
      return index.size();
    }
  }

  @Override
  public boolean mayWait() {
    return false;
  }

  /** {@inheritDoc} The capacity is how many proofs it holds if nobody comes who has none yet. */
  @Override
  public Fill fill() {
    synchronized (lock) {
      return new Fill(index.size(), index.capacity());
    }
  }
}
