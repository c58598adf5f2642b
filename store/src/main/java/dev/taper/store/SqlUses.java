package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.store.ServerHistory.MemoryState;
import dev.taper.store.SharedTransactions.WorkResult;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a memory in a database: what was used, by whom, how many times. What has ended is
 * kept a while longer, for clocks that differ; what is forgotten then is never taken again, however
 * the clocks go. Thread-safe.
 */
final class SqlUses {
  /**
   * A row.
   *
   * @param id names what is used
   * @param order rises with the end; what is forgotten is told by it
   * @param until when it ends
   * @param times how many times it may be used
   */
  record Use(String id, Instant order, Instant until, int times) {}

  /**
   * Says what to refuse while it is not known what was used, since a server may have lost some of
   * it.
   */
  interface Losses {
    /** True if a use may be among what was lost up to a time. */
    boolean mayHave(Use use, Instant lost, Instant now);

    /** True if a use could matter for longer than {@link #mayHave} says. */
    boolean wouldOutlast(Use use, Instant now);

    /** True if every call claims here; false if that is its caller's choice. */
    boolean concernsEveryCall();
  }

  private static final String INSERT =
      "INSERT INTO %1$s (id, ordered_at, ends_at, times, delegator, authority)"
          + " SELECT ?, ?, ?, 1, ?, ?"
          + " WHERE NOT EXISTS (SELECT 1 FROM %1$s WHERE id = ? AND times >= ?)"
          + " ON CONFLICT (id) DO UPDATE SET times = %1$s.times + 1,"
          + " ordered_at = CASE WHEN excluded.ends_at > %1$s.ends_at THEN excluded.ordered_at"
          + " ELSE %1$s.ordered_at END,"
          + " ends_at = CASE WHEN excluded.ends_at > %1$s.ends_at THEN excluded.ends_at"
          + " ELSE %1$s.ends_at END WHERE %1$s.times < ?"
          + " RETURNING times";

  /** How many parameters that has. */
  private static final int PARAMETERS = 8;

  private final Database database;
  private final String table;
  private final Duration keptLonger;
  private final Losses losses;
  private final int capacity;
  private final ErrorCode full;
  private final SqlRoom room;

  /**
   * Uses a table.
   *
   * @param database where; the caller closes it
   * @param table its name
   * @param keptLonger how far the clocks of two verifiers may differ before one refuses what
   *     another would take
   * @param losses what to refuse when a server may have lost something
   * @param capacity how many rows it has room for
   * @param full the code of the refusal when there is no room
   */
  SqlUses(
      Database database,
      String table,
      Duration keptLonger,
      Losses losses,
      int capacity,
      ErrorCode full) {
    this.database = database;
    this.table = table;
    this.keptLonger = keptLonger;
    this.losses = losses;
    this.capacity = capacity;
    this.full = full;
    this.room = new SqlRoom(table, capacity);
  }

  Database database() {
    return database;
  }

  /**
   * Uses all or none.
   *
   * @return the ids of those that were used before
   * @throws TaperException with the code of a full memory if there is no room for them
   */
  Set<String> claim(Collection<Use> uses, MemoryShare share, Instant now) {
    return database
        .history()
        .claimed(now, (connection, look) -> claim(connection, uses, share, now, look));
  }

  /** As {@link #claim}, as part of a transaction, which has to be undone if it does not count. */
  WorkResult<Set<String>> claim(
      Connection connection,
      Collection<Use> wanted,
      MemoryShare share,
      Instant now,
      ServerHistory.Look look)
      throws SQLException {
    // All processes use one order, so that two of them never block each other.
    List<Use> uses = wanted.stream().sorted(Comparator.comparing(Use::id)).toList();
    boolean counts = !room.isFree(uses.size(), share, now);
    if (counts) {
      forget(connection, now.minus(keptLonger));
    }
    Set<String> before = new HashSet<>();
    Inserted inserted = insert(connection, uses, share, before, look);
    int added = inserted.added;
    MemoryState state = inserted.state;
    for (Use use : uses) {
      if (use.order().toEpochMilli() <= state.forgotten() || !use.until().isAfter(now)) {
        before.add(use.id());
      }
    }
    if (before.isEmpty() && database.isServer()) {
      requireNotLost(uses, state.lost(), now);
    }
    if (!counts) {
      room.isLeft(before.isEmpty() ? uses.size() - added : uses.size(), share);
    }
    boolean needsRoom = before.isEmpty() && counts && added > 0;
    if (needsRoom && !hasRoom(connection, added, share, now)) {
      throw MemoryShare.Room.full(full, capacity); // the transaction is undone
    }
    return new WorkResult<>(before, before.isEmpty());
  }

  private boolean hasRoom(Connection connection, int added, MemoryShare share, Instant now)
      throws SQLException {
    return !room.wasRefused(share, added, now) && room.hasRoom(connection, added, share, now);
  }

  /**
   * What inserting comes to.
   *
   * @param added how many rows are new
   * @param state what is known of the memory, read last: a row may have been in the way
   */
  private record Inserted(int added, MemoryState state) {}

  /**
   * Inserts rows, or counts up those that are there; of several ends the latest counts. What is
   * used up is only read, so that nobody makes a server lock and log by trying it again. A server
   * is asked for the last row and for the state at once.
   *
   * @param before is told the ids of those that were used as often as they may be
   */
  private Inserted insert(
      Connection connection,
      List<Use> uses,
      MemoryShare share,
      Set<String> before,
      ServerHistory.Look look)
      throws SQLException {
    int together = database.isServer() && !uses.isEmpty() ? 1 : 0;
    int added = 0;
    for (Use use : uses.subList(0, uses.size() - together)) {
      try (PreparedStatement insert = connection.prepareStatement(INSERT.formatted(table))) {
        set(insert, use, share);
        try (ResultSet row = insert.executeQuery()) {
          added += added(row, use, before);
        }
      }
    }
    if (together == 0) {
      return new Inserted(added, look.read(connection, table));
    }
    Use use = uses.get(uses.size() - 1);
    try (PreparedStatement both =
        connection.prepareStatement(INSERT.formatted(table) + "; " + look.sql())) {
      set(both, use, share);
      both.setString(PARAMETERS + 1, table);
      look.begin();
      both.execute();
      try (ResultSet row = both.getResultSet()) {
        added += added(row, use, before);
      }
      both.getMoreResults();
      try (ResultSet row = both.getResultSet()) {
        return new Inserted(added, look.state(row));
      }
    }
  }

  private static void set(PreparedStatement insert, Use use, MemoryShare share)
      throws SQLException {
    Sql.set(
        insert,
        use.id(),
        use.order(),
        use.until(),
        share.delegator(),
        share.authority(),
        use.id(),
        use.times(),
        use.times());
  }

  private static int added(ResultSet row, Use use, Set<String> before) throws SQLException {
    if (!row.next()) {
      before.add(use.id());
      return 0;
    }
    return row.getInt(1) == 1 ? 1 : 0;
  }

  private void requireNotLost(List<Use> uses, @Nullable Instant lost, Instant now) {
    for (Use use : uses) {
      if (losses.wouldOutlast(use, now)) {
        throw new TaperException(
            ErrorCode.DATABASE_UNAVAILABLE,
            database + " could not tell for long enough whether this was used, if it lost some",
            ServerHistory.ofWhatWasAsked());
      }
      if (lost != null && losses.mayHave(use, lost, now)) {
        throw new TaperException(
            ErrorCode.DATABASE_UNAVAILABLE,
            database
                + " may have lost what was used up to "
                + lost
                + "; it is refused for as long"
                + " as that matters",
            losses.concernsEveryCall() ? null : ServerHistory.ofWhatWasAsked());
      }
    }
  }

  /**
   * Takes back one use of each.
   *
   * @return of how many
   */
  int release(Collection<String> ids) {
    List<String> ordered = ids.stream().sorted().toList();
    int released =
        database.shared(
            connection -> {
              for (String id : ordered) {
                Sql.update(
                    connection, "UPDATE " + table + " SET times = times - 1 WHERE id = ?", id);
                Sql.update(connection, "DELETE FROM " + table + " WHERE id = ? AND times < 1", id);
              }
              return new WorkResult<>(ordered.size(), true);
            });
    room.isFreed();
    return released;
  }

  private void forget(Connection connection, Instant end) throws SQLException {
    Instant latest = ServerHistory.noteForgotten(connection, table, "ordered_at", end);
    if (latest != null) {
      Sql.update(
          connection,
          "DELETE FROM " + table + " WHERE ends_at < ? AND ordered_at <= ?",
          end,
          latest);
    }
  }
}
