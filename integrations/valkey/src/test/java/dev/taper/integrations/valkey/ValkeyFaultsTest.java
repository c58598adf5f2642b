package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.TearDown;
import dev.taper.testing.ValkeyServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is stopped, slow or killed while it is asked: calls end, and nothing is doubled.
 */
@Timeout(120)
class ValkeyFaultsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Duration DEADLINE = Duration.ofMillis(100);

  /** Of a claim whose answer counts: one that is not waited for may have been taken. */
  private static final Duration LONG = Duration.ofSeconds(15);

  private static final int THREADS = 8;
  private static final int PROOFS = 20_000;

  @TempDir Path folder;

  private ValkeyServer server;
  private ValkeyStore store;
  private ReplayMemory memory;

  @BeforeEach
  void start() throws Exception {
    server = ValkeyServer.start(folder, ValkeyServer.DURABLE);
    store = ValkeyStore.at(server.address("a")).open();
    store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
    memory = store.replayMemory();
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(store, server);
  }

  private static ReplayMemory.Use proof(int number) {
    return new ReplayMemory.Use(String.format("%064x", number), NOW, NOW.plusSeconds(60));
  }

  private boolean claims(int number, Duration deadline) {
    return Deadline.in(deadline).during(() -> memory.claim(proof(number), ALICE, NOW));
  }

  /** Refused in time: what a call may take longer than its deadline is a machine that is busy. */
  private void assertRefusedInTime(int number, Duration deadline) {
    long start = System.nanoTime();
    try {
      assertThat(claims(number, deadline))
          .as("claimed from a server that does not answer")
          .isFalse();
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private boolean answers(int number) throws InterruptedException {
    while (true) {
      try {
        return claims(number, LONG);
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  @Test
  void stopped_server_endsCallsInTimeAndOpensAgain() throws Exception {
    assertThat(answers(1)).isTrue();
    server.signal("STOP");
    for (int number = 2; number < 30; number++) {
      assertRefusedInTime(number, DEADLINE);
    }
    server.signal("CONT");

    long start = System.nanoTime();
    assertThat(answers(1)).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(answers(100)).isTrue();
    assertThat(answers(100)).isFalse();
  }

  /** A look that fails for want of memory, say, is not the last: settings may change after it. */
  @Test
  void errorOfOneLook_leavesTheNextToLook() throws Exception {
    AtomicBoolean fails = new AtomicBoolean();
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            if (fails.getAndSet(false)) {
              throw new StackOverflowError("for once");
            }
            return NOW;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    try (ValkeyStore watched = ValkeyStore.at(server.address("b")).clock(clock).open()) {
      assertThat(watched.problem()).isNull();
      fails.set(true);
      assertThat(server.tell("FLUSHALL")).isEqualTo("+OK"); // which has to be noted
      while (fails.get()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(server.tell("CONFIG SET appendfsync everysec")).isEqualTo("+OK");
      long start = System.nanoTime();
      while (isDurable(watched) && System.nanoTime() - start < LONG.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(isDurable(watched)).isFalse();
    }
  }

  private static boolean isDurable(ValkeyStore of) {
    try {
      return of.budgets() != null;
    } catch (TaperException e) {
      return false;
    }
  }

  /** Long enough that the connection is given up, and others are tried. */
  @Test
  void stopped_server_forLong_opensAgain() throws Exception {
    server.signal("STOP");
    while (!String.valueOf(store.problem()).contains("cannot be reached")) {
      assertRefusedInTime(1, DEADLINE);
    }
    server.signal("CONT");

    long start = System.nanoTime();
    answers(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void slow_server_endsCallsInTimeAndCountsWhatWasNotAnswered() throws Exception {
    assertThat(server.tell("CLIENT PAUSE 3000 ALL")).isEqualTo("+OK");

    assertRefusedInTime(1, Duration.ofSeconds(1)); // in which it is sent

    int next = 2;
    while (!answers(next)) { // those were claimed, and nobody was told
      next++;
    }
    assertThat(answers(1)).as("it was claimed, and nobody was told").isFalse();
  }

  /** Eight threads try each proof; the server is killed, stopped and started meanwhile. */
  @Test
  void killedAndStopped_underLoad_acceptsNothingTwice() throws Exception {
    AtomicIntegerArray taken = new AtomicIntegerArray(PROOFS);
    AtomicBoolean ends = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Thread thread = new Thread(() -> claimAll(taken, ends));
      thread.start();
      threads.add(thread);
    }
    for (int round = 0; round < 3; round++) {
      TimeUnit.MILLISECONDS.sleep(200);
      server.kill();
      server.start(ValkeyServer.DURABLE);
      TimeUnit.MILLISECONDS.sleep(200);
      server.signal("STOP");
      TimeUnit.MILLISECONDS.sleep(100);
      server.signal("CONT");
    }
    answers(PROOFS); // it is open again
    ends.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    int accepted = 0;
    for (int number = 0; number < PROOFS; number++) {
      assertThat(taken.get(number)).as("proof %d", number).isLessThanOrEqualTo(1);
      accepted += taken.get(number);
      if (taken.get(number) == 1 && number % 50 == 0) {
        assertThat(answers(number)).as("proof %d again", number).isFalse();
      }
    }
    assertThat(accepted).isPositive();
  }

  private void claimAll(AtomicIntegerArray taken, AtomicBoolean ends) {
    for (int number = 0; number < PROOFS && !ends.get(); number++) {
      try {
        if (claims(number, DEADLINE)) {
          taken.incrementAndGet(number);
        }
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
      }
    }
  }
}
