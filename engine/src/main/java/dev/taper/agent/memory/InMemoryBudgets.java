package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts budgets in this process, and forgets them with it: good for one process whose limits may
 * start anew with it, such as limits of rate. A counter that was ever charged is never dropped; a
 * store without room for another one refuses. Thread-safe; charging takes constant time for each
 * counter, and a sixtieth of a window's parts, under one lock.
 */
public final class InMemoryBudgets implements Budgets {
  /** How many counters {@link #forThisProcessOnly()} holds; each takes about 300 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 16;

  /** What was charged: in all, or by parts of a window. */
  private static final class Counter {
    private long spent;
    private final TreeMap<Long, Long> byPart = new TreeMap<>();

    /** The part that a charge falls into; time never goes back. */
    long part(Charge charge, Instant now) {
      if (charge.window() == null) {
        return 0;
      }
      long part = BudgetWindow.of(charge.window()).at(now);
      return byPart.isEmpty() ? part : Math.max(part, byPart.lastKey());
    }

    /** What counts in a part; drops what counts no more. */
    long spent(Charge charge, long part) {
      if (charge.window() != null) {
        long first = part - BudgetWindow.of(charge.window()).parts() + 1;
        Map<Long, Long> passed = byPart.headMap(first);
        for (long amount : passed.values()) {
          spent -= amount;
        }
        passed.clear();
      }
      return spent;
    }

    void add(Charge charge, long part) {
      spent += charge.amount();
      if (charge.window() != null) {
        byPart.merge(part, charge.amount(), Long::sum);
      }
    }

    void giveBack(Charge charge, long part) {
      if (charge.window() == null) {
        spent -= charge.amount();
      } else if (byPart.containsKey(part)) { // else it has passed, and counts no more
        byPart.merge(part, -charge.amount(), Long::sum);
        spent -= charge.amount();
      }
    }
  }

  private final int capacity;
  private final Object lock = new Object();
  // All guarded by the lock.
  private final Map<String, Counter> counters = new HashMap<>();
  private final MemoryShares shares;

  private InMemoryBudgets(int capacity) {
    this.capacity = capacity;
    this.shares = new MemoryShares(capacity);
  }

  /** Makes a store of the default capacity, whose counters end with this process. */
  public static InMemoryBudgets forThisProcessOnly() {
    return forThisProcessOnly(DEFAULT_CAPACITY);
  }

  /**
   * Makes a store whose counters end with this process.
   *
   * @param capacity the most counters, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public static InMemoryBudgets forThisProcessOnly(int capacity) {
    if (capacity < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a store holds at least one counter, not " + capacity);
    }
    return new InMemoryBudgets(capacity);
  }

  @Override
  public Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
    synchronized (lock) {
      Exhausted exhausted = find(charges, now);
      if (exhausted != null) {
        return exhausted;
      }
      long more = charges.stream().filter(one -> !counters.containsKey(one.counter())).count();
      if (more > 0 && !shares.hasRoom(share, (int) more)) {
        throw new TaperException(
            ErrorCode.BUDGET_UNAVAILABLE,
            "no room to count another budget of this delegation; there is room for " + capacity);
      }
      List<Long> parts = new ArrayList<>(charges.size());
      for (Charge charge : charges) {
        Counter counter = counters.get(charge.counter());
        if (counter == null) {
          counter = new Counter();
          counters.put(charge.counter(), counter);
          shares.add(share);
        }
        long part = counter.part(charge, now);
        counter.add(charge, part);
        parts.add(part);
      }
      return new Charged(charges, parts);
    }
  }

  private @Nullable Exhausted find(List<Charge> charges, Instant now) {
    for (int i = 0; i < charges.size(); i++) {
      Charge charge = charges.get(i);
      Counter counter = counters.get(charge.counter());
      long spent = counter == null ? 0 : counter.spent(charge, counter.part(charge, now));
      if (charge.amount() > charge.limit() - spent) {
        return new Exhausted(i, Math.max(0, charge.limit() - spent));
      }
    }
    return null;
  }

  @Override
  public void giveBack(Charged charged) {
    synchronized (lock) {
      for (int i = 0; i < charged.charges().size(); i++) {
        Charge charge = charged.charges().get(i);
        Counter counter = counters.get(charge.counter());
        if (counter != null) {
          counter.giveBack(charge, charged.parts().get(i));
        }
      }
    }
  }

  @Override
  public @Nullable Exhausted look(List<Charge> charges, Instant now) {
    synchronized (lock) {
      return find(charges, now);
    }
  }

  @Override
  public Fill fill() {
    synchronized (lock) {
      return new Fill(counters.size(), capacity);
    }
  }
}
