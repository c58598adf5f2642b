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
   * The part of what is free, below half of the table or for one share above that, which a process
   * may take before it counts again. Others may take as much meanwhile.
   */
  private static final int PART = 16;

  /** How long a process takes before it counts again. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** How many shares are known at a time that have no room, or some. */
  private static final int MAX_SHARES = 1024;

  /**
   * What a share may take, or may not.
   *
   * @param rows how many rows
   * @param since when they were counted
   */
  private record Part(long rows, Instant since) {}

  private final String table;
  private final int capacity;

  // Guarded by this.
  private long free;
  private Instant counted = Instant.MIN;
  private final Map<MemoryShare, Part> refused = new HashMap<>();
  private final Map<MemoryShare, Part> parts = new HashMap<>();

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
   * True if it is known that there is room, which is taken then. To count the rows each time would
   * take longer than all the rest.
   */
  synchronized boolean isFree(int wanted, MemoryShare share, Instant now) {
    if (isRecent(counted, now) && free >= wanted) {
      free -= wanted;
      return true;
    }
    Part part = parts.get(share);
    if (part == null || !isRecent(part.since, now) || part.rows < wanted) {
      return false;
    }
    parts.put(share, new Part(part.rows - wanted, part.since));
    return true;
  }

  /** True if somebody may have added rows, at least one; counts them all. */
  boolean hasRoom(Connection connection, int added, MemoryShare share, Instant now)
      throws SQLException {
    MemoryShare.Room fill = fill(connection, share, added);
    isCounted((capacity / 2 - fill.total()) / PART, now);
    boolean hasRoom = fill.hasRoom(added, capacity);
    if (hasRoom) {
      mayTake(share, fill, added, now);
    } else {
      isRefused(share, added, now);
    }
    return hasRoom;
  }

  private synchronized void isRefused(MemoryShare share, int added, Instant now) {
    refused.values().removeIf(part -> !isRecent(part.since, now));
    if (refused.size() < MAX_SHARES) {
      refused.put(share, new Part(added, now));
    }
  }

  /** Notes what a share may take before it is counted again, besides what others may. */
  private synchronized void mayTake(
      MemoryShare share, MemoryShare.Room fill, int added, Instant now) {
    parts.remove(share);
    parts.values().removeIf(part -> part.rows == 0 || !isRecent(part.since, now));
    long promised = 0;
    long ofDelegator = 0;
    for (Map.Entry<MemoryShare, Part> part : parts.entrySet()) {
      promised += part.getValue().rows;
      boolean isOwn = part.getKey().delegator().equals(share.delegator());
      ofDelegator += isOwn ? part.getValue().rows : 0;
    }
    long most = Long.highestOneBit(capacity);
    while (most > 0 && !fill.hasRoom(added + most, capacity)) {
      most /= 2;
    }
    long unused = (capacity - fill.total() - added) / PART;
    long rows = Math.min(most / PART - ofDelegator, unused - promised);
    if (rows > 0 && parts.size() < MAX_SHARES) {
      parts.put(share, new Part(rows, now));
    }
  }

  /**
   * True if there was no room for as many rows of somebody a moment ago. To count the rows for each
   * call of who has used up its share would take the time of all others.
   */
  synchronized boolean wasRefused(MemoryShare share, int added, Instant now) {
    Part part = refused.get(share);
    return part != null && part.rows <= added && isRecent(part.since, now);
  }

  /** Notes that rows were taken back, which may be of a share that had no room. */
  synchronized void isFreed() {
    refused.clear();
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
    // Grouped first: to sort all rows for what is distinct takes several times as long.
    String sql =
        "SELECT SUM(n), COUNT(DISTINCT CASE WHEN delegator <> ? THEN delegator END) + 1,"
            + " SUM(CASE WHEN delegator = ? THEN n ELSE 0 END),"
            + " COUNT(CASE WHEN delegator = ? AND authority <> ? THEN 1 END) + 1,"
            + " SUM(CASE WHEN delegator = ? AND authority = ? THEN n ELSE 0 END) FROM"
            + " (SELECT delegator, authority, COUNT(*) AS n FROM "
            + table
            + " GROUP BY delegator, authority) AS counted";
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
