package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.escalation.ApprovalUse;
import dev.taper.agent.escalation.ApprovalUses;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
 * Remembers used approvals for all processes that share a database: an approval that is good for
 * one call is used once in all of them. Thread-safe; one short transaction a call.
 */
public final class SqlApprovalUses implements ApprovalUses {
  /** How far the clocks of two verifiers may differ before one could use what another forgot. */
  private static final Duration KEPT_LONGER = Duration.ofDays(1);

  private final Database database;
  private final Clock clock;

  /**
   * Remembers in a database.
   *
   * @param database where; the caller closes it
   * @param clock the verifier's time
   */
  public SqlApprovalUses(Database database, Clock clock) {
    this.database = Given.that(database, "the database");
    this.clock = Given.that(clock, "the clock");
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses) {
    // In one order everywhere, so that two processes never wait for each other.
    List<ApprovalUse> ordered =
        uses.stream().sorted(Comparator.comparing(ApprovalUse::id)).toList();
    try {
      return database.transaction(connection -> claim(connection, ordered));
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.APPROVAL_USES_UNAVAILABLE,
          "whether an approval was used before is not known: " + e.getMessage(),
          e);
    }
  }

  private Set<ApprovalUse> claim(Connection connection, List<ApprovalUse> uses)
      throws SQLException {
    Instant now = clock.instant();
    Set<ApprovalUse> before = new HashSet<>();
    forget(connection, now.minus(KEPT_LONGER));
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO approval_use (id, ends_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING")) {
      for (ApprovalUse use : uses) {
        insert.setString(1, use.id());
        insert.setLong(2, use.until().toEpochMilli());
        if (!use.until().isAfter(now) || insert.executeUpdate() == 0) {
          before.add(use);
        }
      }
    }
    if (!before.isEmpty()) {
      connection.rollback();
    }
    return before;
  }

  private static void forget(Connection connection, Instant end) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM approval_use WHERE ends_at < ?")) {
      delete.setLong(1, end.toEpochMilli());
      delete.executeUpdate();
    }
  }
}
