package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.audit.LogVerification.Flaw.Kind;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Does to a log what somebody might who can write its file. */
class AuditVerifierTest {
  private static final int RECORDS = 24;

  private final Trails trails = new Trails();
  private final PrivateKey otherKey = PrivateKey.generate(Algorithm.ED25519);
  private List<String> lines = new ArrayList<>();
  private AuditRecord.Head head = new AuditRecord.Head(0, AuditRecord.NO_PREVIOUS);

  @BeforeEach
  void write() {
    MemorySink sink = new MemorySink();
    AuditLog log = trails.log(sink).checkpointEvery(6).open();
    for (int i = 0; lines.size() < RECORDS; i++) {
      log.append(Trails.event("T-" + i));
      lines = new ArrayList<>();
      sink.read(line -> lines.add(line.text()));
    }
    log.close();
    lines = new ArrayList<>();
    sink.read(line -> lines.add(line.text()));
    head = log.head();
  }

  private LogVerification verify(AuditVerifier verifier) {
    return verifier.verify(
        reader -> {
          long number = 1;
          for (String line : lines) {
            reader.accept(new AuditSource.Line(number++, line, true));
          }
        });
  }

  private LogVerification verify() {
    return verify(AuditVerifier.trusting(List.of(trails.auditKey.publicKey())));
  }

  private void assertFlaw(Kind kind, long line, long sequence) {
    LogVerification.Flaw flaw = verify().flaw();
    assertThat(flaw).isNotNull();
    assertThat(Objects.requireNonNull(flaw).kind()).as(flaw.message()).isEqualTo(kind);
    assertThat(flaw.line()).as(flaw.message()).isEqualTo(line);
    assertThat(flaw.sequence()).as(flaw.message()).isEqualTo(sequence);
  }

  private int line(AuditKind kind, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (AuditRecord.parse(lines.get(i)).content().kind() == kind) {
        return i;
      }
    }
    throw new AssertionError("no " + kind);
  }

  private void edit(int index, String what, String with) {
    assertThat(lines.get(index)).contains(what);
    lines.set(index, lines.get(index).replace(what, with));
  }

  /** Chains everything from an index on anew, as anybody can. */
  private void chainAnew(int from) {
    AuditRecord.Head before =
        from == 0 ? AuditRecord.Head.NONE : AuditRecord.parse(lines.get(from - 1)).head();
    for (int i = from; i < lines.size(); i++) {
      AuditRecord record =
          AuditRecord.of(
              before.sequence() + 1, before.hash(), AuditRecord.parse(lines.get(i)).content());
      lines.set(i, record.json());
      before = record.head();
    }
  }

  @Test
  void verify_untouched_isIntactAndSignedToTheEnd() {
    LogVerification verdict =
        verify(AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).expecting(head));

    assertThat(verdict.flaw()).isNull();
    assertThat(verdict.records()).isEqualTo(lines.size());
    assertThat(verdict.head()).isEqualTo(head);
    assertThat(verdict.signed()).isEqualTo(head);
    assertThat(verdict.unsigned()).isZero();
    assertThat(verdict.checkpoints()).isGreaterThan(3);
  }

  @Test
  void verify_anyRecordEdited_isNamed() {
    for (int i = 0; i < lines.size() - 1; i++) {
      String original = lines.get(i);
      lines.set(i, original.replace("2026-11-24T12:00:00.250Z", "2026-11-24T12:00:00.251Z"));
      boolean isCheckpoint =
          AuditRecord.parse(original).content() instanceof AuditContent.Checkpoint;
      assertFlaw(isCheckpoint ? Kind.FORGED : Kind.EDITED, i + 1L, i);
      lines.set(i, original);
    }
  }

  @Test
  void verify_lastCheckpointEdited_isNamed() {
    edit(lines.size() - 1, ".250Z", ".251Z");

    assertFlaw(Kind.FORGED, lines.size(), lines.size() - 1L);
  }

  @Test
  void verify_anyRecordRemoved_isNamed() {
    for (int i = 0; i < lines.size() - 1; i++) {
      String original = lines.remove(i);
      assertFlaw(Kind.REMOVED, i + 1L, i);
      assertThat(Objects.requireNonNull(verify().flaw()).message())
          .isEqualTo("record " + i + " is missing before record " + (i + 1));
      lines.add(i, original);
    }
  }

  @Test
  void verify_severalRecordsRemoved_namesTheRange() {
    lines.subList(5, 9).clear();

    assertFlaw(Kind.REMOVED, 6, 5);
    assertThat(Objects.requireNonNull(verify().flaw()).message())
        .isEqualTo("records 5 to 8 are missing before record 9");
  }

  @Test
  void verify_recordsSwapped_areNamedAsMoved() {
    Collections.swap(lines, 4, 5);

    assertFlaw(Kind.REORDERED, 6, 4);
  }

  @Test
  void verify_recordMovedFarBehind_isNamed() {
    lines.add(12, lines.remove(4));

    assertFlaw(Kind.REORDERED, 13, 4);
  }

  @Test
  void verify_recordRepeated_isNamed() {
    lines.add(9, lines.get(3));

    assertFlaw(Kind.INSERTED, 10, 3);
  }

  @Test
  void verify_recordInsertedWithItsOwnLink_isNamed() {
    AuditRecord before = AuditRecord.parse(lines.get(7));
    lines.add(8, AuditRecord.of(8, before.hash(), Trails.event("T-never")).json());

    assertFlaw(Kind.INSERTED, 10, 8);
  }

  @Test
  void verify_secondLogAppended_isNamed() {
    lines.addAll(List.copyOf(lines));

    assertFlaw(Kind.INSERTED, lines.size() / 2 + 1L, 0);
  }

  @Test
  void verify_editedAndChainedAnew_isFoundByTheNextCheckpoint() {
    int edited = line(AuditKind.TASK_END, 8);
    edit(edited, "T-", "X-");
    chainAnew(edited + 1);

    int checkpoint = line(AuditKind.CHECKPOINT, edited);
    assertFlaw(Kind.FORGED, checkpoint + 1L, checkpoint);
  }

  @Test
  void verify_removedAndChainedAnew_isFoundByTheNextCheckpoint() {
    int removed = line(AuditKind.TASK_END, 8);
    lines.remove(removed);
    chainAnew(removed);

    int checkpoint = line(AuditKind.CHECKPOINT, removed);
    assertFlaw(Kind.FORGED, checkpoint + 1L, checkpoint);
  }

  @Test
  void verify_checkpointTakenOutAndChainedAnew_isFoundByTheNext() {
    int checkpoint = line(AuditKind.CHECKPOINT, 3);
    lines.remove(checkpoint);
    chainAnew(checkpoint);

    int next = line(AuditKind.CHECKPOINT, checkpoint);
    assertFlaw(Kind.FORGED, next + 1L, next);
  }

  @Test
  void verify_signedAnewWithAnotherKey_isNotTrusted() {
    int edited = line(AuditKind.TASK_END, 8);
    edit(edited, "T-", "X-");
    chainAnew(edited + 1);
    AuditRecord.Head before = AuditRecord.parse(lines.get(edited)).head();
    for (int i = edited + 1; i < lines.size(); i++) {
      AuditContent content = AuditRecord.parse(lines.get(i)).content();
      AuditRecord record =
          content instanceof AuditContent.Checkpoint
              ? AuditRecord.checkpoint(before, content.time(), otherKey)
              : AuditRecord.of(before.sequence() + 1, before.hash(), content);
      lines.set(i, record.json());
      before = record.head();
    }

    int checkpoint = line(AuditKind.CHECKPOINT, edited);
    assertFlaw(Kind.UNTRUSTED, checkpoint + 1L, checkpoint);
    LogVerification verdict = verify(AuditVerifier.withoutTrustedKeys());
    assertThat(verdict.consistent()).isTrue();
    assertThat(verdict.intact()).as("anybody could have signed it").isFalse();
    assertThat(verdict.signers())
        .containsExactly(trails.auditKey.publicKey(), otherKey.publicKey());
  }

  /** Writes on behind the end, with a key. */
  private void goOn(PrivateKey key, AuditEvent event) {
    AuditRecord.Head before = AuditRecord.parse(lines.get(lines.size() - 1)).head();
    AuditRecord record = AuditRecord.of(before.sequence() + 1, before.hash(), event);
    lines.add(record.json());
    lines.add(AuditRecord.checkpoint(record.head(), Trails.NOON, key).json());
  }

  private static AuditEvent aboutKey(PrivateKey by, PrivateKey key, String decision) {
    return AuditEvent.of(AuditKind.ROTATE, Trails.NOON)
        .by(by.publicKey().toString())
        .subject(
            AuditEvent.Subject.of(AuditEvent.Subject.AUDIT_KEY, key.publicKey().toString())
                .decision(decision));
  }

  @Test
  void verify_checkpointByAKeyThatWasRetired_isNamed() {
    goOn(trails.auditKey, aboutKey(trails.auditKey, otherKey, "added"));
    goOn(otherKey, aboutKey(otherKey, trails.auditKey, AuditEvent.Subject.RETIRED));
    goOn(otherKey, Trails.event("T-new"));
    AuditVerifier both =
        AuditVerifier.trusting(List.of(trails.auditKey.publicKey(), otherKey.publicKey()));
    assertThat(verify(both).intact()).isTrue();
    int retired = lines.size() - 4;

    goOn(trails.auditKey, Trails.event("T-old"));

    for (AuditVerifier verifier : List.of(both, AuditVerifier.withoutTrustedKeys())) {
      LogVerification.Flaw flaw = Objects.requireNonNull(verify(verifier).flaw());
      assertThat(flaw.kind()).isEqualTo(Kind.RETIRED);
      assertThat(flaw.sequence()).isEqualTo(lines.size() - 1L);
      assertThat(flaw.message())
          .contains("that record " + retired + " retired", trails.auditKey.publicKey().toString());
    }
  }

  @Test
  void verify_otherRecordsAboutKeys_retireNone() {
    goOn(trails.auditKey, aboutKey(otherKey, trails.auditKey, "added"));
    goOn(
        trails.auditKey,
        AuditEvent.of(AuditKind.REVIEW, Trails.NOON)
            .subject(
                AuditEvent.Subject.of(
                        AuditEvent.Subject.AUDIT_KEY, trails.auditKey.publicKey().toString())
                    .decision(AuditEvent.Subject.RETIRED)));
    goOn(
        trails.auditKey,
        AuditEvent.of(AuditKind.ROTATE, Trails.NOON)
            .subject(
                AuditEvent.Subject.of("root_key", trails.auditKey.publicKey().toString())
                    .decision(AuditEvent.Subject.RETIRED)));
    goOn(trails.auditKey, Trails.event("T-9"));

    assertThat(verify().intact()).isTrue();
  }

  /** Who cannot sign can still put records behind the last signature. */
  @Test
  void verify_openingWhereNoneBelongs_isNamed() {
    AuditRecord start = AuditRecord.parse(lines.get(0));
    String log = ((AuditContent.LogStart) start.content()).log();
    List<String> original = List.copyOf(lines);
    for (int file : new int[] {1, 2}) {
      lines = new ArrayList<>(original);
      AuditRecord again =
          AuditRecord.of(
              head.sequence() + 1, head.hash(), new AuditContent.LogStart(Trails.NOON, log, file));
      lines.add(again.json());

      assertFlaw(Kind.INSERTED, lines.size(), again.sequence());
    }
    lines = new ArrayList<>();
    lines.add(
        AuditRecord.of(0, AuditRecord.NO_PREVIOUS, new AuditContent.LogStart(Trails.NOON, log, 2))
            .json());
    assertFlaw(Kind.INSERTED, 1, 0);
  }

  @Test
  void verify_flaws_areDescribedWithTheRecordsThatTheyAreAbout() {
    List<String> original = List.copyOf(lines);
    edit(line(AuditKind.TASK_END, 2), "T-", "X-");
    assertThat(Objects.requireNonNull(verify().flaw()).message())
        .isEqualTo("record 2 was changed: it is not the one that record 3 was chained to");

    lines = new ArrayList<>(original);
    int edited = line(AuditKind.TASK_END, line(AuditKind.CHECKPOINT, 2));
    edit(edited, "T-", "X-");
    chainAnew(edited + 1);
    int checkpoint = line(AuditKind.CHECKPOINT, edited);
    assertThat(Objects.requireNonNull(verify().flaw()).message())
        .startsWith("the signature of checkpoint " + checkpoint + " is not good")
        .endsWith("a record from " + edited + " on was changed and chained anew");

    lines = new ArrayList<>(original.subList(0, 5));
    LogVerification.Flaw cut =
        Objects.requireNonNull(verify(AuditVerifier.withoutTrustedKeys().expecting(head)).flaw());
    assertThat(cut.message())
        .isEqualTo("the log ends with record 4, but had a record " + head.sequence());
    assertThat(cut.line()).isEqualTo(6);
    assertThat(cut.sequence()).isEqualTo(5);
    assertThat(cut.kind().text()).isEqualTo("truncated");
  }

  @Test
  void verify_logSignedByAnyNumberOfKeys_keepsFewOfThem() {
    for (int i = 0; i < 2 * LogVerification.MAX_SIGNERS; i++) {
      goOn(PrivateKey.generate(Algorithm.ED25519), Trails.event("T-" + i));
    }
    assertThat(verify(AuditVerifier.withoutTrustedKeys()).signers())
        .hasSize(LogVerification.MAX_SIGNERS)
        .startsWith(trails.auditKey.publicKey());
  }

  @Test
  void verify_logWithoutACheckpoint_isNotIntact() {
    List<AuditRecord> records = new ArrayList<>();
    records.add(
        AuditRecord.of(
            0, AuditRecord.NO_PREVIOUS, new AuditContent.LogStart(Trails.NOON, "ab".repeat(16))));
    records.add(AuditRecord.of(1, records.get(0).hash(), Trails.event("T-1")));
    lines = records.stream().map(AuditRecord::json).toList();

    LogVerification verdict = verify();

    assertThat(verdict.consistent()).isTrue();
    assertThat(verdict.intact()).as("nobody signed it").isFalse();
  }

  @Test
  void verify_noTrustedKey_trustsNoLog() {
    LogVerification verdict = verify(AuditVerifier.trusting(List.of()));

    LogVerification.Flaw flaw = Objects.requireNonNull(verdict.flaw());
    assertThat(flaw.kind()).isEqualTo(Kind.UNTRUSTED);
    assertThat(flaw.sequence())
        .isEqualTo(
            lines.stream().takeWhile(one -> !one.contains("\"kind\":\"checkpoint\"")).count());
    assertThat(verdict.intact()).isFalse();
  }

  @Test
  void verify_endCutOff_isFoundByAHeadKeptElsewhereOnly() {
    int checkpoint = line(AuditKind.CHECKPOINT, 8);
    lines.subList(checkpoint + 1, lines.size()).clear();

    assertThat(verify().intact()).isTrue();
    LogVerification.Flaw flaw =
        Objects.requireNonNull(
            verify(AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).expecting(head))
                .flaw());
    assertThat(flaw.kind()).isEqualTo(Kind.TRUNCATED);
    assertThat(flaw.sequence()).isEqualTo(checkpoint + 1L);
  }

  @Test
  void verify_endCutOffBeforeTheCheckpoint_isReportedAsUnsigned() {
    int checkpoint = line(AuditKind.CHECKPOINT, 8);
    lines.subList(checkpoint + 4, lines.size()).clear();

    assertThat(verify().intact()).isTrue();
    assertThat(verify().unsigned()).isEqualTo(3);
  }

  @Test
  void verify_wholeLogReplaced_isFoundByAHead() {
    List<String> original = lines;
    lines = new ArrayList<>();
    write();
    assertThat(lines).isNotEqualTo(original);
    AuditRecord.Head replaced = AuditRecord.parse(original.get(10)).head();

    LogVerification.Flaw flaw =
        Objects.requireNonNull(
            verify(AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).expecting(replaced))
                .flaw());

    assertThat(flaw.kind()).isEqualTo(Kind.REWRITTEN);
    assertThat(flaw.sequence()).isEqualTo(10);
  }

  @Test
  void verify_beginningCutOff_isNamed() {
    lines.subList(0, 5).clear();

    assertFlaw(Kind.REMOVED, 1, 0);
  }

  @Test
  void verify_beginningCutOffAndChainedAnew_isNamed() {
    lines.remove(0);
    chainAnew(0);

    assertFlaw(Kind.INSERTED, 1, 0);
  }

  @Test
  void verify_lineThatIsNoRecord_isNamed() {
    lines.set(6, "{}");

    assertFlaw(Kind.MALFORMED, 7, 6);
  }

  @Test
  void verify_nothingLeft_isTruncated() {
    lines.clear();

    assertFlaw(Kind.TRUNCATED, 1, 0);
  }

  @Test
  void verify_lastLineWithoutItsEnd_isTorn() {
    LogVerification verdict =
        AuditVerifier.trusting(List.of(trails.auditKey.publicKey()))
            .verify(
                reader -> {
                  for (int i = 0; i < lines.size(); i++) {
                    reader.accept(new AuditSource.Line(i + 1L, lines.get(i), i < lines.size() - 1));
                  }
                });

    assertThat(Objects.requireNonNull(verdict.flaw()).kind()).isEqualTo(Kind.TORN);
    assertThat(verdict.records()).isEqualTo(lines.size() - 1L);
  }
}
