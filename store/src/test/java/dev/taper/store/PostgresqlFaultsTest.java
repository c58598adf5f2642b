package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is stopped, slow or killed while it is asked: calls end, and nothing is doubled.
 */
@Timeout(120)
class PostgresqlFaultsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Duration DEADLINE = Duration.ofMillis(250);

  /** On a machine that is busy; benchmarks/postgresql measures it. */
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(10);

  private static final int THREADS = 16;
  private static final int PROOFS = 20_000;

  @TempDir static Path folder;

  private static PostgresqlServer server;
  private SlowProxy proxy;
  private final List<Database> databases = new ArrayList<>();
  private ReplayMemory memory;

  @BeforeAll
  static void start() throws Exception {
    PostgresqlServer.make(folder.resolve("server"));
    server = PostgresqlServer.start(folder.resolve("server"));
  }

  @AfterAll
  static void end() throws Exception {
    TearDown.close(server);
  }

  @BeforeEach
  void open() throws Exception {
    proxy = new SlowProxy(server.port());
    memory = memory();
    server.tell("TRUNCATE proof_use");
    server.tell("UPDATE forgotten SET up_to = -1, lost_at = NULL");
  }

  /** A verifier with its own connections, as in another process. */
  private ReplayMemory memory() {
    Database database =
        Database.open("jdbc:postgresql://" + proxy.host() + "/postgres?user=postgres", folder);
    databases.add(database);
    return new SqlReplayMemory(database);
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(
        TearDown.of(server, stopped -> stopped.signal("CONT")),
        () -> databases.forEach(Database::close),
        proxy);
  }

  private static ReplayMemory.Use proof(int number) {
    return new ReplayMemory.Use(String.format("%064x", number), NOW, NOW.plusSeconds(60));
  }

  private static boolean claims(ReplayMemory memory, int number) {
    return Deadline.in(DEADLINE).during(() -> memory.claim(proof(number), ALICE, NOW));
  }

  /** Refused in time: what a call may take longer than its deadline is a machine that is busy. */
  private void assertRefusedInTime(int number) {
    long start = System.nanoTime();
    try {
      assertThat(claims(memory, number)).as("claimed from a server that is away").isFalse();
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  private boolean answers(int number) throws InterruptedException {
    while (true) {
      try {
        return claims(memory, number);
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  /**
   * A proof, from this number on, of which this was told that it is accepted. On a busy machine a
   * claim may count whose caller had no answer in time.
   */
  private int accepted(int number) throws InterruptedException {
    int next = number;
    while (!answers(next)) {
      next++;
    }
    return next;
  }

  private int assertOpensAgain(int number) throws InterruptedException {
    long start = System.nanoTime();
    int accepted = accepted(number);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(OPEN_AGAIN);
    return accepted;
  }

  @Test
  void stopped_server_endsCallsInTimeAndOpensAgain() throws Exception {
    int before = accepted(1);
    server.signal("STOP");
    for (int number = 1_000; number < 1_008; number++) {
      assertRefusedInTime(number);
    }
    server.signal("CONT");

    int after = assertOpensAgain(2_000);
    assertThat(answers(before)).isFalse();
    assertThat(answers(after)).isFalse();
  }

  /** Longer than a pool takes to ask a server at ever longer intervals. */
  @Test
  void killed_forLong_opensAgainAtOnceAndForgetsNothing() throws Exception {
    int before = accepted(1);
    server.kill();
    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    while (System.nanoTime() < end) {
      assertRefusedInTime(1_000);
      TimeUnit.MILLISECONDS.sleep(50);
    }
    server.start();

    int after = assertOpensAgain(2_000);
    assertThat(answers(before)).isFalse();
    assertThat(answers(after)).isFalse();
  }

  /** Connections that broke while nobody used them cost no call. */
  @Test
  void killed_betweenTwoCalls_costsNoneOfThem() throws Exception {
    assertThat(memory.claim(proof(1), ALICE, NOW)).isTrue();
    server.kill();
    server.start();

    assertThat(memory.claim(proof(2), ALICE, NOW)).isTrue();
    assertThat(memory.claim(proof(1), ALICE, NOW)).isFalse();
  }

  @Test
  void slow_server_endsCallsInTimeAndCountsNothingTwice() throws Exception {
    int before = accepted(1);
    proxy.delay(2 * DEADLINE.toMillis());

    for (int number = 1_000; number < 1_004; number++) {
      assertRefusedInTime(number);
    }
    proxy.delay(0);
    assertOpensAgain(2_000);
    assertThat(answers(before)).isFalse();
    for (int number = 1_000; number < 1_004; number++) {
      if (answers(number)) { // if not, it was claimed and nobody was told
        assertThat(answers(number)).isFalse();
      }
    }
  }

  /** Or locks are held by work that nobody waits for any more. */
  @Test
  void locked_row_isWaitedForByTheServerNotMuchLongerThanByTheCaller() throws Exception {
    accepted(1);
    try (Connection other = DriverManager.getConnection(server.address());
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE proof_use IN ACCESS EXCLUSIVE MODE");
      assertRefusedInTime(1_000);
      long start = System.nanoTime();
      while (!"0".equals(server.ask("SELECT count(*) FROM pg_locks WHERE NOT granted"))) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
    accepted(1_000);
  }

  /**
   * Sixteen threads of two verifiers try each proof; the server is killed and stopped meanwhile.
   */
  @Test
  void killedAndStopped_underLoad_acceptsNothingTwice() throws Exception {
    ReplayMemory other = memory();
    AtomicIntegerArray taken = new AtomicIntegerArray(PROOFS);
    AtomicBoolean ends = new AtomicBoolean();
    CountDownLatch first = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      ReplayMemory asked = t % 2 == 0 ? memory : other;
      threads.add(pool.submit(() -> claimAll(asked, taken, first, ends)));
    }
    pool.shutdown();
    first.await();
    for (int round = 0; round < 2; round++) {
      TimeUnit.MILLISECONDS.sleep(300);
      server.kill();
      server.start();
      answers(PROOFS);
      server.signal("STOP");
      TimeUnit.MILLISECONDS.sleep(300);
      server.signal("CONT");
    }
    assertOpensAgain(PROOFS);
    ends.set(true);
    for (Future<?> thread : threads) {
      thread.get();
    }
    for (int number = 0; number < PROOFS; number++) {
      assertThat(taken.get(number)).as("proof %d", number).isLessThanOrEqualTo(1);
      if (taken.get(number) == 1 && number % 50 == 0) {
        assertThat(answers(number)).as("proof %d again", number).isFalse();
      }
    }
  }

  private static void claimAll(
      ReplayMemory memory, AtomicIntegerArray taken, CountDownLatch first, AtomicBoolean ends) {
    for (int number = 0; number < PROOFS && !ends.get(); number++) {
      try {
        if (claims(memory, number)) {
          taken.incrementAndGet(number);
          first.countDown();
        }
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
      }
    }
  }
}
