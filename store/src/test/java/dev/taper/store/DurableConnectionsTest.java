package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every connection keeps what it commits, the first and those that come after it broke: a claim
 * that was acknowledged and is lost with the power could be made again.
 */
class DurableConnectionsTest {
  /** More than there are connections in the pool. */
  private static final int RECONNECTIONS = 12;

  /** SQLite says 2 for FULL: a commit waits until the log is on the disk. */
  private static final Map<String, String> SQLITE =
      Map.of("journal_mode", "wal", "synchronous", "2", "foreign_keys", "1");

  @TempDir private Path folder;

  private static Map<String, String> pragmas(Connection connection) throws SQLException {
    Map<String, String> found = new LinkedHashMap<>();
    for (String pragma : SQLITE.keySet()) {
      found.put(pragma, only(connection, "PRAGMA " + pragma));
    }
    return found;
  }

  private static String only(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void check(TestDatabase kind, Connection connection) throws SQLException {
    if (kind == TestDatabase.SQLITE) {
      assertThat(pragmas(connection)).isEqualTo(SQLITE);
    } else {
      assertThat(only(connection, "SHOW synchronous_commit")).isEqualTo("on");
    }
  }

  /** Each connection is broken when it was looked at, so that the next one is new. */
  @ParameterizedTest
  @EnumSource
  void transactions_onConnectionsThatCameAnew_keepWhatTheyCommit(TestDatabase kind) {
    AtomicInteger made = new AtomicInteger();
    String name = kind.create(folder);
    Database.open(name, folder).close();
    DatabaseAddress address = DatabaseAddress.parse(name, folder);
    try (Database database = Database.open(address, source -> counted(source, made))) {
      for (int i = 0; i < RECONNECTIONS; i++) {
        assertThatThrownBy(
                () ->
                    database.transaction(
                        connection -> {
                          check(kind, connection);
                          spoil(kind, connection);
                          throw new IllegalStateException("broken by a test");
                        }))
            .hasStackTraceContaining("broken by a test");
      }
      // Those that the pool made while we looked count for us too.
      assertThat(made.get()).isGreaterThanOrEqualTo(RECONNECTIONS);
    }
  }

  /** So that nobody gets it again. */
  private static void spoil(TestDatabase kind, Connection connection) throws SQLException {
    if (kind == TestDatabase.SQLITE) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("ROLLBACK"); // so that it cannot be undone
      }
    } else {
      connection.abort(Runnable::run);
    }
  }

  private static DataSource counted(DataSource source, AtomicInteger made) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              made.addAndGet(method.getName().equals("getConnection") ? 1 : 0);
              try {
                return method.invoke(source, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Of the connections, also those that make and upgrade the tables. */
  @Test
  void connections_ofAFile_keepWhatTheyCommitWhateverTheyAreFor() throws SQLException {
    String address = TestDatabase.SQLITE.create(folder);
    Database.open(address, folder).close();
    DatabaseAddress parsed = DatabaseAddress.parse(address, folder);
    for (int i = 0; i < RECONNECTIONS; i++) {
      try (Connection connection = parsed.dataSource().getConnection()) {
        assertThat(pragmas(connection)).isEqualTo(SQLITE);
      }
    }
  }
}
