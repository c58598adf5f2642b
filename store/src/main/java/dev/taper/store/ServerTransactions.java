package dev.taper.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.taper.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The transactions on a server. One whose connection broke before its commit was sent did nothing,
 * and is done again on another connection; one whose commit may have happened never is. The server
 * is told to end statements of callers with a deadline not long after it. Thread-safe.
 */
final class ServerTransactions {
  private static final int ATTEMPTS = 3;
  private static final Duration MORE_FOR_THE_DRIVER = Duration.ofMillis(500);

  private final DatabaseAddress address;
  private final HikariDataSource pool;
  private final @Nullable ServerSource source;

  /** The time-out that the server was told for each connection, if it is not the usual one. */
  private final Map<Connection, Integer> told = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Does transactions on connections of a pool.
   *
   * @param source where the pool has its connections from; null for a file, which has none here
   */
  ServerTransactions(
      DatabaseAddress address, HikariDataSource pool, @Nullable ServerSource source) {
    this.address = address;
    this.pool = pool;
    this.source = source;
  }

  /** Does work in one transaction, which ends by the deadline of this thread if it has one. */
  <T> T run(Deadline deadline, Database.Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = connection()) {
        T result;
        try {
          limit(connection, deadline);
          connection.setAutoCommit(false);
          result = work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
          undo(connection, e);
          if (attempt < ATTEMPTS
              && e instanceof SQLException sql
              && SqlFailures.isLostServer(sql)
              && !deadline.left().isZero()) {
            pool.getHikariPoolMXBean().softEvictConnections(); // this one, and those like it
            continue;
          }
          throw e;
        }
        commit(connection);
        return result;
      }
    }
  }

  /** A server that is away is not waited for by callers with a deadline. */
  private Connection connection() throws SQLException {
    ServerSource asked = source;
    if (asked != null && Deadline.current() != null) {
      SQLException problem = asked.problem();
      if (problem != null && pool.getHikariPoolMXBean().getTotalConnections() == 0) {
        throw unreachable(problem);
      }
    }
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException e) {
      SQLException problem = asked == null ? null : asked.problem();
      throw problem == null ? e : unreachable(problem);
    }
  }

  /** The problem is the pool's thread's; its caller's stack is another one. */
  private static SQLException unreachable(SQLException problem) {
    return new SQLTransientConnectionException(
        problem.getMessage(), problem.getSQLState(), problem);
  }

  /**
   * Lets neither the server nor the driver go on for long when the caller has gone. The server ends
   * first, as a connection that the driver gives up has to be made anew.
   *
   * @throws SQLException if the caller has gone already
   */
  private void limit(Connection connection, Deadline deadline) throws SQLException {
    Connection server = connection.unwrap(Connection.class); // that of the driver
    Integer before = told.get(server);
    Integer now = null;
    if (Deadline.current() != null) {
      long left = deadline.left().toMillis();
      if (left == 0) {
        throw new SQLTransientConnectionException("no connection was free in time");
      }
      long longest = address.longestWait().toMillis();
      // Powers of two, so that the server need not be told each time.
      int bound = Integer.highestOneBit((int) Math.min(left, longest)) * 2;
      long answer = Math.min(bound + MORE_FOR_THE_DRIVER.toMillis(), longest);
      connection.setNetworkTimeout(Runnable::run, (int) answer); // undone by the pool
      now = bound < DatabaseAddress.LOCK_MILLIS ? bound : null;
    }
    if (now == null ? before == null : now.equals(before)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          now == null ? DatabaseAddress.TIME_OUTS : DatabaseAddress.timeOuts(now, now));
    }
    if (now == null) {
      told.remove(server);
    } else {
      told.put(server, now);
    }
  }

  private void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException | RuntimeException | Error e) {
      undo(connection, e);
      throw e;
    }
  }

  private void undo(Connection connection, Throwable failure) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
    } catch (SQLException e) {
      pool.evictConnection(connection);
      failure.addSuppressed(e);
    }
  }
}
