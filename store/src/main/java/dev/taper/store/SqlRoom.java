package dev.taper.store;

import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The room for rows in a table, which delegators and their authority blocks share as {@link
 * MemoryShare.Room} says. To count the rows takes longer than all the rest of a call, so one count
 * serves all shares of a process for a while, and nobody who has no room may have it done again and
 * again. The table has the columns {@code delegator} and {@code authority}. Thread-safe.
 */
final class SqlRoom {
  /** How long a process goes by what it counted. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** How often in that time all is counted for one delegator who has no room by what is known. */
  private static final int TRIES = 8;

  /** For how many such delegators. */
  private static final int MAX_DELEGATORS = 1024;

  /**
   * How often all was counted for a delegator.
   *
   * @param since from when on
   * @param refused whether there was no room, the last time
   */
  private record Tries(int times, Instant since, boolean refused) {}

  private final String table;
  private final int capacity;

  // Guarded by this.
  private @Nullable RoomCount count;
  private final Map<String, Tries> tries = new HashMap<>();

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

  /** True if it is known that there is room, which is taken then. */
  synchronized boolean isFree(int wanted, MemoryShare share, Instant now) {
    RoomCount known = recent(now);
    if (known == null || !known.surelyHasRoom(share, wanted)) {
      return false;
    }
    known.take(share, wanted);
    return true;
  }

  /** Takes less than {@link #isFree} did. */
  synchronized void isLeft(int unused, MemoryShare share) {
    if (count != null && unused > 0) {
      count.take(share, -unused);
    }
  }

  /**
   * True if it is not worth while to count: there was no room for somebody a moment ago, and all
   * was counted often enough to find that out.
   */
  synchronized boolean wasRefused(MemoryShare share, int added, Instant now) {
    RoomCount known = recent(now);
    if (known == null || known.hasRoom(share, added)) {
      return false;
    }
    Tries before = tries.get(share.delegator());
    if (before != null && isRecent(before.since, now)) {
      boolean isEnough = before.refused || before.times >= TRIES;
      tries.put(share.delegator(), new Tries(before.times + 1, before.since, before.refused));
      return isEnough;
    }
    tries.values().removeIf(any -> !isRecent(any.since, now));
    if (tries.size() == MAX_DELEGATORS) {
      return true;
    }
    tries.put(share.delegator(), new Tries(1, now, false));
    return false;
  }

  /** Notes that rows were taken back, which may be of somebody who had no room. */
  synchronized void isFreed() {
    tries.replaceAll((delegator, before) -> new Tries(before.times, before.since, false));
  }

  /** True if somebody may have added rows, at least one; counts them all. */
  boolean hasRoom(Connection connection, int added, MemoryShare share, Instant now)
      throws SQLException {
    RoomCount counted = RoomCount.of(connection, table, capacity, now);
    counted.leaveOut(share, added);
    boolean hasRoom = counted.hasRoom(share, added);
    if (hasRoom) {
      counted.take(share, added);
    }
    isCounted(counted, hasRoom ? null : share, now);
    return hasRoom;
  }

  private synchronized void isCounted(
      RoomCount counted, @Nullable MemoryShare refused, Instant now) {
    count = counted;
    Tries before = refused == null ? null : tries.get(refused.delegator());
    if (refused != null && (before != null || tries.size() < MAX_DELEGATORS)) {
      tries.put(refused.delegator(), new Tries(before == null ? 1 : before.times, now, true));
    }
  }

  private @Nullable RoomCount recent(Instant now) {
    RoomCount known = count;
    return known != null && isRecent(known.since(), now) ? known : null;
  }

  private static boolean isRecent(Instant since, Instant now) {
    return !now.isBefore(since) && now.isBefore(since.plus(AGAIN));
  }
}
