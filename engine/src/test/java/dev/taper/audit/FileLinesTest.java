package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLinesTest {
  @TempDir Path folder;

  private List<AuditSource.Line> lines(String text) throws IOException {
    Path file = folder.resolve("log");
    Files.writeString(file, text);
    List<AuditSource.Line> lines = new ArrayList<>();
    AuditSource.of(file).read(lines::add);
    return lines;
  }

  @Test
  void read_linesThatEndAnywhereInABuffer_areWhole() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int length = 0; length < 1500; length++) {
      String line = "é".repeat(length % 7) + "x".repeat(length);
      expected.add(line);
      text.append(line).append('\n');
    }
    List<AuditSource.Line> lines = lines(text.toString());

    assertThat(lines).extracting(AuditSource.Line::text).isEqualTo(expected);
    assertThat(lines).allMatch(AuditSource.Line::whole);
    assertThat(lines.get(1499).number()).isEqualTo(1500);
  }

  @Test
  void read_lineWithoutEnd_isNotWhole() throws IOException {
    assertThat(lines("a\nb"))
        .containsExactly(new AuditSource.Line(1, "a", true), new AuditSource.Line(2, "b", false));
    assertThat(lines("a\n")).containsExactly(new AuditSource.Line(1, "a", true));
    assertThat(lines("")).isEmpty();
  }

  @Test
  void read_lineLongerThanARecord_isCut() throws IOException {
    List<AuditSource.Line> lines = lines("x".repeat(3 * AuditRecord.MAX_BYTES) + "\nnext\n");
    assertThat(lines.get(0).text()).hasSize(AuditRecord.MAX_BYTES + 1);
    assertThat(lines.get(1).text()).isEqualTo("next");
  }

  /** However long a log is, and its lines, only so much of it is held. */
  @Test
  void readAhead_endlessLog_holdsOnlySoMuch() {
    int batches = 2 + 2 * Runtime.getRuntime().availableProcessors();
    for (String text : List.of("x", "x".repeat(1 << 18))) {
      long most = (long) batches * Math.min(256, (1 << 20) / text.length());
      long[] passed = new long[1];
      ReadAhead lines =
          new ReadAhead(line -> assertThat(line.line().number()).isEqualTo(++passed[0]));
      for (long number = 1; number <= 2 * most; number++) {
        lines.accept(new AuditSource.Line(number, text, true));
        assertThat(number - passed[0]).isLessThan(most);
      }
      lines.end();
      assertThat(passed[0]).isEqualTo(2 * most);
    }
  }

  @Test
  void verify_moreLinesThanAreReadAtOnce_passesRecordsOnInOrder() throws IOException {
    Trails trails = new Trails();
    List<Long> passed = new ArrayList<>();
    MemorySink sink = new MemorySink();
    try (AuditLog log = trails.log(sink).open()) {
      for (int i = 0; i < 5000; i++) {
        var unused = log.submit(Trails.event("T-" + i));
      }
    }
    LogVerification found =
        AuditVerifier.trusting(List.of(trails.auditKey.publicKey()))
            .verify(sink, record -> passed.add(record.sequence()));

    assertThat(found.intact()).isTrue();
    assertThat(passed).hasSize((int) found.records()).isSorted();
  }

  @Test
  void along_streamThatFails_isNamedIfItHasAName() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("it is away");
          }

          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            return read();
          }
        };

    assertThat(
            Refused.with(
                ErrorCode.AUDIT_UNAVAILABLE, "cannot be read", () -> read(failing, "a.jsonl")))
        .startsWith("the audit log a.jsonl cannot be read: ");
    assertThat(Refused.with(ErrorCode.AUDIT_UNAVAILABLE, "cannot be read", () -> read(failing, "")))
        .startsWith("the audit log cannot be read: ");
  }

  private static void read(InputStream in, String name) {
    FileLines.along(in, name, line -> {});
  }
}
