package dev.taper.store;

import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The room for rows in a table, which delegators and their authority blocks share as {@link
 * MemoryShare.Room} says. The table has the columns {@code delegator} and {@code authority}.
 * Thread-safe.
 */
final class SqlRoom {
  /**
   * The part of what is free below half of the table that a process may take before it counts
   * again. Others may take as much meanwhile.
   */
  private static final int PART = 16;

  /** How long a process takes before it counts again. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** How many shares without room are known at a time. */
  private static final int MAX_REFUSED = 1024;

  private final String table;
  private final int capacity;

  // Guarded by this.
  private long free;
  private Instant counted = Instant.MIN;
  private final Map<MemoryShare, Instant> refused = new HashMap<>();

  /**
   * Looks after a table.
   *
   * @param table its name
   * @param capacity how many rows it has room for
   */
  SqlRoom(String table, int capacity) {
    this.table = table;
    this.capacity = MemoryShare.Room.checked(capacity);
  }

  /**
   * True if it is known that there is room, which is taken then. Far below half of the capacity
   * nobody is limited, and to count the rows each time would take longer than all the rest.
   */
  synchronized boolean isFree(int wanted, Instant now) {
    if (!isRecent(counted, now) || free < wanted) {
      return false;
    }
    free -= wanted;
    return true;
  }

  /** True if somebody may have added rows; counts them all. */
  boolean hasRoom(Connection connection, int added, MemoryShare share, Instant now)
      throws SQLException {
    MemoryShare.Room fill = fill(connection, share, added);
    isCounted((capacity / 2 - fill.total()) / PART, now);
    boolean hasRoom = added == 0 || fill.hasRoom(added, capacity);
    if (!hasRoom) {
      isRefused(share, now);
    }
    return hasRoom;
  }

  private synchronized void isRefused(MemoryShare share, Instant now) {
    refused.values().removeIf(since -> !isRecent(since, now));
    if (refused.size() < MAX_REFUSED) {
      refused.put(share, now);
    }
  }

  /**
   * True if there was no room for somebody a moment ago. To count the rows for each call of who has
   * used up its share would take the time of all others.
   */
  synchronized boolean wasRefused(MemoryShare share, Instant now) {
    Instant since = refused.get(share);
    return since != null && isRecent(since, now);
  }

  private static boolean isRecent(Instant since, Instant now) {
    return !now.isBefore(since) && now.isBefore(since.plus(AGAIN));
  }

  private synchronized void isCounted(long newlyFree, Instant now) {
    free = newlyFree;
    counted = now;
  }

  /** How full it was before somebody added rows. */
  private MemoryShare.Room fill(Connection connection, MemoryShare share, int added)
      throws SQLException {
    String sql =
        "SELECT COUNT(*), COUNT(DISTINCT CASE WHEN delegator <> ? THEN delegator END) + 1,"
            + " COUNT(CASE WHEN delegator = ? THEN 1 END),"
            + " COUNT(DISTINCT CASE WHEN delegator = ? AND authority <> ? THEN authority END) + 1,"
            + " COUNT(CASE WHEN delegator = ? AND authority = ? THEN 1 END) FROM "
            + table;
    try (PreparedStatement count = connection.prepareStatement(sql)) {
      count.setString(1, share.delegator());
      count.setString(2, share.delegator());
      count.setString(3, share.delegator());
      count.setString(4, share.authority());
      count.setString(5, share.delegator());
      count.setString(6, share.authority());
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return new MemoryShare.Room(
            row.getLong(1) - added,
            row.getLong(2),
            row.getLong(3) - added,
            row.getLong(4),
            row.getLong(5) - added);
      }
    }
  }
}
