package dev.taper.integrations.http;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whose turn it is to ask the store of asks. Few do at a time, so that asks do not take a
 * database away from the service's calls; and nobody who asks without end takes the turns of
 * others. Delegators share them by {@link MemoryShare.Room}. Strangers, who name an ask that this
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
  private final Map<MemoryShare, Party> parties = new HashMap<>(); // guarded by the lock

  /** How many turns a share has, and how many wait for one. */
  private static final class Party {
    private int turns;
    private int waiting;
  }

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

  /** How many shares have a turn or wait for one: no others are remembered. */
  int shares() {
    lock.lock();
    try {
      return parties.size();
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
    take(share);
    try {
      return work.get();
    } finally {
      giveBack(share);
    }
  }

  private void take(@Nullable MemoryShare share) {
    try {
      if (share == null ? ofStranger() : of(share)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "the store of asks is busy");
  }

  private boolean ofStranger() throws InterruptedException {
    return strangers.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private boolean of(MemoryShare share) throws InterruptedException {
    lock.lock();
    try {
      Party party = parties.computeIfAbsent(share, any -> new Party());
      try {
        if (!waited(share, party)) {
          return false;
        }
        party.turns++;
        return true;
      } finally {
        forgetIfIdle(share, party);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is room for one more; false if there is none for too long. */
  private boolean waited(MemoryShare share, Party party) throws InterruptedException {
    if (room(share).hasRoom(1, AT_ONCE)) {
      return true;
    }
    if (party.waiting == MAX_WAITING) {
      return false;
    }
    party.waiting++;
    try {
      long left = patience.toNanos();
      while (left > 0 && !room(share).hasRoom(1, AT_ONCE)) {
        left = freed.awaitNanos(left);
      }
      return left > 0;
    } finally {
      party.waiting--;
    }
  }

  private MemoryShare.Room room(MemoryShare asking) {
    Set<String> delegators = new HashSet<>(Set.of(asking.delegator()));
    Set<String> authorities = new HashSet<>(Set.of(asking.authority()));
    int total = 0;
    int ofDelegator = 0;
    int ofAuthority = 0;
    for (Map.Entry<MemoryShare, Party> entry : parties.entrySet()) {
      MemoryShare its = entry.getKey();
      int turns = entry.getValue().turns;
      if (turns > 0) {
        total += turns;
        delegators.add(its.delegator());
      }
      if (turns > 0 && its.delegator().equals(asking.delegator())) {
        ofDelegator += turns;
        authorities.add(its.authority());
        ofAuthority += its.equals(asking) ? turns : 0;
      }
    }
    return new MemoryShare.Room(
        total, delegators.size(), ofDelegator, authorities.size(), ofAuthority);
  }

  private void forgetIfIdle(MemoryShare share, Party party) {
    if (party.turns == 0 && party.waiting == 0) {
      parties.remove(share);
    }
  }

  private void giveBack(@Nullable MemoryShare share) {
    if (share == null) {
      strangers.release();
      return;
    }
    lock.lock();
    try {
      Party party = parties.get(share);
      if (party != null) {
        party.turns--;
        forgetIfIdle(share, party);
      }
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
