package dev.taper.store;

import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows of budgets, in one transaction. For one thread. */
final class SqlCounters {
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

  private final Connection connection;

  SqlCounters(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
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
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, counter);
      insert.setLong(2, NONE);
      insert.setString(3, share.delegator());
      insert.setString(4, share.authority());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return new Row(row.getLong(1), row.getLong(2));
      }
    }
  }

  /** A counter as it is now; a new one if there is none. */
  Row read(String counter) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT spent, latest FROM budget_counter WHERE id = ?")) {
      select.setString(1, counter);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? new Row(row.getLong(1), row.getLong(2)) : new Row(0, NONE);
      }
    }
  }

  /** How much of a counter counts. */
  long spent(Budgets.Charge charge, Row row, Instant now) throws SQLException {
    Budgets.Window window = window(charge);
    if (window == null) {
      return row.spent;
    }
    try (PreparedStatement sum =
        connection.prepareStatement(
            "SELECT COALESCE(SUM(amount), 0) FROM budget_part WHERE counter = ? AND part >= ?")) {
      sum.setString(1, charge.counter());
      sum.setLong(2, first(window, row.part(window, now)));
      try (ResultSet all = sum.executeQuery()) {
        all.next();
        return all.getLong(1);
      }
    }
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
      change(
          "DELETE FROM budget_part WHERE part < ? AND counter = ?",
          charge.counter(),
          first(window, part));
      addToPart(charge, part);
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE budget_counter SET spent = spent + ?, latest = ?, ends_at = ? WHERE id = ?")) {
      update.setLong(1, window == null ? charge.amount() : 0);
      update.setLong(2, part);
      Moments.set(update, 3, window == null ? null : window.end(part));
      update.setString(4, charge.counter());
      update.executeUpdate();
    }
    return part;
  }

  private void addToPart(Budgets.Charge charge, long part) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO budget_part (counter, part, amount) VALUES (?, ?, ?)"
                + " ON CONFLICT (counter, part)"
                + " DO UPDATE SET amount = budget_part.amount + excluded.amount")) {
      insert.setString(1, charge.counter());
      insert.setLong(2, part);
      insert.setLong(3, charge.amount());
      insert.executeUpdate();
    }
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
    try (PreparedStatement update = connection.prepareStatement(sql + sinceTheLoss)) {
      update.setLong(1, charge.amount());
      update.setString(2, charge.counter());
      update.setLong(3, charge.amount());
      update.setLong(4, part);
      update.setString(5, TABLE);
      update.setLong(6, window == null ? Long.MIN_VALUE : part * window.part());
      update.executeUpdate();
    }
  }

  private void change(String sql, String counter, long number) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, number);
      statement.setString(2, counter);
      statement.executeUpdate();
    }
  }

  /**
   * Drops the counters of which nothing has counted for a while, and notes that before. Those that
   * the transaction charged are not among them.
   */
  void forget(Instant now) throws SQLException {
    long end = now.minus(KEPT_LONGER).toEpochMilli();
    Long latest = latestEndBefore(end);
    if (latest == null) {
      return;
    }
    try (PreparedStatement note =
        connection.prepareStatement(
            "UPDATE forgotten SET up_to = ? WHERE memory = ? AND up_to < ?")) {
      note.setLong(1, latest);
      note.setString(2, TABLE);
      note.setLong(3, latest);
      note.executeUpdate();
    }
    drop(
        "DELETE FROM budget_part WHERE counter IN"
            + " (SELECT id FROM budget_counter WHERE ends_at <= ?)",
        latest);
    drop("DELETE FROM budget_counter WHERE ends_at <= ?", latest);
  }

  private void drop(String sql, long end) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setLong(1, end);
      delete.executeUpdate();
    }
  }

  private @Nullable Long latestEndBefore(long end) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT MAX(ends_at) FROM budget_counter WHERE ends_at < ?")) {
      select.setLong(1, end);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        long latest = row.getLong(1);
        return row.wasNull() ? null : latest;
      }
    }
  }
}
