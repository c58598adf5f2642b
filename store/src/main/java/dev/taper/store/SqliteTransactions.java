package dev.taper.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConnection;

/**
 * The transactions of an SQLite file, which takes one writer at a time. The threads of a process
 * take turns here, in the order in which they came; the process whose turn it is asks SQLite for
 * the file again and again. SQLite's own waiting, up to a tenth of a second between two looks, lets
 * some of many writers starve. The driver's transactions are not used: it begins the next one right
 * after a commit, and waits for the file once more. Thread-safe.
 */
final class SqliteTransactions {
  /** How long to wait before SQLite is asked for the file again; a look takes about 10 µs. */
  private static final Duration PAUSE = Duration.ofNanos(100_000);

  private final String shown;
  private final HikariDataSource pool;
  private final Duration longestWait;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * Begins transactions on connections of a pool.
   *
   * @param address the file
   * @param pool its connections
   */
  SqliteTransactions(DatabaseAddress address, HikariDataSource pool) {
    this.shown = address.shown();
    this.pool = pool;
    this.longestWait = address.longestWait();
  }

  /** Reads, all at one moment; writers neither wait for it nor make it wait. */
  <T> T read(Deadline deadline, Database.Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      begun(
          connection,
          () -> {
            wait(connection, millis(deadline));
            execute(connection, "BEGIN");
          });
      return committed(connection, work);
    }
  }

  /**
   * Writes, when nobody else does.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if others wrote until the
   *     deadline
   */
  <T> T write(Deadline deadline, Database.Work<T> work) throws SQLException {
    enter(deadline);
    try (Connection connection = pool.getConnection()) {
      begun(connection, () -> begin(connection, deadline));
      return committed(connection, work);
    } finally {
      turn.unlock();
    }
  }

  private void enter(Deadline deadline) {
    try {
      if (turn.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new TaperException(
        ErrorCode.DATABASE_UNAVAILABLE, "others wrote to " + shown + " all the time");
  }

  /** How a transaction begins. */
  private interface Beginning {
    void run() throws SQLException;
  }

  /** Nobody gets a connection again whose transaction may have begun, and keeps others waiting. */
  private void begun(Connection connection, Beginning beginning) throws SQLException {
    try {
      beginning.run();
    } catch (SQLException e) {
      if (!SqlFailures.isCollision(e)) {
        pool.evictConnection(connection);
      }
      throw e;
    }
  }

  private void begin(Connection connection, Deadline deadline) throws SQLException {
    wait(connection, 0);
    while (!hasBegun(connection, deadline)) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    wait(connection, millis(deadline));
  }

  /** True if the file is ours; false if another process has it and there is time left. */
  private static boolean hasBegun(Connection connection, Deadline deadline) throws SQLException {
    try {
      execute(connection, "BEGIN IMMEDIATE");
      return true;
    } catch (SQLException e) {
      if (!SqlFailures.isCollision(e) || deadline.left().isZero()) {
        throw e;
      }
      return false;
    }
  }

  private int millis(Deadline deadline) {
    return (int) Math.max(1, Math.min(deadline.left().toMillis(), longestWait.toMillis()));
  }

  private static void wait(Connection connection, int millis) throws SQLException {
    connection.unwrap(SQLiteConnection.class).setBusyTimeout(millis);
  }

  private <T> T committed(Connection connection, Database.Work<T> work) throws SQLException {
    try {
      T result = work.run(connection);
      execute(connection, "COMMIT");
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      undo(connection, e);
      throw e;
    }
  }

  private void undo(Connection connection, Throwable failure) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      pool.evictConnection(connection); // SQLite undoes some failed transactions by itself
      failure.addSuppressed(e);
    }
  }

  /** Executes a statement without parameters. */
  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
