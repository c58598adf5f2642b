package dev.taper.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connects to a server, or to the primary one of several. Once it has a pool, it goes on asking a
 * server that is away, so that a connection is there as soon as the server is: the pool by itself
 * asks at ever longer intervals. Thread-safe.
 */
final class ServerSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;
  private static final Duration AGAIN = Duration.ofMillis(100);

  private volatile boolean isPatient;
  private transient volatile @Nullable SQLException problem;

  /** From now on only the pool asks for connections, in a thread that may wait. */
  void becomePatient() {
    isPatient = true;
  }

  /** Ends waiting. */
  void giveUp() {
    isPatient = false;
  }

  /** Why the server cannot be reached; null if it could when it was asked last. */
  @Nullable SQLException problem() {
    return problem;
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    while (true) {
      try {
        Connection connection = super.getConnection(user, password);
        problem = null;
        return connection;
      } catch (SQLException e) {
        problem = e;
        if (!isPatient) {
          throw e;
        }
      }
      LockSupport.parkNanos(AGAIN.toNanos());
    }
  }
}
