package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryFill;
import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers used approvals for all processes that share a database: a single-use approval can be
 * used once in all of them together. A use is kept for a day after the approval's end, in case the
 * clocks of two verifiers differ. The number of uses is bounded (calls decided at the same moment
 * may exceed the bound), and shared as {@link MemoryFill} says. Each call takes one short
 * transaction. Thread-safe.
 */
public final class SqlApprovalUses implements ApprovalUses {
  /** The default for how many uses it holds; each takes about 500 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 16;

  /** How far the clocks of two verifiers may differ before one could use what another forgot. */
  private static final Duration KEPT_LONGER = Duration.ofDays(1);

  private static final String FILL =
      "SELECT COUNT(*), COUNT(DISTINCT CASE WHEN delegator <> ? THEN delegator END) + 1,"
          + " COUNT(CASE WHEN delegator = ? THEN 1 END),"
          + " COUNT(DISTINCT CASE WHEN delegator = ? AND authority <> ? THEN authority END) + 1,"
          + " COUNT(CASE WHEN delegator = ? AND authority = ? THEN 1 END) FROM approval_use";

  private final Database database;
  private final int capacity;
  private final Clock clock;

  /**
   * Makes a memory in a database, with room for {@link #DEFAULT_CAPACITY} uses.
   *
   * @param database where; the caller closes it
   * @param clock the verifier's time
   */
  public SqlApprovalUses(Database database, Clock clock) {
    this(database, DEFAULT_CAPACITY, clock);
  }

  /**
   * Makes a memory in a database.
   *
   * @param database where; the caller closes it
   * @param capacity the most approvals to remember at a time, at least 1; the same in all processes
   * @param clock the verifier's time
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public SqlApprovalUses(Database database, int capacity, Clock clock) {
    if (capacity < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a memory holds at least one approval, not " + capacity);
    }
    this.database = Given.that(database, "the database");
    this.capacity = capacity;
    this.clock = Given.that(clock, "the clock");
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share) {
    // All processes use one order, so that two of them never block each other.
    List<ApprovalUse> ordered =
        uses.stream().sorted(Comparator.comparing(ApprovalUse::id)).toList();
    try {
      return database.transaction(connection -> claim(connection, ordered, share));
    } catch (TaperException e) {
      throw e.code() == ErrorCode.APPROVAL_USES_FULL
          ? e
          : unavailable("whether an approval was used before is not known", e);
    }
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try {
      database.transaction(
          connection -> {
            try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM approval_use WHERE id = ?")) {
              for (ApprovalUse use : uses) {
                delete.setString(1, use.id());
                delete.executeUpdate();
              }
            }
            return uses.size();
          });
    } catch (TaperException e) {
      throw unavailable("an approval that was not needed may count as used", e);
    }
  }

  private static TaperException unavailable(String what, TaperException cause) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, what + ": " + cause.getMessage(), cause);
  }

  private Set<ApprovalUse> claim(Connection connection, List<ApprovalUse> uses, MemoryShare share)
      throws SQLException {
    Instant now = clock.instant();
    Set<ApprovalUse> before = new HashSet<>();
    forget(connection, now.minus(KEPT_LONGER));
    boolean hasRoom = fill(connection, share).hasRoom(uses.size(), capacity);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO approval_use (id, ends_at, delegator, authority) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (id) DO NOTHING")) {
      for (ApprovalUse use : uses) {
        insert.setString(1, use.id());
        insert.setLong(2, use.until().toEpochMilli());
        insert.setString(3, share.delegator());
        insert.setString(4, share.authority());
        if (!use.until().isAfter(now) || insert.executeUpdate() == 0) {
          before.add(use);
        }
      }
    }
    if (!before.isEmpty()) {
      connection.rollback();
    } else if (!hasRoom) { // the transaction is undone
      throw new TaperException(
          ErrorCode.APPROVAL_USES_FULL,
          "no room to remember another used approval of this delegation; there is room for "
              + capacity);
    }
    return before;
  }

  private static MemoryFill fill(Connection connection, MemoryShare share) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(FILL)) {
      count.setString(1, share.delegator());
      count.setString(2, share.delegator());
      count.setString(3, share.delegator());
      count.setString(4, share.authority());
      count.setString(5, share.delegator());
      count.setString(6, share.authority());
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return new MemoryFill(
            row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
      }
    }
  }

  private static void forget(Connection connection, Instant end) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM approval_use WHERE ends_at < ?")) {
      delete.setLong(1, end.toEpochMilli());
      delete.executeUpdate();
    }
  }
}
