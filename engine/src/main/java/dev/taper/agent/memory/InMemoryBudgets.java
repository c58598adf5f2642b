package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts budgets in this process, and forgets them with it: good for one process whose limits may
 * start anew with it, such as limits of rate. A counter without a window is never dropped, and one
 * with a window only when nothing of it counts any more; a store without room for another one
 * refuses. Thread-safe; charging takes constant time for each counter, and a sixtieth of a window's
 * parts, under one lock.
 */
final class InMemoryBudgets implements Budgets {
  /** How many counters it holds; each takes about 300 bytes. */
  static final int DEFAULT_CAPACITY = 1 << 16;

  /** How long a full store waits before it looks again for what counts no more. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** A counter, and whose part of the store it takes. */
  private record Held(BudgetCounter counter, MemoryShares.Holding holding) {}

  private final int capacity;
  private final Object lock = new Object();
  // All guarded by the lock.
  private final Map<String, Held> counters = new HashMap<>();
  private final MemoryShares shares;
  private Instant forgotten = Instant.MIN;
  private Instant looked = Instant.MIN;

  /**
   * Makes a store whose counters end with this process.
   *
   * @param capacity the most counters, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  InMemoryBudgets(int capacity) {
    this.capacity = MemoryShare.Room.checked(capacity);
    this.shares = new MemoryShares(capacity);
  }

  @Override
  public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant time) {
    synchronized (lock) {
      Instant now = later(time);
      Exhausted exhausted = find(charges, now);
      if (exhausted != null) {
        return exhausted;
      }
      requireRoom(charges, share, now);
      List<Long> parts = new ArrayList<>(charges.size());
      for (Budgets.Charge charge : charges) {
        Held held = counters.get(charge.counter());
        if (held == null) {
          held = new Held(BudgetCounter.of(charge), shares.add(share));
          counters.put(charge.counter(), held);
        }
        parts.add(held.counter.add(charge.amount(), now));
      }
      return new Charged(charges, parts);
    }
  }

  /** A time, or the latest that ended a counter which was dropped: time never goes back. */
  private Instant later(Instant time) {
    return time.isBefore(forgotten) ? forgotten : time;
  }

  private void requireRoom(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
    int more = 0;
    for (Budgets.Charge charge : charges) {
      more += counters.containsKey(charge.counter()) ? 0 : 1;
    }
    if (more == 0 || shares.hasRoom(share, more)) {
      return;
    }
    dropEnded(now);
    if (!shares.hasRoom(share, more)) {
      throw MemoryShare.Room.full(ErrorCode.BUDGETS_FULL, capacity);
    }
  }

  private void dropEnded(Instant now) {
    if (now.isBefore(looked)) {
      return;
    }
    looked = now.plus(AGAIN);
    for (Iterator<Held> all = counters.values().iterator(); all.hasNext(); ) {
      Held held = all.next();
      Instant end = held.counter.end();
      if (end != null && !now.isBefore(end)) {
        forgotten = end.isAfter(forgotten) ? end : forgotten;
        shares.remove(held.holding);
        all.remove();
      }
    }
  }

  private @Nullable Exhausted find(List<Budgets.Charge> charges, Instant now) {
    for (int i = 0; i < charges.size(); i++) {
      Budgets.Charge charge = charges.get(i);
      Held held = counters.get(charge.counter());
      Exhausted exhausted = Exhausted.of(i, charge, held == null ? 0 : held.counter.spent(now));
      if (exhausted != null) {
        return exhausted;
      }
    }
    return null;
  }

  @Override
  public void giveBack(Charged charged) {
    synchronized (lock) {
      for (int i = 0; i < charged.charges().size(); i++) {
        Budgets.Charge charge = charged.charges().get(i);
        Held held = counters.get(charge.counter());
        if (held != null) {
          held.counter.giveBack(charged.parts().get(i), charge.amount());
        }
      }
    }
  }

  @Override
  public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    synchronized (lock) {
      return find(charges, later(now));
    }
  }

  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public Fill fill() {
    synchronized (lock) {
      return new Fill(counters.size(), capacity);
    }
  }
}
