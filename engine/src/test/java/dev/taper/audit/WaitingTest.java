package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.Verifier;
import dev.taper.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Authors who wait for a sink that does not answer, and what becomes of their records. */
@Timeout(60)
class WaitingTest {
  private final Trails trails = new Trails();
  private final MemorySink memory = new MemorySink();
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** Stays in its second batch until it is released. */
  private final AuditSink slow =
      new AuditSink() {
        @Override
        public @Nullable AuditRecord last() {
          return memory.last();
        }

        @Override
        public void append(List<AuditRecord> records) {
          if (records.get(0).sequence() > 0) {
            stuck.countDown();
            Await.down(released);
          }
          memory.append(records);
        }

        @Override
        public void close() {
          memory.close();
        }
      };

  private static void assertUnavailable(Runnable work, String message) {
    assertThatThrownBy(work::run)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE));
  }

  private boolean holds(String task) {
    return memory.records.stream().anyMatch(record -> record.json().contains(task));
  }

  @Test
  void append_interrupted_isWithdrawnAndStaysInterrupted() {
    AuditLog log = trails.log(slow).open();
    var first = log.submit(Trails.event("T-1")).toCompletableFuture();
    Await.down(stuck);

    Thread.currentThread().interrupt();
    assertUnavailable(() -> log.append(Trails.event("T-2")), "interrupted");
    assertThat(Thread.interrupted()).isTrue();

    released.countDown();
    assertThat(first.join().sequence()).isEqualTo(2);
    log.close();
    assertThat(holds("T-1")).isTrue();
    assertThat(holds("T-2")).isFalse();
  }

  @Test
  void append_callersDeadlineIsShorter_waitsNoLonger() {
    AuditLog log = trails.log(slow).open();
    var first = log.submit(Trails.event("T-1")).toCompletableFuture();
    Await.down(stuck);

    for (int millis : new int[] {0, 7}) {
      Deadline shorter = Deadline.in(Duration.ofMillis(millis), () -> 0);
      assertUnavailable(
          () -> shorter.during(() -> log.append(Trails.event("T-2"))),
          "not safe within " + millis + " ms and is withdrawn");
    }

    released.countDown();
    assertThat(first.join().sequence()).isEqualTo(2);
    log.close();
    assertThat(holds("T-2")).isFalse();
  }

  @Test
  void append_deadlineFarAway_waitsNoLongerThanTheLogsPatience() {
    AuditLog log = trails.log(slow).patience(Duration.ofMillis(9)).open();
    Deadline far = Deadline.in(Duration.ofDays(1));

    assertUnavailable(
        () -> far.during(() -> log.append(Trails.event("T-1"))), "not safe within 9 ms");

    released.countDown();
    log.close();
  }

  /** Closing is not cut short: what waits is written, whoever interrupts. */
  @Test
  void close_interrupted_writesAllAndStaysInterrupted() {
    AuditLog log = trails.log(slow).open();
    var first = log.submit(Trails.event("T-1")).toCompletableFuture();
    Await.down(stuck);
    Thread closing = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              while (closing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              closing.interrupt();
              released.countDown();
            });
    other.start();

    log.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(first.join().sequence()).isEqualTo(2);
    assertThat(memory.kinds()).endsWith(AuditKind.TASK_END, AuditKind.CHECKPOINT);
    assertThat(memory.closed).isTrue();
  }

  /**
   * A call that was recorded as allowed too late was denied instead. That denial is written even if
   * nobody waits for it any more, or the trail would say for good that the call went ahead.
   */
  @Test
  void decided_denialThatTakesAnAllowanceBack_isWrittenThoughNobodyWaits() {
    AuditLog log = trails.log(slow).open();
    Verifier verifier = trails.verifier().listener(log).build();
    Thread caller = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              Await.down(stuck); // the allowance is being written
              caller.interrupt();
            });
    other.start();

    assertThat(trails.call(verifier, Trails.search())).isFalse();
    assertThat(Thread.interrupted()).isTrue();

    released.countDown();
    log.close();
    assertThat(memory.kinds())
        .containsExactly(
            AuditKind.OPEN,
            AuditKind.CHECKPOINT,
            AuditKind.ALLOW,
            AuditKind.DENY,
            AuditKind.CHECKPOINT);
    assertThat(memory.records.get(3).json()).contains("\"code\":\"audit_unavailable\"");
  }

  @Test
  void decided_denialThatTakesAnAllowanceBack_isTriedAgainUntilTheSinkTakesIt() {
    AuditLog log = trails.log(memory).open();
    Verifier verifier = trails.verifier().listener(log).build();
    memory.storesThenFails = true;
    assertThat(trails.call(verifier, Trails.search())).isFalse();
    memory.storesThenFails = false;

    log.append(Trails.event("T-1"));
    log.close();

    assertThat(memory.kinds()).contains(AuditKind.ALLOW, AuditKind.DENY, AuditKind.TASK_END);
  }

  @Test
  void decided_denialThatCouldNotBeWritten_isWrittenLaterAndOnce() {
    AuditLog log = trails.log(memory).open();
    Verifier verifier = trails.verifier().listener(log).build();
    memory.full = true;
    assertThat(trails.call(verifier, Trails.search())).isFalse();
    memory.full = false;

    log.append(Trails.event("T-1"));
    log.append(Trails.event("T-2"));
    log.close();

    assertThat(memory.kinds()).containsOnlyOnce(AuditKind.DENY).doesNotContain(AuditKind.ALLOW);
  }

  @Test
  void submit_asManyWaitAsTheLogHolds_isRefusedAtOnce() {
    AuditLog log = trails.log(slow).capacity(1).open();
    var first = log.submit(Trails.event("T-1")).toCompletableFuture();
    Await.down(stuck);
    var second = log.submit(Trails.event("T-2")).toCompletableFuture();

    assertUnavailable(() -> log.submit(Trails.event("T-3")), "as many records wait");

    released.countDown();
    assertThat(second.join().sequence()).isEqualTo(first.join().sequence() + 1);
    log.close();
  }

  @Test
  void append_sinkDiesOfAnError_isUnavailableAndClosed() {
    AuditSink dying =
        new AuditSink() {
          @Override
          public @Nullable AuditRecord last() {
            return memory.last();
          }

          @Override
          public void append(List<AuditRecord> records) {
            if (records.get(0).sequence() > 0) {
              throw new StackOverflowError("in the sink");
            }
            memory.append(records);
          }

          @Override
          public void close() {
            memory.close();
          }
        };
    AuditLog log = trails.log(dying).open();
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("taper-audit"))
        .forEach(thread -> thread.setUncaughtExceptionHandler((dead, error) -> {})); // prints it

    assertUnavailable(() -> log.append(Trails.event("T-1")), "the audit log has ended");
    log.close();

    assertThat(memory.closed).isTrue();
    assertUnavailable(() -> log.append(Trails.event("T-2")), "closed");
  }

  @Test
  void builder_everySetting_hasItsLeastValue() {
    AuditLog.Builder builder = trails.log(memory);
    for (Consumer<AuditLog.Builder> bad :
        List.<Consumer<AuditLog.Builder>>of(
            b -> b.checkpointEvery(0),
            b -> b.checkpointEvery(Duration.ofNanos(999_999)),
            b -> b.capacity(0),
            b -> b.patience(Duration.ofNanos(999_999)))) {
      assertThatThrownBy(() -> bad.accept(builder))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
    try (AuditLog log =
        builder
            .checkpointEvery(Duration.ofMillis(1))
            .patience(Duration.ofMillis(1))
            .patience(Trails.PATIENCE)
            .capacity(1)
            .checkpointEvery(1)
            .open()) {
      log.append(Trails.event("T-1"));
    }
    assertThat(memory.kinds()).endsWith(AuditKind.TASK_END, AuditKind.CHECKPOINT);
  }
}
