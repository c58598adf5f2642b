package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.MemoryShares;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whose turn it is to ask the store of asks. Few do at a time, so that asks do not take a
 * database away from the service's calls; and nobody who asks without end takes the turns of
 * others. Delegators share them by {@link MemoryShares}. Strangers, who name an ask that this
 * process does not know, have turns of their own, so that guessing takes none of the others.
 * Thread-safe.
 */
final class AskTurns {
  private static final int AT_ONCE = 4;
  private static final int OF_STRANGERS = 1;

  /** How many wait at most for a turn of one share. */
  private static final int MAX_WAITING = 4;

  /** How long to wait for a turn, which a store that answers gives much sooner. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Duration patience;
  private final Semaphore strangers = new Semaphore(OF_STRANGERS, true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final MemoryShares turns = new MemoryShares(AT_ONCE); // guarded by the lock
  private final Map<MemoryShare, Integer> waiting = new HashMap<>(); // guarded by the lock

  AskTurns() {
    this(PATIENCE);
  }

  /**
   * Gives turns.
   *
   * @param patience how long to wait for one
   */
  AskTurns(Duration patience) {
    this.patience = patience;
  }

  /** How many turns are taken, and how many shares wait for one: no others are remembered. */
  int remembered() {
    lock.lock();
    try {
      return (int) turns.total() + waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a turn, and works while it lasts.
   *
   * @param share whose turn; null for a stranger's
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if there is none in time
   */
  <T extends @Nullable Object> T during(@Nullable MemoryShare share, Supplier<T> work) {
    MemoryShares.Holding turn = take(share);
    try {
      return work.get();
    } finally {
      giveBack(turn);
    }
  }

  /** Takes a turn; null for a stranger's. */
  private MemoryShares.@Nullable Holding take(@Nullable MemoryShare share) {
    try {
      MemoryShares.Holding turn = share == null ? null : of(share);
      if (turn != null
          || (share == null && strangers.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS))) {
        return turn;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "the store of asks is busy");
  }

  private MemoryShares.@Nullable Holding of(MemoryShare share) throws InterruptedException {
    lock.lock();
    try {
      return turns.hasRoom(share, 1) || waited(share) ? turns.add(share) : null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is room for one more; false if there is none for too long. */
  private boolean waited(MemoryShare share) throws InterruptedException {
    int others = waiting.getOrDefault(share, 0);
    if (others == MAX_WAITING) {
      return false;
    }
    waiting.put(share, others + 1);
    try {
      long left = patience.toNanos();
      while (left > 0 && !turns.hasRoom(share, 1)) {
        left = freed.awaitNanos(left);
      }
      return left > 0;
    } finally {
      waiting.compute(share, (any, count) -> count == null || count == 1 ? null : count - 1);
    }
  }

  private void giveBack(MemoryShares.@Nullable Holding turn) {
    if (turn == null) {
      strangers.release();
      return;
    }
    lock.lock();
    try {
      turns.remove(turn);
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
