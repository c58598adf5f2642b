package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.store.SharedTransactions.WorkResult;
import dev.taper.testing.Await;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Short work of many callers, which share transactions of a file. */
@Timeout(60)
class SharedTransactionsTest {
  private static final int CALLERS = 20;

  @TempDir Path folder;
  private String address = "";
  private Database database;

  @BeforeEach
  void open() {
    address = TestDatabase.SQLITE.create(folder);
    database = Database.open(address, folder);
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(database);
  }

  /** Each of many who wait would otherwise wait for the disk of all before it. */
  @Test
  void shared_manyWaitForTheFile_shareOneTransaction() throws Exception {
    List<Integer> committed = Collections.synchronizedList(new ArrayList<>());
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    try (Connection other = held()) {
      for (int i = 0; i < CALLERS; i++) {
        String id = "a" + i;
        callers.add(
            new Thread(
                () ->
                    seen.add(
                        database.shared(
                            connection -> {
                              committed.add(database.read(SharedTransactionsTest::count));
                              insert(connection, id);
                              return new WorkResult<>(count(connection), true);
                            }))));
      }
      callers.forEach(Thread::start);
      while (!callers.stream().allMatch(SharedTransactionsTest::waits)) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      execute(other, "COMMIT");
    }
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(committed).containsOnly(0).hasSize(CALLERS);
    assertThat(seen).doesNotHaveDuplicates().contains(1, CALLERS);
    assertThat(database.read(SharedTransactionsTest::count)).isEqualTo(CALLERS);
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void shared_workThatDoesNotCountOrFails_leavesNothingAndTheOthersAlone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread first =
        new Thread(
            () ->
                assertThat(
                        database.<Integer>shared(
                            connection -> {
                              begun.countDown();
                              Await.down(goOn);
                              return kept(connection, "a");
                            }))
                    .isEqualTo(1));
    first.start();
    begun.await();
    List<Thread> others =
        List.of(
            new Thread(() -> database.<Integer>shared(connection -> kept(connection, "b"))),
            new Thread(
                () ->
                    database.<Integer>shared(
                        connection -> new WorkResult<>(kept(connection, "c").answer(), false))),
            new Thread(
                () ->
                    assertThatIllegalStateException()
                        .isThrownBy(
                            () ->
                                database.<Integer>shared(
                                    connection -> {
                                      throw new IllegalStateException(
                                          String.valueOf(kept(connection, "d")));
                                    }))),
            new Thread(
                () ->
                    Refused.with(
                        ErrorCode.DATABASE_FAILED,
                        () ->
                            database.<Integer>shared(
                                connection -> {
                                  insert(connection, "e");
                                  execute(connection, "SELECT nothing FROM nowhere");
                                  return kept(connection, "f");
                                }))),
            new Thread(() -> database.<Integer>shared(connection -> kept(connection, "g"))));
    others.forEach(Thread::start);
    while (!others.stream().allMatch(SharedTransactionsTest::waits)) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    goOn.countDown();
    first.join();
    for (Thread other : others) {
      other.join();
    }

    assertThat(database.read(SharedTransactionsTest::ids)).containsExactly("a", "b", "g");
  }

  @Test
  void shared_callerWentAwayMeanwhile_isUndone() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    do { // the caller may also have left before its work was begun
      Refused.with(
          ErrorCode.DATABASE_UNAVAILABLE,
          () ->
              Deadline.in(Duration.ofMillis(50))
                  .during(
                      () ->
                          database.<Integer>shared(
                              connection -> {
                                begun.countDown();
                                Await.down(goOn);
                                return kept(connection, "a");
                              })));
    } while (begun.getCount() > 0);
    Refused.with(
        ErrorCode.DATABASE_UNAVAILABLE,
        () ->
            Deadline.in(Duration.ofMillis(50))
                .during(() -> database.<Integer>shared(connection -> kept(connection, "b"))));
    goOn.countDown();

    assertThat(database.<Integer>shared(connection -> kept(connection, "c"))).isEqualTo(1);
    assertThat(database.read(SharedTransactionsTest::ids)).containsExactly("c");
  }

  @Test
  void shared_closed_isUnavailableAtOnce() {
    database.close();

    for (int i = 0; i < 2; i++) {
      Refused.with(
          ErrorCode.DATABASE_UNAVAILABLE,
          () -> database.<Integer>shared(connection -> kept(connection, "a")));
    }
  }

  /** Callers would wait for a thread that never was. */
  @Test
  void shared_noThreadCouldBeStarted_othersAreServedLater() {
    InheritableThreadLocal<Boolean> failing =
        new InheritableThreadLocal<>() {
          @Override
          protected Boolean childValue(Boolean parent) {
            throw new StackOverflowError("no thread starts");
          }
        };
    failing.set(true);
    try {
      Refused.with(
          ErrorCode.DATABASE_UNAVAILABLE,
          () -> database.<Integer>shared(connection -> kept(connection, "a")));
    } finally {
      failing.remove();
    }

    assertThat(database.<Integer>shared(connection -> kept(connection, "b"))).isEqualTo(1);
    assertThat(database.read(SharedTransactionsTest::ids)).containsExactly("b");
  }

  /** Readers had to wait for writers, and writers for them. */
  @Test
  void read_othersWrite_answersAllTheSame() throws Exception {
    database.<Integer>shared(connection -> kept(connection, "a"));
    try (Connection other = held()) {
      insert(other, "b");

      assertThat(
              Deadline.in(Duration.ofSeconds(20))
                  .during(() -> database.read(SharedTransactionsTest::ids)))
          .containsExactly("a");
    }
  }

  @Test
  void transaction_othersWriteAllTheTime_isUnavailable() throws Exception {
    try (Connection other = held()) {
      insert(other, "b");

      Refused.with(
          ErrorCode.DATABASE_UNAVAILABLE,
          () ->
              Deadline.in(Duration.ofMillis(50))
                  .during(() -> database.transaction(SharedTransactionsTest::count)));
    }
    assertThat(database.transaction(SharedTransactionsTest::count)).isZero();
  }

  /** Another process that writes, until it is told to end or its connection is closed. */
  private Connection held() throws SQLException {
    Connection other = DriverManager.getConnection("jdbc:" + address);
    execute(other, "BEGIN IMMEDIATE");
    return other;
  }

  private static WorkResult<Integer> kept(Connection connection, String id) throws SQLException {
    insert(connection, id);
    return new WorkResult<>(1, true);
  }

  private static void insert(Connection connection, String id) throws SQLException {
    execute(connection, "INSERT INTO approval_use (id, ends_at) VALUES ('" + id + "', 0)");
  }

  private static int count(Connection connection) throws SQLException {
    return ids(connection).size();
  }

  private static List<String> ids(Connection connection) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id FROM approval_use ORDER BY id")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
