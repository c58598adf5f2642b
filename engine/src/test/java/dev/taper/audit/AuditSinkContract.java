package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every sink must do; a test class of a sink extends it. */
public abstract class AuditSinkContract {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

  /** However long a busy disk takes. */
  protected static final Duration PATIENCE = Duration.ofMinutes(1);

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);

  /** Opens the sink of the test's one log: empty at first, then with what was stored in it. */
  protected abstract AuditSink open();

  /** All records of that log. */
  protected abstract AuditSource source();

  /** Whether a second writer of the same log is refused. */
  protected boolean locks() {
    return true;
  }

  private AuditLog log() {
    return AuditLog.on(open(), key).clock(CLOCK).patience(PATIENCE).open();
  }

  private static AuditEvent event(String task) {
    return AuditEvent.of(AuditKind.TASK_END, NOON).task(task);
  }

  private LogVerification verdict() {
    return AuditVerifier.trusting(List.<PublicKey>of(key.publicKey())).verify(source());
  }

  private List<String> tasks() {
    List<String> tasks = new ArrayList<>();
    AuditVerifier.trusting(List.of(key.publicKey()))
        .verify(
            source(),
            record -> {
              if (record.content() instanceof AuditEvent event) {
                tasks.add(Objects.requireNonNull(event.task()));
              }
            });
    return tasks;
  }

  @Test
  protected void last_newLog_isNull() {
    try (AuditSink sink = open()) {
      assertThat(sink.last()).isNull();
      assertThat(sink.recovery()).isNull();
    }
  }

  @Test
  protected void append_severalRecords_areReadBackInOrder() {
    AuditRecord first =
        AuditRecord.of(0, AuditRecord.NO_PREVIOUS, new AuditContent.LogStart(NOON, "0".repeat(32)));
    AuditRecord second = AuditRecord.of(1, first.hash(), event("T-1 ü \u2028 \uD83D\uDE00 \"'\\"));
    AuditRecord third = AuditRecord.of(2, second.hash(), event("T-2"));
    try (AuditSink sink = open()) {
      sink.append(List.of(first));
      assertThat(sink.last()).isEqualTo(first);
      sink.append(List.of(second, third));
      assertThat(sink.last()).isEqualTo(third);
    }
    List<String> lines = new ArrayList<>();
    source().read(line -> lines.add(line.text()));

    assertThat(lines).containsExactly(first.json(), second.json(), third.json());
  }

  @Test
  protected void log_openedAgain_continuesTheChain() {
    try (AuditLog log = log()) {
      log.append(event("T-1"));
    }
    try (AuditLog log = log()) {
      log.append(event("T-2"));
    }

    assertThat(verdict().flaw()).isNull();
    assertThat(verdict().unsigned()).isZero();
    assertThat(tasks()).containsExactly("T-1", "T-2");
  }

  @Test
  protected void log_manyThreads_makeOneChain() throws Exception {
    int threads = 8;
    int each = 50;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (AuditLog log = log()) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String name = "T-" + t + "-";
        done.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    log.append(event(name + i));
                  }
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } finally {
      pool.shutdown();
    }

    assertThat(verdict().flaw()).isNull();
    assertThat(tasks()).hasSize(threads * each).doesNotHaveDuplicates();
  }

  @Test
  protected void open_whileAnotherWriterHasIt_isRefused() {
    if (!locks()) {
      return;
    }
    try (AuditSink first = open()) {
      assertThat(first.last()).isNull();
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_LOCKED));
    }
    open().close();
  }
}
