package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What was used, in this process's memory: until when, how many times, and whose share it takes. It
 * forgets only what has ended, and then takes nothing any more that could be among it. Every method
 * takes amortized constant time for each use. Not thread-safe: its memory's lock guards it.
 */
final class UseIndex {
  /** Uses that end in the same group leave together, so that there are few groups. */
  private static final long GROUP_MILLIS = 1000;

  private static final int HALF_ID = 16;

  /**
   * Something that is used a number of times. Known by the first 128 bits of its id; ordered, so
   * that a map with ids that somebody chose is no slower.
   */
  static final class Use implements Comparable<Use> {
    final long high;
    final long low;

    /** Rises with the end, among things that share a window: what is forgotten is told by it. */
    final long order;

    final long until;
    private final int limit;
    private int times;
    private MemoryShares.@Nullable Holding holding; // while it is remembered

    Use(long high, long low, long order, long until, int limit) {
      this.high = high;
      this.low = low;
      this.order = order;
      this.until = until;
      this.limit = limit;
    }

    static Use of(ReplayMemory.Use proof) {
      return of(proof.id(), proof.issuedAt(), proof.until(), 1);
    }

    static Use of(ApprovalUses.Use approval) {
      return of(approval.id(), approval.until(), approval.until(), approval.calls());
    }

    /** The use of a proof, by its id as bytes; the times are milliseconds since 1970. */
    static Use of(byte[] id, long issuedAt, long until) {
      ByteBuffer first = ByteBuffer.wrap(id);
      return new Use(first.getLong(), first.getLong(), issuedAt, until, 1);
    }

    private static Use of(String id, Instant order, Instant until, int limit) {
      try {
        return new Use(
            HexFormat.fromHexDigitsToLong(id, 0, HALF_ID),
            HexFormat.fromHexDigitsToLong(id, HALF_ID, 2 * HALF_ID),
            order.toEpochMilli(),
            until.toEpochMilli(),
            limit);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the id of what is used is 64 hex digits", e);
      }
    }

    @Override
    public int compareTo(Use other) {
      int first = Long.compare(high, other.high);
      return first == 0 ? Long.compare(low, other.low) : first;
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

  private final Map<Use, Use> uses = new HashMap<>();
  private final TreeMap<Long, List<Use>> byEnd = new TreeMap<>();
  private final MemoryShares shares;
  private long forgotten = Long.MIN_VALUE;

  /**
   * Makes an empty index.
   *
   * @param capacity how many different things it holds
   */
  UseIndex(int capacity) {
    this.shares = new MemoryShares(capacity);
  }

  /** True if something was used as many times as it may be, or may have been forgotten. */
  boolean isUsed(Use wanted) {
    Use known = uses.get(wanted);
    return wanted.order <= forgotten || (known != null && known.times >= wanted.limit);
  }

  /** True if somebody may add those that are not there yet. */
  boolean hasRoom(MemoryShare share, List<Use> wanted) {
    int more = 0;
    for (Use use : wanted) {
      more += uses.containsKey(use) ? 0 : 1;
    }
    return more == 0 || shares.hasRoom(share, more);
  }

  /** Notes uses, whether there is room or not; of several ends the latest counts. */
  void add(Use use, MemoryShare share, int times) {
    Use known = uses.putIfAbsent(use, use);
    if (known == null) {
      use.times = times;
      use.holding = shares.add(share);
      remember(use);
    } else if (use.until > known.until) {
      forgetEnd(known);
      use.times = known.times + times;
      use.holding = known.holding;
      uses.remove(known); // the key is the one that has the number
      uses.put(use, use);
      remember(use);
    } else {
      known.times += times;
    }
  }

  private void remember(Use use) {
    byEnd.computeIfAbsent(group(use.until), group -> new ArrayList<>(1)).add(use);
  }

  /** Takes back one use. */
  void remove(Use use) {
    Use known = uses.get(use);
    if (known == null || --known.times > 0) {
      return;
    }
    forgetEnd(known);
    forget(known);
  }

  private void forgetEnd(Use use) {
    Long group = group(use.until);
    List<Use> together = byEnd.get(group);
    if (together != null && together.remove(use) && together.isEmpty()) {
      byEnd.remove(group);
    }
  }

  /**
   * Forgets the groups in which everything has ended.
   *
   * @param now milliseconds since 1970
   */
  void dropEnded(long now) {
    long current = group(now);
    while (!byEnd.isEmpty() && byEnd.firstKey() < current) {
      for (Use use : byEnd.pollFirstEntry().getValue()) {
        forgetUpTo(use.order);
        forget(use);
      }
    }
  }

  private static long group(long millis) {
    return Math.floorDiv(millis, GROUP_MILLIS);
  }

  private void forget(Use use) {
    uses.remove(use);
    if (use.holding != null) {
      shares.remove(use.holding);
      use.holding = null;
    }
  }

  /** The latest order of anything that was forgotten. */
  long forgotten() {
    return forgotten;
  }

  /** Takes note of what another process forgot. */
  void forgetUpTo(long order) {
    forgotten = Math.max(forgotten, order);
  }

  int size() {
    return uses.size();
  }

  /** Shows everything that is there, with the number of its uses. */
  void forEach(BiConsumer<Use, Integer> action) {
    uses.values().forEach(use -> action.accept(use, use.times));
  }

  /** Whose part of the memory something takes that is there. */
  static MemoryShare shareOf(Use use) {
    MemoryShares.Holding holding = use.holding;
    if (holding == null) {
      throw new IllegalArgumentException("it is not remembered");
    }
    return holding.share();
  }
}
