package dev.taper.store;

import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many rows of a table each delegator and each authority block has: counted once for all, and
 * counted on while this process takes more. Not thread-safe.
 */
final class RoomCount {
  /**
   * As many rows as this are taken in all for each that this process takes: others take some
   * meanwhile.
   */
  private static final int WITH_OTHERS = 16;

  /** The same for rows of one delegator: fewer, so that its room is not counted again and again. */
  private static final int OF_ONE_WITH_OTHERS = 2;

  /**
   * This part of all room is taken without regard to others: near a limit all would be counted for
   * each row otherwise.
   */
  private static final int UNREGARDED = 1024;

  /** How many digits of a digest tell shares apart here: all that a long holds. */
  private static final int DIGITS = 15;

  private static final int ROWS_AT_ONCE = 4096;

  private static final class Owner {
    private long rows;
    private long taken;
    private int authorities;
  }

  private final int capacity;
  private final Instant since;
  private final Map<Long, Owner> delegators = new HashMap<>();
  private final Map<Long, Long> authorities = new HashMap<>();
  private final Map<Long, Long> takenOfAuthorities = new HashMap<>();
  private long total;
  private long taken;

  private RoomCount(int capacity, Instant since) {
    this.capacity = capacity;
    this.since = since;
  }

  /** Counts the rows of a table that has the columns {@code delegator} and {@code authority}. */
  static RoomCount of(Connection connection, String table, int capacity, Instant now)
      throws SQLException {
    RoomCount count = new RoomCount(capacity, now);
    String sql =
        "SELECT delegator, authority, COUNT(*) FROM " + table + " GROUP BY delegator, authority";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          count.add(new MemoryShare(row.getString(1), row.getString(2)), row.getLong(3));
        }
      }
    }
    return count;
  }

  Instant since() {
    return since;
  }

  private static Long key(String digest) {
    return Long.valueOf(digest.substring(0, DIGITS), 16);
  }

  /** Adds rows, or takes them away; none has fewer than none. */
  private void add(MemoryShare share, long rows) {
    Long authority = key(share.authority());
    long before = authorities.getOrDefault(authority, 0L);
    long after = Math.max(0, before + rows);
    Owner owner = delegators.computeIfAbsent(key(share.delegator()), any -> new Owner());
    owner.rows += after - before;
    total += after - before;
    if (after == 0) {
      authorities.remove(authority);
      owner.authorities -= before == 0 ? 0 : 1;
    } else {
      authorities.put(authority, after);
      owner.authorities += before == 0 ? 1 : 0;
    }
    if (owner.rows == 0) {
      delegators.remove(key(share.delegator()));
    }
  }

  /** Leaves out rows that somebody is about to take. */
  void leaveOut(MemoryShare share, int rows) {
    add(share, -rows);
  }

  /** Counts rows that this process takes, or fewer than none if it took too many. */
  void take(MemoryShare share, int rows) {
    add(share, rows);
    taken = Math.max(0, taken + rows);
    takenOfAuthorities.merge(key(share.authority()), (long) rows, Long::sum);
    Owner owner = delegators.get(key(share.delegator()));
    if (owner != null) {
      owner.taken += rows;
    }
  }

  /** True if there is room by what is known. */
  boolean hasRoom(MemoryShare share, int wanted) {
    return room(share, 0, 0).hasRoom(wanted, capacity);
  }

  /** True if there is room even if others took some since. */
  boolean surelyHasRoom(MemoryShare share, int wanted) {
    if (taken + wanted <= capacity / UNREGARDED) {
      return hasRoom(share, wanted);
    }
    return room(share, WITH_OTHERS - 1, OF_ONE_WITH_OTHERS - 1).hasRoom(wanted, capacity);
  }

  private MemoryShare.Room room(MemoryShare share, int others, int othersOfOne) {
    Owner owner = delegators.getOrDefault(key(share.delegator()), new Owner());
    Long authority = key(share.authority());
    long ofAuthority = authorities.getOrDefault(authority, 0L);
    return new MemoryShare.Room(
        total + others * taken,
        delegators.size() + (owner.rows == 0 ? 1 : 0),
        owner.rows + othersOfOne * owner.taken,
        owner.authorities + (ofAuthority == 0 ? 1 : 0),
        ofAuthority + othersOfOne * takenOfAuthorities.getOrDefault(authority, 0L));
  }
}
