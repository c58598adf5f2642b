package dev.taper.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements with their values, in the transaction of a connection. A value is a text, a
 * number, bytes, null, or an {@link Instant}, which is kept as milliseconds since 1970. Stateless
 * and thread-safe.
 */
public final class Sql {
  private Sql() {}

  /** Reads something from the row at which a result stands. */
  @FunctionalInterface
  public interface RowReader<T> {
    /** Reads it, and does not move on. */
    T read(ResultSet row) throws SQLException;
  }

  /** Takes the row at which a result stands. */
  @FunctionalInterface
  public interface RowVisitor {
    /** Takes it, and does not move on. */
    void visit(ResultSet row) throws SQLException;
  }

  /**
   * Changes rows.
   *
   * @return how many
   */
  public static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate();
    }
  }

  /** Executes a statement once for each list of values, sent together. */
  public static void updateAll(Connection connection, String sql, List<Object[]> rows)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] values : rows) {
        set(statement, values);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Reads the first row; empty if there is none. */
  public static <T> Optional<T> first(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(reader.read(row)) : Optional.empty();
      }
    }
  }

  /** Reads all rows. */
  public static <T> List<T> list(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    List<T> all = new ArrayList<>();
    each(connection, sql, row -> all.add(reader.read(row)), values);
    return all;
  }

  /** Visits all rows. */
  public static void each(
      Connection connection, String sql, RowVisitor visitor, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          visitor.visit(row);
        }
      }
    }
  }

  /** The number that a query finds: the first column of its first row, and 0 for null. */
  public static long number(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    return first(connection, sql, row -> row.getLong(1), values).orElse(0L);
  }

  /** Sets all values of a statement. */
  public static void set(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      statement.setObject(i + 1, value instanceof Instant moment ? moment.toEpochMilli() : value);
    }
  }

  /** Sets a moment, or a null of its type, so that a server prepares a statement once for both. */
  public static void setMoment(PreparedStatement statement, int index, @Nullable Instant moment)
      throws SQLException {
    if (moment == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, moment.toEpochMilli());
    }
  }

  /** Reads a moment; null if the column has none. */
  public static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
