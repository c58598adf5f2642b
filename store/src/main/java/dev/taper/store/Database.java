package dev.taper.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.store.SharedTransactions.WorkResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database that several processes share: an SQLite file on one machine, or a PostgreSQL server.
 * Its tables are made at the first use. It holds a pool of connections. Thread-safe.
 *
 * <p>Both kinds use the same tables and statements. This class handles the differences: SQLite
 * takes one writer at a time, and every transaction that writes waits for its turn; PostgreSQL
 * locks rows.
 */
public final class Database implements AutoCloseable {
  private static final int POOL = 8;
  private static final int MAX_ATTEMPTS = 5;

  /** The longest wait for a connection without a deadline. */
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

  /** How long a connection that was not used for a moment may take to show that it is good. */
  private static final Duration VALIDATION = Duration.ofSeconds(1);

  /** The time after which a transaction is not tried again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DatabaseAddress address;
  private final boolean isMade;
  private final UnaryOperator<DataSource> through;
  private final ServerHistory history = new ServerHistory(this);
  private volatile @Nullable Parts parts;
  private boolean closed; // guarded by this

  /**
   * A database that is not open yet.
   *
   * @param isMade true if it is made when there is none
   * @param through something that can fail, for tests
   */
  private Database(DatabaseAddress address, boolean isMade, UnaryOperator<DataSource> through) {
    this.address = address;
    this.isMade = isMade;
    this.through = through;
  }

  /** What an open database has. */
  private static final class Parts {
    final HikariDataSource pool;
    final Workers workers;
    final SqliteTransactions file; // unused for a server
    final SharedTransactions shared; // unused for a server
    final ServerTransactions server; // unused for a file
    final @Nullable ServerSource source;

    Parts(DatabaseAddress address, HikariDataSource pool, @Nullable ServerSource source) {
      this.pool = pool;
      this.workers = new Workers(address.shown(), POOL);
      this.file = new SqliteTransactions(address, pool);
      this.shared = new SharedTransactions(address.shown(), file);
      this.server = new ServerTransactions(address, pool, source);
      this.source = source;
      if (source != null) {
        source.becomePatient();
      }
    }

    void close() {
      if (source != null) {
        source.giveUp();
      }
      workers.close();
      shared.close();
      pool.close();
    }
  }

  /** Work inside a transaction: either all of it happens, or nothing. */
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
   * Opens a database, and makes it if there is none: no such file, or no tables on a server. A file
   * without its tables is an error, because otherwise its contents (used approvals, revocations,
   * records) would silently be forgotten.
   *
   * @param address {@code sqlite:FILE}, or {@code jdbc:postgresql://HOST/NAME?user=NAME}; a
   *     connection to another host is encrypted and the host's certificate verified, unless the
   *     address says otherwise ({@code sslmode})
   * @param directory where relative files start
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the address is not valid, {@link
   *     ErrorCode#DATABASE_UNAVAILABLE} if the database cannot be reached, {@link
   *     ErrorCode#DATABASE_SCHEMA} if a newer program made it, it was emptied, or it holds
   *     something else
   */
  public static Database open(String address, Path directory) {
    return atFirstUse(address, directory).opened();
  }

  /**
   * A database that its first use opens, as {@link #open} does; until that succeeds each use fails
   * with what is wrong.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the address is not valid
   */
  public static Database atFirstUse(String address, Path directory) {
    return new Database(DatabaseAddress.parse(address, directory), true, source -> source);
  }

  /**
   * Opens an existing database.
   *
   * @param address as {@link #open(String, Path)}
   * @param directory where relative files start
   * @throws TaperException as {@link #open(String, Path)}, and {@link
   *     ErrorCode#DATABASE_UNAVAILABLE} if there is no such file
   */
  public static Database openExisting(String address, Path directory) {
    return existingAtFirstUse(address, directory).opened();
  }

  /** A database that its first use opens, as {@link #openExisting} does. */
  static Database existingAtFirstUse(String address, Path directory) {
    return new Database(DatabaseAddress.parse(address, directory), false, source -> source);
  }

  /**
   * Looks at an existing database, and changes nothing: neither its tables nor anything in them.
   *
   * @param address as {@link #open(String, Path)}
   * @param directory where relative files start
   * @throws TaperException as {@link #openExisting}, but for older and newer tables
   */
  public static DatabaseState look(String address, Path directory) {
    DatabaseAddress parsed = DatabaseAddress.parse(address, directory);
    parsed.requireFile();
    parsed.requireContent();
    DataSource source = parsed.dataSource();
    int version = new Schema(parsed, source).version();
    if (!parsed.isServer()) {
      if (version == 0) {
        throw parsed.emptied();
      }
      return new DatabaseState(version, Schema.VERSION, null);
    }
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)")) {
      row.next();
      return new DatabaseState(version, Schema.VERSION, Instant.ofEpochSecond(row.getLong(1)));
    } catch (SQLException e) {
      throw SqlFailures.exception(parsed.shown(), e);
    }
  }

  /** Opens it through something that can fail. */
  static Database open(DatabaseAddress address, UnaryOperator<DataSource> through) {
    return new Database(address, false, through).opened();
  }

  /**
   * Opens it now, unless it is open, so that what is wrong with it is found.
   *
   * @return this
   * @throws TaperException as {@link #open(String, Path)}; {@link ErrorCode#DATABASE_UNAVAILABLE}
   *     if it is closed
   */
  public Database opened() {
    var unused = parts();
    return this;
  }

  private Parts parts() {
    Parts open = parts;
    return open == null ? made() : open;
  }

  private synchronized Parts made() {
    Parts open = parts;
    if (open != null) {
      return open;
    }
    if (closed) {
      throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, this + " is closed");
    }
    if (isMade) {
      address.createFile();
    } else {
      address.requireFile();
    }
    address.requireContent();
    HikariConfig config = new HikariConfig();
    config.setPoolName("taper");
    DataSource source = address.dataSource();
    config.setDataSource(through.apply(source));
    config.setValidationTimeout(VALIDATION.toMillis());
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setInitializationFailTimeout(1);
    config.setConnectionInitSql(address.connectionSql());
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw unavailable(address, e);
    }
    Parts all = new Parts(address, pool, source instanceof ServerSource asked ? asked : null);
    try {
      new Schema(address, pool).upgrade();
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
    parts = all;
    return all;
  }

  /**
   * Does work in one transaction. Under a {@linkplain Deadline#current deadline} the caller never
   * waits beyond it, whatever the database or its driver does: one of a few threads of this
   * database does the work, and rolls it back if the caller went away before the commit. Without a
   * deadline the work is done in the caller's thread, within the time-outs of the database.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if the database does not answer,
   *     or not in time (it is then unknown whether the work was done), {@link
   *     ErrorCode#DATABASE_FAILED} if it refuses the work; or any exception of the work
   */
  public <T> T transaction(Work<T> work) {
    return work(
        (deadline, commits) -> {
          Work<T> whole = connection -> finished(work.run(connection), commits);
          return address.isServer()
              ? parts().server.run(deadline, whole)
              : parts().file.write(deadline, whole);
        });
  }

  /**
   * Reads, all at one moment, without making writers wait.
   *
   * @throws TaperException as {@link #transaction}
   */
  public <T> T read(Work<T> work) {
    return work(
        (deadline, commits) ->
            address.isServer()
                ? parts().server.run(deadline, connection -> readOnServer(connection, work))
                : parts().file.read(deadline, work));
  }

  private static <T> T readOnServer(Connection connection, Work<T> work) throws SQLException {
    // The pool resets both when it takes the connection back.
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return work.run(connection);
  }

  /**
   * Does short work, which on SQLite shares a transaction with that of others who wait at the same
   * time. The work does not depend on another's of the same moment having failed or not.
   *
   * @throws TaperException as {@link #transaction}
   */
  <T> T shared(Work<WorkResult<T>> work) {
    if (address.isServer()) {
      return transaction(connection -> undoneUnlessItCounts(connection, work.run(connection)));
    }
    Deadline deadline = Deadline.current();
    return parts().shared.within(deadline == null ? Deadline.in(PATIENCE) : deadline, work);
  }

  private static <T> T undoneUnlessItCounts(Connection connection, WorkResult<T> result)
      throws SQLException {
    if (!result.counts()) {
      connection.rollback();
    }
    return result.answer();
  }

  /** One attempt at a transaction. */
  private interface Attempt<T> {
    /**
     * Makes it.
     *
     * @param deadline until when
     * @param commits asked right before the commit, as {@link Caller#commits} says
     */
    T make(Deadline deadline, BooleanSupplier commits) throws SQLException;
  }

  private <T> T work(Attempt<T> attempt) {
    Parts open = parts();
    Deadline deadline = Deadline.current();
    return deadline == null
        ? attempts(Deadline.in(PATIENCE), attempt, () -> true)
        : open.workers.within(deadline, commits -> attempts(deadline, attempt, commits));
  }

  private <T> T attempts(Deadline deadline, Attempt<T> attempt, BooleanSupplier commits) {
    for (int number = 1; ; number++) {
      try {
        return attempt.make(deadline, commits);
      } catch (SQLException e) {
        boolean again = SqlFailures.isCollision(e) && !deadline.left().isZero();
        if (number == MAX_ATTEMPTS || !again) {
          throw SqlFailures.exception(address.shown(), e);
        }
      }
    }
  }

  private <T> T finished(T result, BooleanSupplier commits) {
    if (!commits.getAsBoolean()) {
      throw new TaperException( // which rolls back; nobody waits for it any more
          ErrorCode.DATABASE_UNAVAILABLE, "the caller of " + address.shown() + " went away");
    }
    return result;
  }

  /**
   * Waits until nobody else writes to a table, and keeps others from writing until the end of the
   * transaction. In SQLite every transaction does so from its start.
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

  /** Notices if the server may have lost what memories claimed. */
  ServerHistory history() {
    return history;
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

  /** Closes all connections; what is asked then fails. */
  @Override
  public synchronized void close() {
    closed = true;
    if (parts != null) {
      parts.close();
    }
  }

  private static TaperException unavailable(
      DatabaseAddress address, HikariPool.PoolInitializationException e) {
    Throwable cause = e.getCause();
    return cause instanceof SQLException sql
        ? SqlFailures.exception(address.shown(), sql)
        : new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "cannot open " + address.shown(), e);
  }
}
