package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.Await;
import dev.taper.testing.Refused;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that does not answer: its callers do, and nothing that they gave up on counts. */
class StuckDatabaseTest {
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[1]);

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final ApprovalUses.Use A =
      ApprovalUses.Use.once("a".repeat(64), NOW.plusSeconds(60));

  @TempDir Path folder;

  /** Twenty calls, of which one took half a minute before. */
  @ParameterizedTest
  @EnumSource
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void claim_tableIsLocked_endsAtTheDeadlineAndUsesNothing(TestDatabase kind) throws Exception {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      ApprovalUses uses = new SqlApprovalUses(database);
      try (Connection other = DriverManager.getConnection(jdbc(address))) {
        lock(other, kind);
        for (int i = 0; i < 20; i++) {
          assertTimeout(
              Duration.ofSeconds(20),
              () ->
                  Refused.with(
                      ErrorCode.APPROVAL_USES_UNAVAILABLE,
                      () ->
                          Deadline.in(Duration.ofMillis(50))
                              .during(() -> uses.claim(List.of(A), SHARE, NOW))));
        }
      }
      assertThat(uses.claim(List.of(A), SHARE, NOW)).isEmpty();
      assertThat(
              Deadline.in(Duration.ofMinutes(1)).during(() -> uses.claim(List.of(A), SHARE, NOW)))
          .containsExactly(A);
    }
  }

  /** The work itself hangs, where no time-out of a driver reaches. */
  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void transaction_callerWentAway_isRolledBack(TestDatabase kind) throws Exception {
    try (Database database = kind.open(folder)) {
      AtomicInteger begun = new AtomicInteger();
      CountDownLatch release = new CountDownLatch(1);
      AtomicInteger ended = new AtomicInteger();
      do { // the caller may also have left before its work was begun
        assertThatExceptionOfType(TaperException.class)
            .isThrownBy(
                () ->
                    Deadline.in(Duration.ofMillis(50))
                        .during(
                            () ->
                                database.transaction(
                                    connection -> {
                                      begun.incrementAndGet();
                                      Await.down(release);
                                      try {
                                        return insert(connection);
                                      } finally {
                                        ended.incrementAndGet();
                                      }
                                    })))
            .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
      } while (begun.get() == 0);
      release.countDown();
      while (ended.get() < begun.get()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }

      // Whoever inserts the same waits until it is rolled back.
      ApprovalUses uses = new SqlApprovalUses(database);
      assertThat(uses.claim(List.of(A), SHARE, NOW)).isEmpty();
    }
  }

  /** A server that accepts connections and says nothing. */
  @Test
  @Timeout(30)
  void open_serverThatNeverAnswers_isUnavailable() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address =
          "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/taper?user=t&sslmode=disable";
      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> Database.open(address, folder))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL")
  void open_server_endsStatementsAndLocksByItself(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertThat(setting(database, "lock_timeout")).isEqualTo("5s");
      assertThat(setting(database, "statement_timeout")).isEqualTo("25s");
    }
  }

  private static String setting(Database database, String name) {
    return database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              var row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
          }
        });
  }

  private static boolean insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO approval_use (id, ends_at) VALUES ('"
              + A.id()
              + "', "
              + A.until().toEpochMilli()
              + ")");
      return true;
    }
  }

  private static String jdbc(String address) {
    return address.startsWith("sqlite:") ? "jdbc:" + address : address;
  }

  private static void lock(Connection connection, TestDatabase kind) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (kind == TestDatabase.SQLITE) {
        statement.execute("BEGIN EXCLUSIVE");
      } else {
        connection.setAutoCommit(false);
        statement.execute("LOCK TABLE approval_use IN ACCESS EXCLUSIVE MODE");
      }
    }
  }
}
