package dev.taper.agent.memory;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was charged to one counter, and still counts: in all, or by parts of its window. Time never
 * goes back in it. Not thread-safe: its store's lock guards it.
 */
final class BudgetCounter {
  private final Budgets.@Nullable Window window;
  private final TreeMap<Long, Long> byPart = new TreeMap<>();
  private long spent;
  private long latest = Long.MIN_VALUE;

  /** Makes a counter to which nothing was charged. */
  BudgetCounter(Budgets.@Nullable Window window) {
    this.window = window;
  }

  /** A counter for a charge, to which nothing was charged. */
  static BudgetCounter of(Budgets.Charge charge) {
    return new BudgetCounter(charge.window() == null ? null : Budgets.Window.of(charge.window()));
  }

  Budgets.@Nullable Window window() {
    return window;
  }

  /** How much counts at a time. */
  long spent(Instant now) {
    if (window == null) {
      return spent;
    }
    long passed = 0;
    for (long amount : passed(part(now)).values()) {
      passed += amount;
    }
    return spent - passed;
  }

  private long part(Instant now) {
    return window == null ? 0 : Math.max(latest, window.at(now));
  }

  /** What counts no more in a part; mostly nothing, or what one part holds. */
  private Map<Long, Long> passed(long part) {
    return window == null ? Map.of() : byPart.headMap(part - window.parts() + 1);
  }

  /**
   * Charges an amount, for which there is enough left by {@link #spent}, and drops what counts no
   * more.
   *
   * @return the part that it falls into; 0 without a window
   */
  long add(long amount, Instant now) {
    if (window == null) {
      spent += amount;
      return 0;
    }
    long part = part(now);
    spent = spent(now);
    passed(part).clear();
    restore(part, amount);
    return part;
  }

  /** Puts back what was charged in a part, as a store kept it. */
  void restore(long part, long amount) {
    spent += amount;
    if (window != null) {
      latest = Math.max(latest, part);
      byPart.merge(part, amount, Long::sum);
    }
  }

  /** Takes a charge of a part back; what has passed counts no more anyway. */
  void giveBack(long part, long amount) {
    if (window == null) {
      spent -= amount;
    } else if (byPart.computeIfPresent(part, (known, before) -> before - amount) != null) {
      spent -= amount;
    }
  }

  /** What counts in each part; without a window all of it in part 0. */
  Map<Long, Long> parts() {
    return window == null ? Map.of(0L, spent) : byPart;
  }

  /** From when on nothing counts that was charged so far; null without a window. */
  @Nullable Instant end() {
    return window == null || latest == Long.MIN_VALUE ? null : window.end(latest);
  }
}
