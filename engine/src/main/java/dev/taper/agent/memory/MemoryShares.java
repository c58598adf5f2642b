package dev.taper.agent.memory;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts who has how much of a memory in this process, to share it by {@link MemoryShare.Room}.
 * Every method takes constant time, and there are never more counts than entries. Not thread-safe:
 * its memory's lock guards it.
 */
final class MemoryShares {
  private final int capacity;
  private final Map<String, Delegator> delegators = new HashMap<>();
  private int total;

  /** The entries of one delegator. */
  private static final class Delegator {
    final String name;
    final Map<String, Holding> authorities = new HashMap<>();
    int held;

    Delegator(String name) {
      this.name = name;
    }
  }

  /** The entries of one authority block. */
  static final class Holding {
    private final Delegator delegator;
    private final String authority;
    private int held;

    private Holding(Delegator delegator, String authority) {
      this.delegator = delegator;
      this.authority = authority;
    }

    /** Whose entries these are. */
    MemoryShare share() {
      return new MemoryShare(delegator.name, authority);
    }
  }

  /**
   * Starts to count.
   *
   * @param capacity how many entries the memory holds
   */
  MemoryShares(int capacity) {
    this.capacity = capacity;
  }

  /**
   * True if somebody may add entries.
   *
   * @param share who
   * @param wanted how many
   */
  boolean hasRoom(MemoryShare share, int wanted) {
    Delegator delegator = delegators.get(share.delegator());
    Holding holding = delegator == null ? null : delegator.authorities.get(share.authority());
    return new MemoryShare.Room(
            total,
            delegators.size() + isNew(delegator),
            delegator == null ? 0 : delegator.held,
            (delegator == null ? 0 : delegator.authorities.size()) + isNew(holding),
            holding == null ? 0 : holding.held)
        .hasRoom(wanted, capacity);
  }

  private static int isNew(@Nullable Object party) {
    return party == null ? 1 : 0;
  }

  /**
   * Counts an entry, whether there is room or not.
   *
   * @return what {@link #remove} takes when the entry has ended
   */
  Holding add(MemoryShare share) {
    Delegator delegator = delegators.computeIfAbsent(share.delegator(), Delegator::new);
    Holding holding = delegator.authorities.get(share.authority());
    if (holding == null) {
      holding = new Holding(delegator, share.authority());
      delegator.authorities.put(share.authority(), holding);
    }
    holding.held++;
    delegator.held++;
    total++;
    return holding;
  }

  /** Stops counting an entry. */
  void remove(Holding holding) {
    Delegator delegator = holding.delegator;
    if (--holding.held == 0) {
      delegator.authorities.remove(holding.authority);
    }
    if (--delegator.held == 0) {
      delegators.remove(delegator.name);
    }
    total--;
  }
}
