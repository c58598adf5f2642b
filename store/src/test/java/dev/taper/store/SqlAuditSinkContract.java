package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSinkContract;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log in a database must do besides what every log must. */
abstract class SqlAuditSinkContract extends AuditSinkContract {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

  private final TestDatabase kind;
  private final PrivateKey one = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
  @TempDir private Path folder;
  private String address = "";
  private Database database;

  SqlAuditSinkContract(TestDatabase kind) {
    this.kind = kind;
  }

  @BeforeEach
  void openDatabase() {
    address = kind.create(folder);
    database = Database.open(address, folder);
  }

  @AfterEach
  void closeDatabase() throws Exception {
    TearDown.close(database);
  }

  @Override
  protected AuditSink open() {
    return new SqlAuditSink(database);
  }

  @Override
  protected AuditSource source() {
    return new SqlAuditSink(database);
  }

  /** Any number of processes may write. */
  @Override
  protected boolean locks() {
    return false;
  }

  private static AuditEvent event(String task) {
    return AuditEvent.of(AuditKind.TASK_END, NOON).task(task);
  }

  private LogVerification verdict(List<String> tasks) {
    return AuditVerifier.trusting(List.of(one.publicKey(), other.publicKey()))
        .verify(
            source(),
            record -> {
              if (record.content() instanceof AuditEvent event && event.task() != null) {
                tasks.add(event.task());
              }
            });
  }

  @Test
  void append_byTwoProcesses_makesOneChainAndLosesNothing() throws Exception {
    int each = 60;
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Database otherDatabase = Database.open(address, folder)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> writers = new ArrayList<>();
      for (PrivateKey key : List.of(one, other)) {
        String name = key.equals(one) ? "one-" : "other-";
        Database own = key.equals(one) ? database : otherDatabase;
        Callable<Boolean> writer =
            () -> {
              start.await();
              // Both begin the log: one finds that it has begun.
              try (AuditLog log =
                  AuditLog.on(new SqlAuditSink(own), key)
                      .clock(CLOCK)
                      .checkpointEvery(10)
                      .patience(PATIENCE)
                      .open()) {
                for (int i = 0; i < each; i++) {
                  log.append(event(name + i));
                }
              }
              return true;
            };
        writers.add(threads.submit(writer));
      }
      start.countDown();
      for (Future<Boolean> writer : writers) {
        assertThat(writer.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }

    List<String> tasks = new ArrayList<>();
    LogVerification verdict = verdict(tasks);
    assertThat(verdict.flaw()).isNull();
    assertThat(verdict.unsigned()).isZero();
    assertThat(tasks).hasSize(2 * each).doesNotHaveDuplicates();
    Set<String> writers = new HashSet<>();
    for (String task : tasks.subList(0, each)) {
      writers.add(task.substring(0, task.indexOf('-')));
    }
    assertThat(writers).isSubsetOf("one", "other");
  }

  @Test
  void append_databaseGone_isUnavailable() {
    AuditLog log = AuditLog.on(open(), one).clock(CLOCK).patience(PATIENCE).open();
    database.close();
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> log.append(event("T-1")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE));
  }

  @Test
  void verify_tampering_isFound() {
    try (AuditLog log =
        AuditLog.on(open(), one).clock(CLOCK).checkpointEvery(2).patience(PATIENCE).open()) {
      for (int i = 0; i < 6; i++) {
        log.append(event("T-" + i));
      }
    }
    assertThat(verdict(new ArrayList<>()).flaw()).isNull();

    assertTampering("UPDATE audit_record SET json = replace(json, 'T-3', 'T-9')");
    assertTampering("DELETE FROM audit_record WHERE sequence = 4");
    assertTampering("UPDATE audit_record SET sequence = 100 WHERE sequence = 4");
  }

  private void assertTampering(String sql) {
    execute("CREATE TABLE kept AS SELECT * FROM audit_record");
    execute(sql);
    LogVerification.Flaw flaw = verdict(new ArrayList<>()).flaw();
    assertThat(flaw).as(sql).isNotNull();
    execute("DELETE FROM audit_record");
    execute("INSERT INTO audit_record SELECT * FROM kept");
    execute("DROP TABLE kept");
    assertThat(verdict(new ArrayList<>()).flaw()).isNull();
  }

  private void execute(String sql) {
    database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }
}
