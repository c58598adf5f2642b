package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest extends AuditSinkContract {
  @TempDir Path folder;

  private final Trails trails = new Trails();

  private Path path() {
    return folder.resolve("audit.jsonl");
  }

  @Override
  protected AuditSink open() {
    return FileSink.open(path(), Trails.CLOCK);
  }

  @Override
  protected AuditSource source() {
    return AuditSource.of(path());
  }

  private LogVerification verdict() {
    return AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).verify(source());
  }

  /** A log of a few records, as if its writer had been killed: nothing after the last of them. */
  private byte[] killed() throws IOException {
    MemorySink memory = new MemorySink();
    AuditLog log = trails.log(memory).open();
    log.append(Trails.event("T-1"));
    log.append(Trails.event("T-2 größer"));
    StringBuilder text = new StringBuilder();
    memory.read(line -> text.append(line.text()).append('\n'));
    log.close();
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void open_lockFileDeleted_letsNoSecondWriterIn() throws IOException {
    try (AuditSink first = open()) {
      Files.delete(folder.resolve("audit.jsonl.lock"));

      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_LOCKED));
      assertThat(first.last()).isNull();
    }
    open().close();
  }

  /** The lock beside the log is what holds it while one file gives way to the next. */
  @Test
  void open_lockFileHeldByAnother_isRefused() throws IOException {
    open().close();
    try (FileChannel other =
            FileChannel.open(
                folder.resolve("audit.jsonl.lock"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = other.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_LOCKED));
    }
    open().close();
  }

  /** What a crash left is cut off, also if it is longer than what is written in its place. */
  @Test
  void open_longRecordTorn_leavesNothingOfIt() throws IOException {
    byte[] whole = killed();
    byte[] torn = Arrays.copyOf(whole, whole.length + 100_000);
    Arrays.fill(torn, whole.length, torn.length, (byte) 'x');
    Files.write(path(), torn);

    trails.log(open()).open().close();

    assertThat(verdict().flaw()).isNull();
    assertThat(Files.readString(path())).contains("\"bytes\":100000,").doesNotContain("xxxx");
  }

  /** A writer that tries again need not look at the end first. */
  @Test
  void append_behindOneThatFailedByHalf_leavesNothingOfIt() throws IOException {
    SmallDisk disk = new SmallDisk();
    AuditRecord first =
        AuditRecord.of(
            0, AuditRecord.NO_PREVIOUS, new AuditContent.LogStart(Trails.NOON, "ab".repeat(16)));
    AuditRecord large = RecordLimitsTest.ofLength(first.head(), 5_000);
    AuditRecord small = behind(first.head(), "T-1");
    try (AuditSink sink = FileSink.over(disk, Trails.CLOCK)) {
      sink.append(List.of(first));
      disk.capacity = (int) disk.size() + 4_000;
      disk.broken = true;
      assertThatThrownBy(() -> sink.append(List.of(large))).isInstanceOf(TaperException.class);
      assertThatThrownBy(sink::last).hasMessageContaining("cannot be cut back");
      disk.broken = false;

      sink.append(List.of(small));

      assertThat(disk.text()).isEqualTo(text(List.of(first, small)));
      assertThat(sink.last()).isEqualTo(small);
    }
  }

  @Test
  void open_newFile_isForItsOwnerOnly() throws IOException {
    open().close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
  }

  @Test
  void open_cutOffAnywhereInTheLastRecord_dropsItAndSaysSo() throws IOException {
    byte[] whole = killed();
    String text = new String(whole, StandardCharsets.UTF_8);
    int start =
        text.substring(0, text.lastIndexOf("\n", text.length() - 2) + 1)
            .getBytes(StandardCharsets.UTF_8)
            .length;
    for (int length = start + 1; length < whole.length; length += 5) {
      Files.write(path(), Arrays.copyOf(whole, length));

      try (AuditLog log = trails.log(open()).open()) {
        log.append(Trails.event("T-3"));
      }

      assertThat(verdict().flaw()).as("cut at %s", length).isNull();
      String now = Files.readString(path());
      assertThat(now)
          .contains("\"task\":\"T-1\"", "\"task\":\"T-3\"", "\"bytes\":" + (length - start) + ",")
          .doesNotContain("\"T-2\"");
    }
  }

  @Test
  void open_cutOffInTheFirstRecord_beginsAnew() throws IOException {
    Files.write(path(), Arrays.copyOf(killed(), 40));

    trails.log(open()).open().close();

    assertThat(verdict().flaw()).isNull();
    assertThat(Files.readString(path())).startsWith("{\"kind\":\"open\"").contains("\"bytes\":40,");
  }

  @Test
  void open_lastRecordsChanged_isRefusedAndChangesNothing() throws IOException {
    String text = new String(killed(), StandardCharsets.UTF_8).replace("T-1", "T-9");
    Files.writeString(path(), text);

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_CORRUPT));
    assertThat(Files.readString(path())).isEqualTo(text);
  }

  /**
   * Whoever may write the file, and not sign, must not have a log go on behind their own records.
   */
  @Test
  void open_endThatIsNotTheLogsOwn_isRefusedAndChangesNothing() {
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    AuditRecord first =
        AuditRecord.of(
            0, AuditRecord.NO_PREVIOUS, new AuditContent.LogStart(Trails.NOON, "ab".repeat(16)));
    AuditRecord second = behind(first.head(), "T-1");
    AuditRecord third = AuditRecord.checkpoint(second.head(), Trails.NOON, trails.auditKey);
    AuditRecord forged =
        AuditRecord.of(
            2,
            second.hash(),
            new AuditContent.Checkpoint(
                Trails.NOON,
                trails.auditKey.publicKey(),
                ((AuditContent.Checkpoint)
                        AuditRecord.checkpoint(second.head(), Trails.NOON, other).content())
                    .signature()));
    AuditRecord elsewhere = behind(new AuditRecord.Head(4, second.hash()), "T-9");
    AuditRecord onAnother = behind(new AuditRecord.Head(1, "cd".repeat(32)), "T-9");
    Map<String, List<AuditRecord>> bad = new LinkedHashMap<>();
    bad.put("forged checkpoint", List.of(first, second, forged));
    bad.put(
        "forged checkpoint, gone on", List.of(first, second, forged, behind(forged.head(), "")));
    bad.put("first record cut off", List.of(second));
    bad.put("first records cut off", List.of(second, behind(second.head(), "T-2")));
    bad.put("first records cut off, and a checkpoint behind", List.of(second, third));
    bad.put("another number", List.of(first, second, elsewhere));
    bad.put("another hash", List.of(first, second, onAnother));
    bad.put(
        "another number behind a checkpoint",
        List.of(first, second, third, behind(new AuditRecord.Head(5, third.hash()), "T-9")));
    bad.put(
        "a first record with something before it",
        List.of(AuditRecord.of(0, "cd".repeat(32), first.content()), second));

    bad.forEach((what, records) -> assertRefused(what, text(records)));
    assertThat(opened(text(List.of(first, second)))).isEqualTo(second);
    assertThat(opened(text(List.of(first, second, third)))).isEqualTo(third);
  }

  /**
   * Lines are read in pieces. The last one but one here is of so many bytes that a piece ends just
   * where the largest record begins.
   */
  @Test
  void open_largestRecordsAtTheEnd_areReadAndNothingLonger() {
    AuditRecord first =
        AuditRecord.of(
            0, AuditRecord.NO_PREVIOUS, new AuditContent.LogStart(Trails.NOON, "ab".repeat(16)));
    for (int length : new int[] {400, 65_534, AuditRecord.MAX_BYTES}) {
      AuditRecord largest = RecordLimitsTest.ofLength(first.head(), AuditRecord.MAX_BYTES);
      AuditRecord last = RecordLimitsTest.ofLength(largest.head(), length);

      assertThat(opened(text(List.of(first, largest, last)))).isEqualTo(last);
    }
    String spaces = " ".repeat(2 * AuditRecord.MAX_BYTES);
    assertThatThrownBy(() -> opened(spaces + text(List.of(first)))).hasMessageContaining("line 1");
    assertThatThrownBy(() -> opened(text(List.of(first)) + spaces))
        .hasMessageContaining("longer than any record");
  }

  private static AuditRecord behind(AuditRecord.Head head, String task) {
    return AuditRecord.of(head.sequence() + 1, head.hash(), Trails.event(task));
  }

  private static String text(List<AuditRecord> records) {
    StringBuilder text = new StringBuilder();
    records.forEach(record -> text.append(record.json()).append('\n'));
    return text.toString();
  }

  private AuditRecord opened(String text) {
    write(text);
    try (AuditSink sink = open()) {
      return Objects.requireNonNull(sink.last());
    }
  }

  private void assertRefused(String what, String text) {
    write(text);
    assertThatThrownBy(this::open)
        .as(what)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_CORRUPT));
    assertThat(path()).as(what).usingCharset(StandardCharsets.UTF_8).hasContent(text);
  }

  private void write(String text) {
    try {
      Files.writeString(path(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void open_lineOfZeros_isRefused() throws IOException {
    Files.write(path(), Arrays.copyOf(killed(), killed().length + 100));
    Files.writeString(path(), Files.readString(path()) + "\n");

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_CORRUPT));
  }

  /** However many checkpoints lie behind what was changed. */
  @Test
  void open_earlyRecordChanged_isRefusedAndChangesNothing() throws IOException {
    try (AuditLog log = trails.log(open()).checkpointEvery(7).open()) {
      for (int i = 0; i < 500; i++) {
        log.submit(Trails.event("T-" + i));
      }
    }
    String changed = Files.readString(path()).replace("T-3\"", "T-4\"");
    Files.writeString(path(), changed);

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_CORRUPT))
        .hasMessageContaining("was changed");
    assertThat(path()).hasContent(changed);
  }

  /** What a writer leaves that goes on where it was, after somebody cut its file. */
  @Test
  void open_zerosBeforeTheRecords_isRefused() throws IOException {
    byte[] whole = killed();
    byte[] holed = whole.clone();
    Arrays.fill(holed, 0, whole.length / 4, (byte) 0);
    Files.write(path(), holed);

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_CORRUPT))
        .hasMessageContaining("line 1");
  }

  /** Does something to the file of a log that is open. */
  private interface Harm {
    void to(Path file) throws IOException;
  }

  private void assertStops(String why, Harm harm) throws IOException {
    try (AuditLog log = trails.log(open()).open()) {
      log.append(Trails.event("T-1"));
      AuditRecord.Head before = log.head();
      harm.to(path());

      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> log.append(Trails.event("T-2")))
            .isInstanceOfSatisfying(
                TaperException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE))
            .hasMessageContaining(why);
      }
      assertThat(log.head()).isEqualTo(before);
    } catch (TaperException e) { // the last checkpoint could not be written either
      assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE);
    }
  }

  private Path aside() {
    return folder.resolve("aside.jsonl");
  }

  @Test
  void append_fileMoved_isNotAcknowledged() throws IOException {
    assertStops("moved or deleted: there is no", file -> Files.move(file, aside()));

    assertThat(aside()).content().contains("\"T-1\"").doesNotContain("\"T-2\"");
    assertThat(path()).doesNotExist();
  }

  @Test
  void append_fileDeleted_isNotAcknowledged() throws IOException {
    assertStops("moved or deleted: there is no", Files::delete);
  }

  /** As by a copy that an editor, or {@code sed -i}, puts in its place. */
  @Test
  void append_anotherFileOfItsName_isNotAcknowledgedAndLeftAlone() throws IOException {
    assertStops(
        "is another file now",
        file -> {
          Files.copy(file, aside());
          Files.move(aside(), file, StandardCopyOption.REPLACE_EXISTING);
        });

    assertThat(path()).content().contains("\"T-1\"").doesNotContain("\"T-2\"");
  }

  @Test
  void append_folderMoved_isNotAcknowledged() throws IOException {
    Path moved = folder.resolve("moved");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = inner.resolve("audit.jsonl");
    try (AuditSink sink = FileSink.open(file, Trails.CLOCK)) {
      Files.move(inner, moved);

      assertThatThrownBy(() -> sink.append(List.of(behind(AuditRecord.Head.NONE, "T-1"))))
          .hasMessageContaining("moved or deleted");
      assertThat(moved.resolve("audit.jsonl")).isEmptyFile();
    }
  }

  @Test
  void append_fileCut_isNotAcknowledgedAndHasNoZeros() throws IOException {
    for (long length : new long[] {0, 100}) {
      Files.deleteIfExists(path());
      assertStops(
          "it was cut: it has " + length + " bytes",
          file -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              channel.truncate(length);
            }
          });
      assertThat(path()).hasSize(length);
    }
  }

  @Test
  void append_anotherProgramWrote_isNotAcknowledgedAndCutsNothingOff() throws IOException {
    assertStops(
        "another program wrote to it",
        file -> Files.writeString(file, "mine\n", StandardOpenOption.APPEND));

    assertThat(path()).content().endsWith("mine\n").doesNotContain("\"T-2\"");
  }

  @Test
  void append_fileMovedBack_isAcknowledgedAgain() throws IOException {
    try (AuditLog log = trails.log(open()).open()) {
      log.append(Trails.event("T-1"));
      Files.move(path(), aside());
      assertThatThrownBy(() -> log.append(Trails.event("T-2"))).isInstanceOf(TaperException.class);
      Files.move(aside(), path());

      log.append(Trails.event("T-3"));
    }

    assertThat(verdict().flaw()).isNull();
    assertThat(path()).content().contains("T-1", "T-3").doesNotContain("\"T-2\"");
  }

  @Test
  void begin_fileMoved_doesNotGoOn() throws IOException {
    try (AuditLog log = trails.log(FileSink.openRotating(path(), 1, Trails.CLOCK)).open()) {
      log.append(Trails.event("T-1"));
      Files.move(path(), aside());

      assertThatThrownBy(() -> log.append(Trails.event("T-2")))
          .hasMessageContaining("moved or deleted");
      assertThat(path()).doesNotExist();
      Files.move(aside(), path());
      log.append(Trails.event("T-3"));
    }
    assertThat(verdict().flaw()).isNull();
  }

  @Test
  void append_diskFull_leavesNothingAndGoesOnWhenThereIsRoom() throws IOException {
    SmallDisk disk = new SmallDisk();
    try (AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open()) {
      log.append(Trails.event("T-1"));
      disk.capacity = (int) disk.size() + 10;

      assertThatThrownBy(() -> log.append(Trails.event("T-2")))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_UNAVAILABLE));
      assertThat(disk.text()).contains("T-1").doesNotContain("\"T-2\"").endsWith("}\n");

      disk.capacity = Integer.MAX_VALUE;
      log.append(Trails.event("T-3"));
    }

    assertThat(AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).verify(disk).flaw())
        .isNull();
    assertThat(disk.text()).contains("T-1", "T-3").doesNotContain("\"T-2\"");
  }

  @Test
  void append_diskFullAndNotEvenCutBack_repairsBeforeTheNextRecord() throws IOException {
    SmallDisk disk = new SmallDisk();
    try (AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open()) {
      disk.capacity = (int) disk.size() + 10;
      disk.broken = true;
      assertThatThrownBy(() -> log.append(Trails.event("T-1"))).isInstanceOf(TaperException.class);
      assertThatThrownBy(() -> log.append(Trails.event("T-2"))).isInstanceOf(TaperException.class);
      assertThat(disk.text()).doesNotEndWith("\n");

      disk.capacity = Integer.MAX_VALUE;
      disk.broken = false;
      log.append(Trails.event("T-3"));
    }

    assertThat(AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).verify(disk).flaw())
        .isNull();
  }

  /** As copytruncate does under load: the length is right, and zeros are where the records were. */
  @Test
  void append_fileCutBetweenLookAndWrite_isNotAcknowledged() throws IOException {
    SmallDisk disk = new SmallDisk();
    AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open();
    log.append(Trails.event("T-1"));
    disk.cutsBeforeWrite = true;

    assertThatThrownBy(() -> log.append(Trails.event("T-2")))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("it was cut: zeros are where its records were");
    assertThatThrownBy(() -> log.append(Trails.event("T-3")))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("it was cut: it has 0 bytes of");
    assertThatThrownBy(log::close).hasMessageContaining("it was cut");
    assertThat(disk.text()).isEmpty();
  }

  /** What others wrote before the hole stays. */
  @Test
  void append_fileCutInTheMiddleBetweenLookAndWrite_leavesNoZeros() throws IOException {
    SmallDisk disk = new SmallDisk();
    AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open();
    for (int i = 0; i < 20; i++) {
      log.append(Trails.event("T-1"));
    }
    String before = disk.text();
    disk.cutsBeforeWriteTo = 3;
    disk.cutsBeforeWrite = true;

    assertThatThrownBy(() -> log.append(Trails.event("T-2")))
        .hasMessageContaining("it was cut: zeros are where its records were");
    assertThatThrownBy(log::close).hasMessageContaining("it was cut");
    assertThat(disk.text()).isEqualTo(before.substring(0, 3));
  }

  @Test
  void append_forcingFails_isNotAcknowledgedAndNotKept() throws IOException {
    SmallDisk disk = new SmallDisk();
    try (AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open()) {
      disk.failForces = 1;
      assertThatThrownBy(() -> log.append(Trails.event("T-1"))).isInstanceOf(TaperException.class);
      assertThat(disk.text()).doesNotContain("\"T-1\"");
      log.append(Trails.event("T-2"));
    }
    assertThat(disk.text()).contains("T-2");
  }

  @Test
  void append_everyRecord_isForcedBeforeItIsAcknowledged() throws IOException {
    SmallDisk disk = new SmallDisk();
    try (AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open()) {
      for (int i = 0; i < 20; i++) {
        log.append(Trails.event("T-" + i));
        assertThat(disk.forcedText()).contains("\"T-" + i + "\"");
      }
    }
  }

  /** Before a write and behind it; what others wrote is not cut off. */
  @Test
  void append_lengthIsNotTheLogs_saysBoth() throws IOException {
    for (int change : new int[] {-5, 7}) {
      SmallDisk disk = new SmallDisk();
      AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open();
      log.append(Trails.event("T-1"));
      String before = disk.text();
      log.append(Trails.event("T-1"));
      long end = disk.size();
      long next = end + end - before.length();
      disk.changesBehindWrite = change;

      assertThatThrownBy(() -> log.append(Trails.event("T-2")))
          .hasMessageContaining(
              change < 0
                  ? "it was cut: it has " + (next + change) + " bytes of " + next
                  : "another program wrote to it: it has "
                      + (next + change)
                      + " bytes, not "
                      + next);
      assertThat(disk.size()).isEqualTo(change < 0 ? end : next + change);
    }
  }

  @Test
  void append_fileMovedBehindAFailedWrite_isNotCutBack() throws IOException {
    SmallDisk disk = new SmallDisk();
    AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open();
    disk.capacity = (int) disk.size() + 10;
    disk.movesBehindWrite = true;

    assertThatThrownBy(() -> log.append(Trails.event("T-1"))).isInstanceOf(TaperException.class);

    assertThat(disk.size()).isEqualTo(disk.capacity);
    disk.movesBehindWrite = false;
    assertThatThrownBy(() -> FileSink.over(disk, Trails.CLOCK)).hasMessageContaining("moved");
    assertThat(disk.size()).as("nor when it is opened").isEqualTo(disk.capacity);
  }

  /** However far back the records end. */
  @Test
  void append_fileCutFarBack_leavesNoZeros() throws IOException {
    for (int left : new int[] {1, 4096, 5000}) {
      SmallDisk disk = new SmallDisk();
      AuditLog log = trails.log(FileSink.over(disk, Trails.CLOCK)).open();
      while (disk.size() < 20_000) {
        log.append(Trails.event("T-1"));
      }
      String before = disk.text();
      disk.cutsBeforeWriteTo = left;
      disk.cutsBeforeWrite = true;

      assertThatThrownBy(() -> log.append(Trails.event("T-2")))
          .hasMessageContaining("it was cut: zeros are where its records were");
      assertThat(disk.text()).isEqualTo(before.substring(0, left));
    }
  }

  @Test
  void begin_anotherProgramWrote_doesNotGoOn() throws IOException {
    AuditLog log = trails.log(FileSink.openRotating(path(), 1, Trails.CLOCK)).open();
    log.append(Trails.event("T-1"));
    Files.writeString(path(), "mine\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> log.append(Trails.event("T-2")))
        .hasMessageContaining("another program wrote to it");
    assertThat(path()).content().endsWith("mine\n");
  }

  @Test
  void name_isWhatOperatorsRead() {
    try (AuditLog log = trails.log(open()).open()) {
      assertThat(log.name()).isEqualTo("the audit log");
    }
  }
}
