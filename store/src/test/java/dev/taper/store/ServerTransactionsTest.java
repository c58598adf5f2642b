package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done again on a server, and what never is. */
class ServerTransactionsTest {
  @TempDir Path folder;
  private final AtomicInteger runs = new AtomicInteger();
  private String address = "";
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.POSTGRESQL.create(folder);
    database = Database.open(address, folder);
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(database);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "08006", "57P01", "25006"})
  void transaction_undoneBeforeItsCommit_isDoneAgain(String state) {
    int counted =
        database.transaction(
            connection -> {
              insert(connection);
              if (runs.incrementAndGet() == 1) {
                throw new SQLException("it goes wrong once", state);
              }
              return count(connection);
            });

    assertThat(runs).hasValue(2);
    assertThat(counted).isEqualTo(1);
    assertThat(database.<Integer>read(ServerTransactionsTest::count)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "57014", "55P03"})
  void transaction_refused_isNotDoneAgain(String state) {
    Refused.with(
        state.equals("23505") ? ErrorCode.DATABASE_FAILED : ErrorCode.DATABASE_UNAVAILABLE,
        () ->
            database.transaction(
                connection -> {
                  runs.incrementAndGet();
                  throw new SQLException("it is refused", state);
                }));

    assertThat(runs).hasValue(1);
  }

  /** Or what was committed, and only not answered, could be done twice. */
  @Test
  void transaction_connectionBreaksAtItsCommit_isNotDoneAgain() {
    Refused.with(
        ErrorCode.DATABASE_UNAVAILABLE,
        () ->
            database.transaction(
                connection -> {
                  runs.incrementAndGet();
                  insert(connection);
                  end(number(connection, "SELECT pg_backend_pid()"));
                  return true;
                }));

    assertThat(runs).hasValue(1);
    assertThat(database.<Integer>read(ServerTransactionsTest::count)).isZero();
  }

  @Test
  void transaction_underADeadline_limitsTheServerToo() {
    assertThat(timeOut(Duration.ofMillis(700))).isBetween(1, 1024);
    assertThat(timeOut(Duration.ofSeconds(3))).isBetween(1, 4096);
    assertThat(timeOut(Duration.ofSeconds(30))).isEqualTo(25_000);
    assertThat(database.<Integer>transaction(ServerTransactionsTest::timeOut)).isEqualTo(25_000);
  }

  private int timeOut(Duration deadline) {
    while (true) { // a busy machine may need longer
      try {
        return Deadline.in(deadline)
            .during(() -> database.<Integer>transaction(ServerTransactionsTest::timeOut));
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
      }
    }
  }

  private static int timeOut(Connection connection) throws SQLException {
    return number(
        connection, "SELECT setting::INT FROM pg_settings WHERE name = 'statement_timeout'");
  }

  /** Ends a connection of the server, and waits until it has ended. */
  private void end(int backend) throws SQLException {
    try (Connection other = DriverManager.getConnection(address);
        Statement statement = other.createStatement()) {
      statement.execute("SELECT pg_terminate_backend(" + backend + ", 20000)");
    }
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO approval_use (id, ends_at) VALUES ('a', 1)");
    }
  }

  private static int count(Connection connection) throws SQLException {
    return number(connection, "SELECT COUNT(*) FROM approval_use");
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
