package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An audit log whose disk fails: what was acknowledged is in it, in order, and it goes on. */
class LogFaultsTest {
  private static final int RECORDS = 3;

  @TempDir private Path folder;
  private final Trails trails = new Trails();

  /** In one file, and in a new one for each record. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 1})
  void append_whileTheDiskFails_keepsWhatWasAcknowledged(long maxBytes) throws IOException {
    int runs =
        Faults.enumerate(
            folder,
            new Faults.Writer() {
              @Override
              public boolean triesAgain() {
                return true;
              }

              @Override
              public void write(Path in, Acknowledged acknowledged) {
                AuditLog log = open(in, maxBytes);
                try {
                  for (int step = 0; step < RECORDS; step++) {
                    append(log, "T-" + step);
                    acknowledged.step();
                  }
                } finally {
                  close(log);
                }
              }

              @Override
              public void check(Path in, int acknowledged) throws IOException {
                List<String> before = isThere(in) ? tasks(in, true) : new ArrayList<>();
                List<String> all = new ArrayList<>();
                for (int step = 0; step < RECORDS; step++) {
                  all.add("T-" + step);
                }
                assertThat(before).hasSizeBetween(acknowledged, RECORDS);
                assertThat(before).isEqualTo(all.subList(0, before.size()));
                try (AuditLog log = open(in, maxBytes)) {
                  append(log, "T-more");
                  append(log, "T-most");
                }
                before.add("T-more");
                before.add("T-most");
                assertThat(tasks(in, false)).isEqualTo(before);
              }
            });
    assertThat(runs).isGreaterThan(20);
  }

  private static boolean isThere(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.anyMatch(file -> !file.toString().endsWith(".lock"));
    }
  }

  private AuditLog open(Path in, long maxBytes) {
    Path file = in.resolve("audit.jsonl");
    return again(() -> trails.log(AuditSink.inFiles(file, maxBytes, Trails.CLOCK)).open());
  }

  /** The last checkpoint may fail: nobody waits for it. */
  private static void close(AuditLog log) {
    try {
      log.close();
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE);
    }
  }

  private static void append(AuditLog log, String task) {
    var unused = again(() -> log.append(Trails.event(task)));
  }

  /** A process that lives on tries again. */
  private static <T> T again(Supplier<T> work) {
    try {
      return work.get();
    } catch (TaperException e) {
      return work.get();
    }
  }

  private List<String> tasks(Path in, boolean mayBeTorn) {
    List<String> tasks = new ArrayList<>();
    LogVerification found =
        AuditVerifier.trusting(List.of(trails.auditKey.publicKey()))
            .verify(
                AuditSource.of(in.resolve("audit.jsonl")),
                record -> {
                  if (record.content() instanceof AuditEvent event) {
                    tasks.add(String.valueOf(event.task()));
                  }
                });
    if (!mayBeTorn) {
      assertThat(found.flaw()).isNull();
      assertThat(found.intact()).isTrue();
    }
    return tasks;
  }
}
