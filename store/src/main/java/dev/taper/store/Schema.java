package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Makes the tables, and brings older versions of them to this one. Flyway applies the files {@code
 * V1__….sql}, {@code V2__….sql} …, each once and in one transaction.
 */
final class Schema {
  /** The version of the newest file. */
  static final int VERSION = 7;

  static final String LOCATION = "classpath:META-INF/taper/store/schema";
  static final String HISTORY = "taper_schema_history";
  private static final int MAX_ATTEMPTS = 5;

  private final DatabaseAddress address;
  private final DataSource source;

  Schema(DatabaseAddress address, DataSource source) {
    this.address = address;
    this.source = source;
  }

  /**
   * Makes the tables in a database that has none.
   *
   * @throws TaperException as {@link #upgrade}
   */
  void create() {
    try {
      flyway(address, source).migrate();
    } catch (FlywayException e) {
      throw failed(e);
    }
  }

  /**
   * Brings the tables up to this version; costs one query if they are already. An empty database on
   * a server was made on purpose, so its tables are made at the first use. A file without tables
   * was emptied or is something else: its contents are lost, so this is an error.
   */
  void upgrade() {
    for (int attempt = 1; ; attempt++) {
      int version = version();
      if (version == VERSION) {
        return;
      }
      if (version == 0 && !address.isServer()) {
        throw address.emptied();
      }
      if (version > VERSION) {
        throw new TaperException(
            ErrorCode.DATABASE_SCHEMA,
            address.shown()
                + " was made by a newer program: its tables have version "
                + version
                + ", this program knows "
                + VERSION);
      }
      try {
        flyway(address, source).migrate();
      } catch (FlywayException e) {
        // Two processes may have started at once; the other's tables are as good as ours.
        if (version() != VERSION && attempt == MAX_ATTEMPTS) {
          throw failed(e);
        }
      }
    }
  }

  static Flyway flyway(DatabaseAddress address, DataSource source) {
    String bytes = address.isServer() ? "BYTEA" : "BLOB";
    return Flyway.configure(Schema.class.getClassLoader())
        .loggers("slf4j")
        .dataSource(source)
        .locations(LOCATION)
        .table(HISTORY)
        .placeholders(Map.of("bytes", bytes))
        .load();
  }

  /** The version of the present tables; 0 if there are none. */
  int version() {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT version, success FROM " + HISTORY)) {
      int version = 0;
      while (rows.next()) {
        if (rows.getBoolean("success")) {
          version = Math.max(version, rows.getInt("version"));
        }
      }
      return version;
    } catch (SQLException e) {
      if (SqlFailures.isMissingTable(e)) {
        return 0;
      }
      throw SqlFailures.exception(address.shown(), e);
    }
  }

  private TaperException failed(FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return SqlFailures.exception(address.shown(), sql);
      }
    }
    return new TaperException(
        ErrorCode.DATABASE_SCHEMA,
        address.shown() + " holds something else, or its tables were changed by hand",
        e);
  }
}
