package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.Verifier;
import dev.taper.audit.LogVerification.Flaw.Kind;
import dev.taper.testing.FilledPipe;
import dev.taper.testing.OpenFiles;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that go on in other files. */
class RotationTest {
  @TempDir Path folder;
  private final Trails trails = new Trails();

  private Path newest() {
    return folder.resolve("audit.jsonl");
  }

  private Path file(int number) {
    return folder.resolve(String.format(Locale.ROOT, "audit.jsonl.%06d", number));
  }

  /** Writes events; with files of this length, each record but the first begins a new one. */
  private void write(long maxBytes, String... tasks) {
    try (AuditLog log = trails.log(AuditSink.inFiles(newest(), maxBytes, Trails.CLOCK)).open()) {
      for (String task : tasks) {
        log.append(Trails.event(task));
      }
    }
  }

  private LogVerification verify() {
    return verifier().verify(AuditSource.of(newest()));
  }

  private AuditVerifier verifier() {
    return AuditVerifier.trusting(List.of(trails.auditKey.publicKey()));
  }

  private @Nullable Kind flaw() {
    LogVerification.Flaw flaw = verify().flaw();
    return flaw == null ? null : flaw.kind();
  }

  private static String message(LogVerification found) {
    return Objects.requireNonNull(found.flaw()).message();
  }

  private static Kind kind(LogVerification found) {
    return Objects.requireNonNull(found.flaw()).kind();
  }

  private List<String> tasks() {
    List<String> tasks = new ArrayList<>();
    var unused =
        verifier()
            .verify(
                AuditSource.of(newest()),
                record -> {
                  if (record.content() instanceof AuditEvent event) {
                    tasks.add(event.task());
                  }
                });
    return tasks;
  }

  @Test
  void append_fileIsFull_goesOnInAnotherAndStaysOneChain() throws IOException {
    write(1, "T-1", "T-2", "T-3");

    assertThat(file(3)).exists();
    assertThat(file(4)).doesNotExist();
    assertThat(verify().intact()).isTrue();
    assertThat(tasks()).containsExactly("T-1", "T-2", "T-3");
    List<String> first = Files.readAllLines(file(1));
    AuditRecord closing = AuditRecord.parse(first.get(first.size() - 1));
    AuditRecord opening = AuditRecord.parse(Files.readAllLines(file(2)).get(0));
    assertThat(closing.next()).isEqualTo(2);
    assertThat(opening.previous()).isEqualTo(closing.hash());
    assertThat(opening.content())
        .isInstanceOfSatisfying(
            AuditContent.LogStart.class,
            start -> {
              assertThat(start.file()).isEqualTo(2);
              assertThat(start.log())
                  .isEqualTo(
                      ((AuditContent.LogStart) AuditRecord.parse(first.get(0)).content()).log());
            });
  }

  @Test
  void append_manyFiles_leavesNoneOpen() {
    try (AuditLog log = trails.log(AuditSink.inFiles(newest(), 1, Trails.CLOCK)).open()) {
      long before = OpenFiles.count();
      for (int i = 0; i < 60; i++) {
        log.append(Trails.event("T-" + i));
      }
      assertThat(OpenFiles.count() - before).isLessThan(30);
    }
  }

  @Test
  void append_fileOfJustTheLength_isFull() throws IOException {
    write(Long.MAX_VALUE, "T-1");
    write(Files.size(newest()) + 1, "T-2");
    assertThat(file(1)).doesNotExist();

    write(Files.size(newest()), "T-3");

    assertThat(file(1)).exists();
    assertThat(file(2)).doesNotExist();
    assertThat(tasks()).containsExactly("T-1", "T-2", "T-3");
  }

  /** Only names that the log itself gives are files of it. */
  @Test
  void verify_otherFilesBesideIt_areNotOfTheLog() throws IOException {
    write(1, "T-1", "T-2", "T-3");
    for (String other :
        List.of("lock", "bak", "000002.bak", "0000002", "00003", "+00003", "1000000000", "")) {
      Files.writeString(folder.resolve("audit.jsonl." + other), "no record\n");
    }
    Files.writeString(folder.resolve("audit.jsonl-000003"), "no record\n");
    Files.writeString(folder.resolve("other.jsonl.000003"), "no record\n");

    assertThat(verify().intact()).isTrue();
    write(1, "T-4");
    assertThat(tasks()).containsExactly("T-1", "T-2", "T-3", "T-4");
    assertThat(file(4)).exists();
  }

  /** Each file can be read without the ones before. */
  @Test
  void decided_inAnotherFile_describesTheChainAgain() throws IOException {
    Verifier verifier;
    try (AuditLog log = trails.log(AuditSink.inFiles(newest(), 4_000, Trails.CLOCK)).open()) {
      verifier = trails.verifier().listener(log).build();
      for (int i = 0; i < 8; i++) {
        assertThat(trails.call(verifier, Trails.search())).isTrue();
      }
    }
    assertThat(file(1)).exists();
    assertThat(verify().intact()).isTrue();
    for (Path each : List.of(file(1), file(2), newest())) {
      List<Boolean> described =
          Files.readAllLines(each).stream()
              .map(line -> AuditRecord.parse(line).content())
              .filter(content -> content.kind() == AuditKind.ALLOW)
              .map(content -> ((AuditEvent) content).hops().get(0).granted() != null)
              .toList();
      assertThat(described.stream().filter(one -> one)).as(each.toString()).hasSize(1);
      assertThat(described.size()).isGreaterThan(1);
    }
  }

  @Test
  void append_fileIsNotFull_staysInIt() {
    write(1 << 20, "T-1", "T-2");
    write(Long.MAX_VALUE, "T-3");

    assertThat(file(1)).doesNotExist();
    assertThat(tasks()).containsExactly("T-1", "T-2", "T-3");
  }

  @Test
  void verify_oneFileOfSeveral_isIntactOnlyAsAPart() {
    write(1, "T-1", "T-2", "T-3");

    for (Path one : List.of(file(1), file(2), newest())) {
      assertThat(verifier().ofPart().verify(AuditSource.ofOneFile(one)).intact())
          .as(one.toString())
          .isTrue();
      assertThat(kind(verifier().verify(AuditSource.ofOneFile(one)))).isEqualTo(Kind.MISSING);
    }
  }

  @Test
  void verify_fileMissing_saysWhich() throws IOException {
    write(1, "T-1", "T-2", "T-3", "T-4");
    Files.delete(file(3));
    assertThat(message(verify())).startsWith("file 3 of the log is missing before file 4");
    Files.delete(file(2));
    assertThat(message(verify())).startsWith("files 2 to 3 of the log are missing");
    Files.delete(file(1));
    assertThat(message(verify())).startsWith("files 1 to 3 of the log are missing");
  }

  @Test
  void verify_newestFileMissingOrEmpty_isMissing() throws IOException {
    write(1, "T-1", "T-2");
    Files.delete(newest());
    assertThat(message(verify())).isEqualTo("file 3 of the log is missing, in which it goes on");
    LogVerification.Flaw missing = Objects.requireNonNull(verify().flaw());
    List<String> lines = Files.readAllLines(file(2));
    AuditRecord last = AuditRecord.parse(lines.get(lines.size() - 1));
    assertThat(missing.line()).isEqualTo(lines.size() + 1L);
    assertThat(missing.sequence()).isEqualTo(last.sequence() + 1);
    Files.writeString(newest(), "");
    assertThat(flaw()).isEqualTo(Kind.MISSING);
  }

  @Test
  void verify_filesSwappedOrOfAnotherLog_isFound() throws IOException {
    write(1, "T-1", "T-2", "T-3", "T-4");
    Path other = folder.resolve("other");
    Files.move(file(2), other);
    Files.move(file(3), file(2));
    Files.move(other, file(3));
    assertThat(flaw()).isEqualTo(Kind.MISSING);
    Files.copy(file(3), file(2), StandardCopyOption.REPLACE_EXISTING);
    assertThat(flaw()).isEqualTo(Kind.INSERTED);

    RotationTest another = new RotationTest();
    another.folder = Files.createDirectory(folder.resolve("another"));
    another.write(1, "U-1", "U-2", "U-3", "U-4");
    Files.copy(another.file(2), file(2), StandardCopyOption.REPLACE_EXISTING);
    assertThat(verify().consistent()).isFalse();
  }

  @Test
  void verify_recordBehindTheEndOfAFile_isInserted() throws IOException {
    write(1, "T-1", "T-2");
    List<String> lines = Files.readAllLines(file(2));
    AuditRecord closing = AuditRecord.parse(lines.get(lines.size() - 1));
    AuditRecord more = AuditRecord.of(closing.sequence() + 1, closing.hash(), Trails.event("T-9"));
    Files.writeString(newest(), more.json() + "\n");

    assertThat(flaw()).isEqualTo(Kind.INSERTED);
    assertThat(message(verify()))
        .startsWith("behind record " + closing.sequence() + " the log goes on in file 3");
  }

  /**
   * A file may be missing at the moment between two, and the end torn while it is written: whoever
   * reads can see a part of what is written at once.
   */
  @Test
  void verify_whileTheLogGoesOnInOtherFiles_findsNothingButTheMomentOfWriting() {
    try (AuditLog log = trails.log(AuditSink.inFiles(newest(), 1, Trails.CLOCK)).open()) {
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < 100; i++) {
                  var unused = log.submit(Trails.event("T-" + i));
                }
              });
      writer.start();
      do {
        Kind flaw = flaw();
        assertThat(flaw).isIn(null, Kind.MISSING, Kind.TORN);
      } while (writer.isAlive());
    }
    assertThat(verify().intact()).isTrue();
    assertThat(tasks()).hasSize(100);
  }

  /**
   * Every state that a crash can leave between the last record of a file and the first of the next.
   */
  @Test
  void open_rotationTorn_isFinished() throws IOException {
    write(1, "T-1", "T-2");
    byte[] closed = Files.readAllBytes(file(1));
    byte[] begun = Files.readAllBytes(file(2));
    Files.delete(file(2));
    Files.delete(newest());

    Files.delete(file(1));
    Files.write(newest(), closed); // closed and not moved
    write(Long.MAX_VALUE, "T-3");
    assertThat(verify().intact()).isTrue();
    assertThat(tasks()).containsExactly("T-3");

    Files.delete(newest()); // moved, and the new file not made
    write(Long.MAX_VALUE, "T-4");
    assertThat(tasks()).containsExactly("T-4");

    Files.write(newest(), new byte[0]); // made and empty
    write(Long.MAX_VALUE, "T-5");
    assertThat(tasks()).containsExactly("T-5");

    for (int length : new int[] {1, 40, 180}) { // the first record torn
      Files.write(newest(), Arrays.copyOf(begun, length));
      write(Long.MAX_VALUE, "T-6");
      assertThat(verify().intact()).as("torn after %s bytes", length).isTrue();
      assertThat(tasks()).containsExactly("T-6");
    }
  }

  @Test
  void open_lastRecordOfTheFileTorn_goesOnInTheFile() throws IOException {
    write(1, "T-1", "T-2");
    byte[] closed = Files.readAllBytes(file(1));
    Files.delete(file(1));
    Files.delete(file(2));
    Files.write(newest(), Arrays.copyOf(closed, closed.length - 9));
    write(Long.MAX_VALUE, "T-3");

    assertThat(verify().intact()).isTrue();
    assertThat(tasks()).containsExactly("T-3");
    assertThat(file(1)).doesNotExist();
  }

  @Test
  void open_secondWriterDuringRotation_isRefused() {
    try (AuditLog log = trails.log(AuditSink.inFiles(newest(), 1, Trails.CLOCK)).open()) {
      log.append(Trails.event("T-1"));
      log.append(Trails.event("T-2"));
      assertThatThrownBy(() -> AuditSink.inFile(newest(), Trails.CLOCK))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_LOCKED));
    }
  }

  /** Between the last record of a file and its giving way another program writes to it. */
  @Test
  void begin_anotherProgramWroteToTheFile_isRefused() throws IOException {
    write(Long.MAX_VALUE, "T-1");
    AuditSink files = AuditSink.inFiles(newest(), 1, Trails.CLOCK);
    AuditSink disturbed =
        new AuditLogTest.Forwarding(files) {
          @Override
          public AuditContent.@Nullable LogStart next() {
            return files.next();
          }

          @Override
          public void begin() {
            try {
              Files.writeString(newest(), "beside\n", StandardOpenOption.APPEND);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            files.begin();
          }
        };
    try (AuditLog log = trails.log(disturbed).open()) {
      Refused.with(
          ErrorCode.AUDIT_UNAVAILABLE,
          "another program wrote to it",
          () -> log.append(Trails.event("T-2")));
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE); // by closing, too
    }
    assertThat(file(1)).doesNotExist();
  }

  @Test
  void append_placeOfTheEarlierFileTaken_losesNoRecordAndGoesOnLater() throws IOException {
    write(Long.MAX_VALUE, "T-1");
    try (AuditLog log = trails.log(AuditSink.inFiles(newest(), 1, Trails.CLOCK)).open()) {
      Files.createDirectory(file(1));
      assertThatThrownBy(() -> log.append(Trails.event("T-2")))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE));
      Files.delete(file(1));
      log.append(Trails.event("T-3"));
    }
    assertThat(verify().intact()).isTrue();
    assertThat(tasks()).containsExactly("T-1", "T-3");
  }

  @Test
  void open_earlierFileDoesNotEnd_isCorrupt() throws IOException {
    write(1, "T-1", "T-2");
    List<String> lines = Files.readAllLines(file(2));
    Files.write(file(2), lines.subList(0, lines.size() - 1));
    Files.delete(newest());

    assertThatThrownBy(() -> AuditSink.inFile(newest(), Trails.CLOCK))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_CORRUPT));
    assertThatThrownBy(() -> AuditSink.inFiles(newest(), 0, Trails.CLOCK))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void verify_headInAnEarlierFile_isComparedAndMissedInAPart() {
    write(1, "T-1", "T-2");
    AuditRecord.Head head = new AuditRecord.Head(1, "ab".repeat(32));
    AuditVerifier expecting = verifier().expecting(head);
    assertThat(kind(expecting.verify(AuditSource.of(newest())))).isEqualTo(Kind.REWRITTEN);
    assertThat(kind(expecting.ofPart().verify(AuditSource.ofOneFile(newest()))))
        .isEqualTo(Kind.MISSING);
  }

  /** The first record of a file names the last one of the file before. */
  @Test
  void verify_headAtTheEndOfAnEarlierFile_isComparedInAPart() throws IOException {
    write(1, "T-1", "T-2");
    AuditRecord opening = AuditRecord.parse(Files.readAllLines(newest()).get(0));
    long before = opening.sequence() - 1;
    AuditVerifier good = verifier().expecting(new AuditRecord.Head(before, opening.previous()));
    AuditVerifier other = verifier().expecting(new AuditRecord.Head(before, "ab".repeat(32)));
    AuditVerifier earlier = verifier().expecting(new AuditRecord.Head(before - 1, "ab".repeat(32)));
    AuditSource source = AuditSource.ofOneFile(newest());

    assertThat(good.ofPart().verify(source).intact()).isTrue();
    assertThat(kind(other.ofPart().verify(source))).isEqualTo(Kind.REWRITTEN);
    assertThat(message(other.ofPart().verify(source))).startsWith("record " + before + " is not");
    LogVerification missed = earlier.ofPart().verify(source);
    assertThat(kind(missed)).isEqualTo(Kind.MISSING);
    assertThat(missed.head()).isEqualTo(new AuditRecord.Head(before, opening.previous()));
    assertThat(kind(other.verify(AuditSource.of(newest())))).isEqualTo(Kind.REWRITTEN);
  }

  @Test
  void read_aPipeInPlaceOfAnEarlierFile_isRefused() throws Exception {
    write(1, "T-1", "T-2");
    String earlier = Files.readString(file(1));
    Files.delete(file(1));
    FilledPipe.with(
        file(1),
        earlier,
        () -> {
          assertThatThrownBy(this::verify)
              .isInstanceOf(TaperException.class)
              .hasMessageContaining("audit.jsonl.000001 is not a regular file");
        });
  }

  private void assertRefused(ErrorCode code) {
    Refused.with(code, () -> AuditSink.inFiles(newest(), 1, Trails.CLOCK));
    Refused.with(code, () -> AuditSink.checkFiles(newest()));
  }

  /** A file that is there twice, or another log's, is not written on. */
  @Test
  void open_newestIsNotTheNextFile_isCorrupt() throws IOException {
    write(1, "T-1", "T-2", "T-3");
    byte[] good = Files.readAllBytes(newest());

    Files.copy(file(2), newest(), StandardCopyOption.REPLACE_EXISTING);
    assertRefused(ErrorCode.AUDIT_CORRUPT);

    Path others = folder.resolve("others");
    RotationTest other = new RotationTest();
    other.folder = Files.createDirectory(others);
    other.write(1, "T-1", "T-2", "T-3");
    Files.copy(other.newest(), newest(), StandardCopyOption.REPLACE_EXISTING);
    assertRefused(ErrorCode.AUDIT_CORRUPT);

    Files.write(newest(), good);
    AuditSink.checkFiles(newest());
    assertThat(newest()).hasBinaryContent(good);
    write(1, "T-4");
    assertThat(verify().intact()).isTrue();
  }

  /** Files that were put away are not missed, whether or not there is a newest one. */
  @Test
  void checkFiles_newestOrEarlierOnesNotThere_areTaken() throws IOException {
    AuditSink.checkFiles(newest());
    assertThat(newest()).doesNotExist();
    write(1, "T-1", "T-2", "T-3");
    Files.delete(file(3));
    AuditSink.checkFiles(newest());
    Files.delete(newest());
    AuditSink.checkFiles(newest());
    assertThat(newest()).doesNotExist();
  }
}
