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
 * Counts the uses of approvals for all processes that share a database: an approval for one call is
 * good once in all of them together. It is remembered for a day after its end, in case the clocks
 * of two verifiers differ. The number of approvals is bounded (calls decided at the same moment
 * may exceed the bound), and shared as {@link MemoryFill} says. Each call takes one short
 * transaction. Thread-safe.
 */
public final class SqlApprovalUses implements ApprovalUses {
  /** The default for how many approvals it holds; each takes about 500 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 16;

  /** How far the clocks of two verifiers may differ before one could use what another forgot. */
  private static final Duration KEPT_LONGER = Duration.ofDays(1);

  /** Takes one use more, of an approval that has one left. */
  private static final String TAKE =
      "UPDATE approval_use SET uses = uses + 1,"
          + " ends_at = CASE WHEN ends_at < ? THEN ? ELSE ends_at END WHERE id = ? AND uses < ?";

  private static final String ADD =
      "INSERT INTO approval_use (id, ends_at, delegator, authority, uses) VALUES (?, ?, ?, ?, 1)"
          + " ON CONFLICT (id) DO NOTHING";

  private static final String FILL =
      "SELECT COUNT(*), COUNT(DISTINCT CASE WHEN delegator <> ? THEN delegator END) + 1,"
          + " COUNT(CASE WHEN delegator = ? THEN 1 END),"
          + " COUNT(DISTINCT CASE WHEN delegator = ? AND authority <> ? THEN authority END) + 1,"
          + " COUNT(CASE WHEN delegator = ? AND authority = ? THEN 1 END) FROM approval_use";

  private final Database database;
  private final int capacity;
  private final Clock clock;

  /**
   * Makes a memory in a database, with room for {@link #DEFAULT_CAPACITY} approvals.
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
    try {
      return database.transaction(connection -> claim(connection, ordered(uses), share));
    } catch (TaperException e) {
      throw e.code() == ErrorCode.APPROVAL_USES_FULL
          ? e
          : unavailable("whether an approval was used before is not known", e);
    }
  }

  /** All processes use one order, so that two of them never block each other. */
  private static List<ApprovalUse> ordered(Collection<ApprovalUse> uses) {
    return uses.stream().sorted(Comparator.comparing(ApprovalUse::id)).toList();
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try {
      database.transaction(
          connection -> {
            for (ApprovalUse use : ordered(uses)) {
              update(connection, "UPDATE approval_use SET uses = uses - 1 WHERE id = ?", use);
              update(connection, "DELETE FROM approval_use WHERE id = ? AND uses < 1", use);
            }
            return uses.size();
          });
    } catch (TaperException e) {
      throw unavailable("an approval that was not needed may count as used", e);
    }
  }

  private static void update(Connection connection, String sql, ApprovalUse use)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, use.id());
      statement.executeUpdate();
    }
  }

  /** Always true: the database outlives the process. */
  @Override
  public boolean durable() {
    return true;
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
    MemoryFill fill = fill(connection, share);
    int added = 0;
    for (ApprovalUse use : uses) {
      if (!use.until().isAfter(now)) {
        before.add(use);
      } else if (!take(connection, use)) {
        if (add(connection, use, share)) {
          added++;
        } else if (!take(connection, use)) { // perhaps another process has just added it
          before.add(use);
        }
      }
    }
    if (!before.isEmpty()) {
      connection.rollback();
    } else if (added > 0 && !fill.hasRoom(added, capacity)) { // the transaction is undone
      throw new TaperException(
          ErrorCode.APPROVAL_USES_FULL,
          "no room to remember another used approval of this delegation; there is room for "
              + capacity);
    }
    return before;
  }

  private static boolean take(Connection connection, ApprovalUse use) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(TAKE)) {
      update.setLong(1, use.until().toEpochMilli());
      update.setLong(2, use.until().toEpochMilli());
      update.setString(3, use.id());
      update.setLong(4, use.calls());
      return update.executeUpdate() > 0;
    }
  }

  private static boolean add(Connection connection, ApprovalUse use, MemoryShare share)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setString(1, use.id());
      insert.setLong(2, use.until().toEpochMilli());
      insert.setString(3, share.delegator());
      insert.setString(4, share.authority());
      return insert.executeUpdate() > 0;
    }
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
