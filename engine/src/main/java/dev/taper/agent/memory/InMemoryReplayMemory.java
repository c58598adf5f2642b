package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;

/**
 * Remembers used proofs in this process. One per service; several machines that serve one audience
 * each accept a proof once, so what must happen once over all of them needs a memory that they
 * share, or an idempotent tool. A process that starts anew has forgotten all uses.
 *
 * <p>Delegators and their authority blocks share it as {@link MemoryShare.Room} says, so that no
 * holder can lock out the others. An entry takes about 50 bytes. Thread-safe; every use takes
 * amortized constant time under one lock, also to drop what has ended: a few entries in each call.
 */
final class InMemoryReplayMemory implements ReplayMemory {
  /**
   * How many entries {@link #of()} holds: 1,450 proofs a second with the default window, even of
   * one delegator, and up to 2,900 of many.
   */
  public static final int DEFAULT_CAPACITY = 1 << 18;

  private final int capacity;
  private final Object lock = new Object();
  private final UseIndex index; // guarded by the lock

  private InMemoryReplayMemory(int capacity) {
    this.capacity = capacity;
    this.index = new UseIndex(capacity);
  }

  /** Makes a memory of the default capacity. */
  public static InMemoryReplayMemory of() {
    return of(DEFAULT_CAPACITY);
  }

  /**
   * Makes a memory.
   *
   * @param capacity the most proofs to remember at a time, at least 1; a service that allows n
   *     calls a second needs twice n times the whole window in seconds
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public static InMemoryReplayMemory of(int capacity) {
    return new InMemoryReplayMemory(MemoryShare.Room.checked(capacity));
  }

  @Override
  public boolean known(ReplayMemory.Use use) {
    return known(UseIndex.Use.of(use));
  }

  boolean known(UseIndex.Use wanted) {
    synchronized (lock) {
      return index.isUsed(wanted);
    }
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return claim(UseIndex.Use.of(use), share, now.toEpochMilli());
  }

  boolean claim(UseIndex.Use wanted, MemoryShare share, long now) {
    synchronized (lock) {
      index.makeRoom(share, 1, now);
      if (index.isUsed(wanted)) {
        return false;
      }
      if (!index.hasRoom(share, wanted)) {
        throw full(capacity);
      }
      index.add(wanted, share, 1);
      return true;
    }
  }

  static TaperException full(int capacity) {
    return new TaperException(
        ErrorCode.REPLAY_CACHE_FULL,
        "no room to remember another proof of this delegation; there is room for " + capacity);
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

  @Override
  public Fill fill() {
    return new Fill(size(), capacity);
  }
}
