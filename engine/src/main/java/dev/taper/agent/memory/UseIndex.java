package dev.taper.agent.memory;

import java.time.Instant;
import java.util.List;

/**
 * What was used, in this process's memory: until when, how many times, and whose share it takes. It
 * forgets only what has ended, and then takes nothing any more that could be among it. An entry is
 * a row of numbers ({@link UseRows}), which takes 48 bytes; each second in which something ends
 * takes about 90 more. Every method takes amortized constant time for each use, and none copies
 * many entries at once. Not thread-safe: its memory's lock guards it.
 */
final class UseIndex {
  /** How much of what has ended one call forgets, so that none waits for it long. */
  static final int STEP = 64;

  private static final int NONE = UseRows.NONE;

  /**
   * Something that is used a number of times. Known by 128 bits: the first of its id, or its keyed
   * {@linkplain Fingerprints fingerprint}.
   */
  static final class Use {
    final long high;
    final long low;

    /** Rises with the end, among things that share a window: what is forgotten is told by it. */
    final long order;

    final long until;
    final int limit;

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

    private static Use of(String id, Instant order, Instant until, int limit) {
      return new Use(
          Fingerprints.part(id, 0),
          Fingerprints.part(id, 1),
          order.toEpochMilli(),
          until.toEpochMilli(),
          limit);
    }
  }

  /** Takes what is there. */
  interface Visitor {
    void visit(Use use, MemoryShare share, int times);
  }

  private final UseRows rows = new UseRows();
  private final UseTable table;
  private final UseEnds ends = new UseEnds(rows);
  private final MemoryShares shares;
  private long forgotten = Long.MIN_VALUE;

  /**
   * Makes an empty index.
   *
   * @param capacity how many different things it holds
   */
  UseIndex(int capacity) {
    this(new MemoryShares(capacity), IdHash.secret());
  }

  /**
   * Makes an empty index.
   *
   * @param shares what it holds at most, with nothing counted yet
   * @param hash spreads the ids that are looked up
   */
  UseIndex(MemoryShares shares, IdHash hash) {
    this.table = new UseTable(rows, hash);
    this.shares = shares;
  }

  /** How many different things it holds at most, as those share it who have any. */
  long capacity() {
    return shares.capacity();
  }

  /** True if something was used as many times as it may be, or may have been forgotten. */
  boolean isUsed(Use wanted) {
    if (wanted.order <= forgotten) {
      return true;
    }
    int row = find(wanted);
    return row != NONE && rows.times(row) >= wanted.limit;
  }

  /** True if somebody may add those that are not there yet. */
  boolean hasRoom(MemoryShare share, List<Use> wanted) {
    int more = 0;
    for (Use use : wanted) {
      more += find(use) == NONE ? 1 : 0;
    }
    return more == 0 || shares.hasRoom(share, more);
  }

  /** True if somebody may add one that may not be there yet. */
  boolean hasRoom(MemoryShare share, Use wanted) {
    return find(wanted) != NONE || shares.hasRoom(share, 1);
  }

  /** Notes uses, whether there is room or not; of several ends the latest counts. */
  void add(Use use, MemoryShare share, int times) {
    int row = find(use);
    if (row == NONE) {
      int holding = shares.add(share).number();
      row = table.add(use.high, use.low);
      rows.set(UseRows.HOLDING, row, holding);
      rows.put(row, use.until, use.order, times);
      ends.add(row);
    } else if (use.until > rows.until(row)) {
      ends.remove(row);
      rows.put(row, use.until, use.order, rows.times(row) + times);
      ends.add(row);
    } else {
      setTimes(row, rows.times(row) + times);
    }
  }

  private int find(Use use) {
    return table.find(use.high, use.low);
  }

  private void setTimes(int row, int times) {
    rows.put(row, rows.until(row), rows.order(row), times);
  }

  /** Takes back one use. */
  void remove(Use use) {
    int row = find(use);
    if (row == NONE) {
      return;
    }
    int left = rows.times(row) - 1;
    if (left > 0) {
      setTimes(row, left);
    } else {
      forget(row);
    }
  }

  /**
   * Forgets the groups in which everything has ended.
   *
   * @param now milliseconds since 1970
   */
  void dropEnded(long now) {
    boolean more = true;
    while (more) {
      more = dropSome(now);
    }
  }

  /**
   * Forgets some of what {@link #dropEnded} does: a few entries, or as many as somebody needs who
   * has no room yet. The others count as used until they are forgotten too.
   *
   * @param share who adds
   * @param wanted how many at most
   * @param now milliseconds since 1970
   */
  void makeRoom(MemoryShare share, int wanted, long now) {
    boolean more = dropSome(now);
    while (more && !shares.hasRoom(share, wanted)) {
      more = dropSome(now);
    }
  }

  /** Forgets at most {@link #STEP} entries; true if there were any. */
  private boolean dropSome(long now) {
    for (int dropped = 0; dropped < STEP; dropped++) {
      int row = ends.ended(now);
      if (row == NONE) {
        return dropped > 0;
      }
      forgetUpTo(rows.order(row));
      forget(row);
    }
    return true;
  }

  private void forget(int row) {
    shares.remove(holding(row));
    ends.remove(row);
    table.remove(row);
    if (row < rows.size()) {
      ends.moved(row); // what was in the last row
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
    return rows.size();
  }

  /** Shows everything that is there, with whose part it takes and the number of its uses. */
  void forEach(Visitor visitor) {
    for (int row = 0; row < rows.size(); row++) {
      Use use = new Use(rows.high(row), rows.low(row), rows.order(row), rows.until(row), 1);
      visitor.visit(use, holding(row).share(), rows.times(row));
    }
  }

  private MemoryShares.Holding holding(int row) {
    return shares.numbered(rows.get(UseRows.HOLDING, row));
  }
}
