package dev.taper.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads and writes moments as the tables hold them: milliseconds since 1970, or null. */
public final class Moments {
  private Moments() {}

  /** Sets a parameter. */
  public static void set(PreparedStatement statement, int index, @Nullable Instant moment)
      throws SQLException {
    if (moment == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, moment.toEpochMilli());
    }
  }

  /** Reads a column. */
  public static @Nullable Instant get(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
