package dev.taper.store;

import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows of budgets, in one transaction. For one thread. */
record SqlCounters(Connection connection) {
  static final String TABLE = "budget_counter";

  /** How far the clocks of two verifiers may differ before one is held back by the other. */
  private static final Duration KEPT_LONGER = Duration.ofDays(1);

  /** The part of a counter to which nothing was charged. */
  private static final long NONE = -1;

  /**
   * A counter.
   *
   * @param spent what was charged to it, if it has no window
   * @param latest the latest part of the window that was charged
   */
  record Row(long spent, long latest) {
    /** True if nothing was charged to it. */
    boolean isNew() {
      return latest == NONE;
    }

    /** The part that a charge falls into; time never goes back. */
    private long part(Budgets.@Nullable Window window, Instant now) {
      return window == null ? 0 : Math.max(latest, window.at(now));
    }
  }

  private static Budgets.@Nullable Window window(Budgets.Charge charge) {
    return charge.window() == null ? null : Budgets.Window.of(charge.window());
  }

  /** A counter, which nobody else changes until the transaction ends; makes it if there is none. */
  Row locked(String counter, MemoryShare share) throws SQLException {
    String sql =
        "INSERT INTO budget_counter (id, spent, latest, delegator, authority)"
            + " VALUES (?, 0, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET spent = budget_counter.spent"
            + " RETURNING spent, latest";
    return Sql.first(
            connection, sql, SqlCounters::row, counter, NONE, share.delegator(), share.authority())
        .orElseThrow();
  }

  /** A counter as it is now; a new one if there is none. */
  Row read(String counter) throws SQLException {
    return Sql.first(
            connection,
            "SELECT spent, latest FROM budget_counter WHERE id = ?",
            SqlCounters::row,
            counter)
        .orElse(new Row(0, NONE));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(row.getLong(1), row.getLong(2));
  }

  /** How much of a counter counts. */
  long spent(Budgets.Charge charge, Row row, Instant now) throws SQLException {
    Budgets.Window window = window(charge);
    if (window == null) {
      return row.spent;
    }
    return Sql.number(
        connection,
        "SELECT COALESCE(SUM(amount), 0) FROM budget_part WHERE counter = ? AND part >= ?",
        charge.counter(),
        first(window, row.part(window, now)));
  }

  /** The first part that still counts. */
  private static long first(Budgets.Window window, long part) {
    return part - window.parts() + 1;
  }

  /**
   * Charges a counter that is locked and has enough left.
   *
   * @return the part that it falls into
   */
  long add(Budgets.Charge charge, Row row, Instant now) throws SQLException {
    Budgets.Window window = window(charge);
    long part = row.part(window, now);
    if (window != null) {
      Sql.update(
          connection,
          "DELETE FROM budget_part WHERE part < ? AND counter = ?",
          first(window, part),
          charge.counter());
      Sql.update(
          connection,
          "INSERT INTO budget_part (counter, part, amount) VALUES (?, ?, ?)"
              + " ON CONFLICT (counter, part)"
              + " DO UPDATE SET amount = budget_part.amount + excluded.amount",
          charge.counter(),
          part,
          charge.amount());
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE budget_counter SET spent = spent + ?, latest = ?, ends_at = ? WHERE id = ?")) {
      update.setLong(1, window == null ? charge.amount() : 0);
      update.setLong(2, part);
      Sql.setMoment(update, 3, window == null ? null : window.end(part));
      update.setString(4, charge.counter());
      update.executeUpdate();
    }
    return part;
  }

  /**
   * Takes a charge back; what has passed counts no more anyway. What a server lost, or somebody
   * begins anew while something may be lost, is not taken back: that would be somebody else's.
   */
  void giveBack(Budgets.Charge charge, long part) throws SQLException {
    String sql =
        charge.window() == null
            ? "UPDATE budget_counter SET spent = spent - ? WHERE id = ? AND spent >= ? AND ? = 0"
            : "UPDATE budget_part SET amount = amount - ?"
                + " WHERE counter = ? AND amount >= ? AND part = ?";
    String sinceTheLoss =
        " AND NOT EXISTS (SELECT 1 FROM forgotten WHERE memory = ? AND lost_at >= ?)";
    Budgets.Window window = window(charge);
    Sql.update(
        connection,
        sql + sinceTheLoss,
        charge.amount(),
        charge.counter(),
        charge.amount(),
        part,
        TABLE,
        window == null ? Long.MIN_VALUE : part * window.part());
  }

  /**
   * Drops the counters of which nothing has counted for a while, and notes that before. Those that
   * the transaction charged are not among them.
   */
  void forget(Instant now) throws SQLException {
    Instant latest =
        ServerHistory.noteForgotten(connection, TABLE, "ends_at", now.minus(KEPT_LONGER));
    if (latest != null) {
      Sql.update(
          connection,
          "DELETE FROM budget_part WHERE counter IN"
              + " (SELECT id FROM budget_counter WHERE ends_at <= ?)",
          latest);
      Sql.update(connection, "DELETE FROM budget_counter WHERE ends_at <= ?", latest);
    }
  }
}
