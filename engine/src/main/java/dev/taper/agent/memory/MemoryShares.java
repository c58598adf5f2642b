package dev.taper.agent.memory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts who has how much of a memory in this process, or of anything else that has room for so
 * many, to share it by {@link MemoryShare.Room}. Every method takes constant time, and there are
 * never more counts than entries. Not thread-safe: its memory's lock guards it.
 */
public final class MemoryShares {
  /**
   * What is counted against the capacity of a memory.
   *
   * @param entry for each entry
   * @param delegator for each delegator that has any, beside them
   * @param authority for each authority block that has any, beside them
   */
  record Weights(int entry, int delegator, int authority) {
    /** Only entries count, and each as one. */
    static final Weights ENTRIES = new Weights(1, 0, 0);
  }

  private final long capacity;
  private final Weights weights;
  private final Map<String, Delegator> delegators = new HashMap<>();
  private final Numbers numbers = new Numbers();
  private long total; // of all weights
  private long parties; // of all weights but those of entries

  /** The entries of one delegator. */
  private static final class Delegator {
    final String name;
    final Map<String, Holding> authorities = new HashMap<>();
    long held; // with the weights of the delegator and its blocks

    Delegator(String name) {
      this.name = name;
    }
  }

  /** The entries of one authority block. Guarded as its counts are. */
  public static final class Holding {
    private final Delegator delegator;
    private final String authority;
    private int number;
    private int held;

    private Holding(Delegator delegator, String authority) {
      this.delegator = delegator;
      this.authority = authority;
    }

    /** Whose entries these are. */
    public MemoryShare share() {
      return new MemoryShare(delegator.name, authority);
    }

    /** What {@link #numbered} finds it by as long as there are entries, without an object. */
    int number() {
      return number;
    }
  }

  /** Numbers holdings from 0. A free number is used again. */
  private static final class Numbers {
    private static final int FEW = 8;

    private @Nullable Holding[] holdings = new @Nullable Holding[FEW];
    private int[] free = new int[FEW]; // a stack
    private int freed;
    private int end; // above all that were used

    void add(Holding holding) {
      if (freed == 0 && end == holdings.length) {
        holdings = Arrays.copyOf(holdings, 2 * end);
        free = Arrays.copyOf(free, 2 * end);
      }
      holding.number = freed == 0 ? end++ : free[--freed];
      holdings[holding.number] = holding;
    }

    Holding get(int number) {
      Holding holding = holdings[number];
      if (holding == null) {
        throw new IllegalArgumentException("nobody holds number " + number);
      }
      return holding;
    }

    void remove(Holding holding) {
      holdings[holding.number] = null;
      free[freed++] = holding.number;
      if (freed == end && end > FEW) { // all are free
        holdings = new @Nullable Holding[FEW];
        free = new int[FEW];
        freed = 0;
        end = 0;
      }
    }
  }

  /**
   * Starts to count.
   *
   * @param capacity how many entries the memory holds
   */
  public MemoryShares(int capacity) {
    this(capacity, Weights.ENTRIES);
  }

  /**
   * Starts to count.
   *
   * @param capacity the most that the weights of all that it holds may be together
   */
  MemoryShares(long capacity, Weights weights) {
    this.capacity = capacity;
    this.weights = weights;
  }

  /** How many entries there are; with other weights, what they weigh. */
  public long total() {
    return total;
  }

  /** How many entries there may be of those who have any. */
  long capacity() {
    return (capacity - parties) / weights.entry;
  }

  /**
   * True if somebody may add entries.
   *
   * @param share who
   * @param wanted how many
   */
  public boolean hasRoom(MemoryShare share, int wanted) {
    Delegator delegator = delegators.get(share.delegator());
    Holding holding = delegator == null ? null : delegator.authorities.get(share.authority());
    long more =
        (long) wanted * weights.entry
            + isNew(holding) * weights.authority
            + isNew(delegator) * weights.delegator;
    return new MemoryShare.Room(
            total,
            delegators.size() + isNew(delegator),
            delegator == null ? 0 : delegator.held,
            (delegator == null ? 0 : delegator.authorities.size()) + isNew(holding),
            holding == null ? 0 : (long) holding.held * weights.entry + weights.authority)
        .hasRoom(more, capacity, (long) weights.entry + weights.authority);
  }

  private static long isNew(@Nullable Object party) {
    return party == null ? 1 : 0;
  }

  /**
   * Counts an entry, whether there is room or not.
   *
   * @return what {@link #remove} takes when the entry has ended
   */
  public Holding add(MemoryShare share) {
    Delegator delegator = delegators.get(share.delegator());
    if (delegator == null) {
      delegator = new Delegator(share.delegator());
      delegators.put(delegator.name, delegator);
      countParty(delegator, weights.delegator);
    }
    Holding holding = delegator.authorities.get(share.authority());
    if (holding == null) {
      holding = new Holding(delegator, share.authority());
      numbers.add(holding);
      delegator.authorities.put(share.authority(), holding);
      countParty(delegator, weights.authority);
    }
    holding.held++;
    count(delegator, weights.entry);
    return holding;
  }

  private void count(Delegator delegator, int weight) {
    delegator.held += weight;
    total += weight;
  }

  private void countParty(Delegator delegator, int weight) {
    count(delegator, weight);
    parties += weight;
  }

  /** The holding that has a number. */
  Holding numbered(int number) {
    return numbers.get(number);
  }

  /** Stops counting an entry. */
  public void remove(Holding holding) {
    Delegator delegator = holding.delegator;
    count(delegator, -weights.entry);
    if (--holding.held == 0) {
      delegator.authorities.remove(holding.authority);
      numbers.remove(holding);
      countParty(delegator, -weights.authority);
    }
    if (delegator.authorities.isEmpty()) {
      delegators.remove(delegator.name);
      countParty(delegator, -weights.delegator);
    }
  }
}
