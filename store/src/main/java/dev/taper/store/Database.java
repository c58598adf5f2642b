package dev.taper.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;

/**
 * A database that several processes share: an SQLite file on one machine, or a PostgreSQL server.
 * Its tables are made at the first use. Holds a pool of connections; thread-safe.
 *
 * <p>The same tables and statements serve both. What differs is here: SQLite takes one writer at a
 * time, and every transaction waits for its turn; PostgreSQL locks rows.
 */
public final class Database implements AutoCloseable {
  private static final int POOL = 8;
  private static final int MAX_ATTEMPTS = 5;

  /** A caller waits for a connection no longer than this; a verifier must not hang. */
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

  private final DatabaseAddress address;
  private final HikariDataSource pool;

  private Database(DatabaseAddress address, HikariDataSource pool) {
    this.address = address;
    this.pool = pool;
  }

  /** Work inside a transaction: all of it happens, or nothing. */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Does the work; it may be done again if it collides with other work.
     *
     * @param connection the transaction's connection, which the work neither commits nor closes
     * @throws SQLException if the database refuses a statement
     */
    T run(Connection connection) throws SQLException;
  }

  /**
   * Opens a database, and makes it if there is none.
   *
   * @param address {@code sqlite:FILE}, or {@code jdbc:postgresql://HOST/NAME?user=NAME}; a
   *     connection to another host is encrypted and the host's certificate verified, unless the
   *     address says otherwise ({@code sslmode})
   * @param directory where relative files start
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the address is not one, {@link
   *     ErrorCode#DATABASE_UNAVAILABLE} if the database cannot be reached, {@link
   *     ErrorCode#DATABASE_SCHEMA} if a newer program made it or it holds something else
   */
  public static Database open(String address, Path directory) {
    DatabaseAddress parsed = DatabaseAddress.parse(address, directory);
    parsed.createFile();
    return open(parsed);
  }

  /**
   * Opens a database that is there.
   *
   * @param address as {@link #open(String, Path)}
   * @param directory where relative files start
   * @throws TaperException as {@link #open(String, Path)}, and {@link
   *     ErrorCode#DATABASE_UNAVAILABLE} if there is no such file
   */
  public static Database openExisting(String address, Path directory) {
    DatabaseAddress parsed = DatabaseAddress.parse(address, directory);
    parsed.requireFile();
    return open(parsed);
  }

  private static Database open(DatabaseAddress address) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("taper");
    config.setDataSource(address.dataSource());
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setInitializationFailTimeout(1);
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw unavailable(address, e);
    }
    Database database = new Database(address, pool);
    try {
      new Schema(address, pool).upgrade();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Does work in one transaction.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if the database does not answer,
   *     {@link ErrorCode#DATABASE_FAILED} if it refuses the work; whatever the work throws
   */
  public <T> T transaction(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = pool.getConnection()) {
        return committed(connection, work);
      } catch (SQLException e) {
        if (attempt == MAX_ATTEMPTS || !SqlFailures.isCollision(e)) {
          throw SqlFailures.exception(address.shown(), e);
        }
      }
    }
  }

  /**
   * Reads, all at one moment, and keeps no writer waiting.
   *
   * @throws TaperException as {@link #transaction}
   */
  public <T> T read(Work<T> work) {
    return transaction(
        connection -> {
          if (address.isServer()) {
            // The pool undoes both when it takes the connection back.
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return work.run(connection);
          }
          SQLiteConnection sqlite = connection.unwrap(SQLiteConnection.class);
          sqlite.setCurrentTransactionMode(TransactionMode.DEFERRED);
          try {
            return work.run(connection);
          } finally {
            sqlite.setCurrentTransactionMode(TransactionMode.IMMEDIATE);
          }
        });
  }

  private static <T> T committed(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.run(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.rollback();
      } catch (SQLException ignored) {
        e.addSuppressed(ignored);
      }
      throw e;
    }
  }

  /**
   * Waits until nobody else writes to a table, and keeps it so until the end of the transaction. In
   * SQLite a transaction has that from its start.
   *
   * @param connection the transaction's connection
   * @param table the table's name
   * @throws SQLException if the database refuses
   */
  public void lock(Connection connection, String table) throws SQLException {
    if (address.isServer()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
      }
    }
  }

  /** True for PostgreSQL, false for SQLite. */
  public boolean isServer() {
    return address.isServer();
  }

  /** The address without user, password or other parameters. */
  @Override
  public String toString() {
    return address.shown();
  }

  /** Closes all connections. */
  @Override
  public void close() {
    pool.close();
  }

  private static TaperException unavailable(
      DatabaseAddress address, HikariPool.PoolInitializationException e) {
    Throwable cause = e.getCause();
    return cause instanceof SQLException sql
        ? SqlFailures.exception(address.shown(), sql)
        : new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "cannot open " + address.shown(), e);
  }
}
