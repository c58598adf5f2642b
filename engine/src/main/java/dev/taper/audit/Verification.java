package dev.taper.audit;

import dev.taper.crypto.PublicKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pass along a log, whose lines were read as records elsewhere. For one thread. */
final class Verification {
  private final @Nullable Set<PublicKey> keys;
  private final AuditRecord.@Nullable Head expected;
  private final boolean part;
  private final Consumer<AuditRecord> reader;

  private long records;
  private long checkpoints;
  private long lines;
  private AuditRecord.Head head = AuditRecord.Head.NONE;
  private AuditRecord.@Nullable Head signed;
  private LogVerification.@Nullable Flaw flaw;
  private @Nullable Integer nextFile; // set by the last record of a file
  private @Nullable String log;
  private final Set<PublicKey> signers = new LinkedHashSet<>();
  private final Map<String, Long> retired = new HashMap<>(); // keys, and the records that say so

  Verification(
      @Nullable Set<PublicKey> keys,
      AuditRecord.@Nullable Head expected,
      boolean part,
      Consumer<AuditRecord> reader) {
    this.keys = keys;
    this.expected = expected;
    this.part = part;
    this.reader = reader;
  }

  /** Takes the next line. */
  void accept(ReadLine read) {
    lines = read.line().number();
    if (flaw != null) {
      lookForMissing(read, flaw);
      return;
    }
    flaw = look(read);
  }

  private LogVerification.@Nullable Flaw look(ReadLine read) {
    AuditSource.Line line = read.line();
    long next = head.sequence() + 1;
    if (!line.whole()) {
      return flaw(
          LogVerification.Flaw.Kind.TORN,
          line,
          next,
          "record " + next + " is cut off in the middle");
    }
    AuditRecord record = read.record();
    if (record == null) {
      return flaw(
          LogVerification.Flaw.Kind.MALFORMED,
          line,
          next,
          "where record " + next + " belongs is no record: " + read.why());
    }
    if (part && records == 0 && record.content() instanceof AuditContent.LogStart) {
      head = new AuditRecord.Head(record.sequence() - 1, record.previous());
      next = record.sequence();
    }
    LogVerification.Flaw misplaced = place(line, record, next);
    if (misplaced == null) {
      misplaced = begin(line, record);
    }
    if (misplaced == null) {
      misplaced = sign(read, record);
    }
    if (misplaced == null) {
      records++;
      head = record.head();
      nextFile = record.next();
      retire(record);
      reader.accept(record);
    }
    return misplaced;
  }

  private LogVerification.@Nullable Flaw place(
      AuditSource.Line line, AuditRecord record, long next) {
    long sequence = record.sequence();
    if (sequence > next && record.content() instanceof AuditContent.LogStart start) {
      int first = nextFile == null ? 1 : nextFile;
      return flaw(
          LogVerification.Flaw.Kind.MISSING,
          line,
          next,
          (start.file() - first == 1
                  ? "file " + first + " of the log is missing"
                  : "files " + first + " to " + (start.file() - 1) + " of the log are missing")
              + " before file "
              + start.file()
              + ", which begins with record "
              + sequence);
    }
    if (sequence > next) {
      return flaw(
          LogVerification.Flaw.Kind.REMOVED,
          line,
          next,
          (sequence - next == 1
                  ? "record " + next + " is missing"
                  : "records " + next + " to " + (sequence - 1) + " are missing")
              + " before record "
              + sequence);
    }
    if (sequence < next) {
      return flaw(
          LogVerification.Flaw.Kind.INSERTED,
          line,
          sequence,
          "there is a second record " + sequence + " where record " + next + " belongs");
    }
    if (!record.previous().equals(head.hash())) {
      return sequence == 0
          ? flaw(LogVerification.Flaw.Kind.EDITED, line, 0, "record 0 was changed")
          : new LogVerification.Flaw(
              LogVerification.Flaw.Kind.EDITED,
              line.number() - 1,
              sequence - 1,
              "record "
                  + (sequence - 1)
                  + " was changed: it is not the one that record "
                  + sequence
                  + " was chained to");
    }
    if (expected != null
        && sequence == expected.sequence()
        && !record.hash().equals(expected.hash())) {
      return rewritten(line, sequence);
    }
    return null;
  }

  private static LogVerification.Flaw rewritten(AuditSource.Line line, long sequence) {
    return flaw(
        LogVerification.Flaw.Kind.REWRITTEN,
        line,
        sequence,
        "record " + sequence + " is not the one of the expected head: the log was rewritten");
  }

  /** A log opens with record 0, and once behind the last record of each file. */
  private LogVerification.@Nullable Flaw begin(AuditSource.Line line, AuditRecord record) {
    long sequence = record.sequence();
    Integer file = nextFile;
    if (record.content() instanceof AuditContent.LogStart start) {
      boolean isFirst = records == 0 && (sequence == 0) == (start.file() == 1);
      boolean isNext = file != null && start.file() == file && start.log().equals(log);
      log = start.log();
      if (isFirst && expected != null && expected.sequence() < sequence - 1) {
        return flaw(
            LogVerification.Flaw.Kind.MISSING,
            line,
            expected.sequence(),
            "record " + expected.sequence() + " of the expected head is in an earlier file");
      }
      if (isFirst
          && expected != null
          && expected.sequence() == sequence - 1
          && !expected.hash().equals(record.previous())) {
        return rewritten(line, expected.sequence());
      }
      return isFirst || isNext
          ? null
          : flaw(
              LogVerification.Flaw.Kind.INSERTED,
              line,
              sequence,
              "a log opens with record 0, and each of its files once");
    }
    if (records == 0) {
      return flaw(
          LogVerification.Flaw.Kind.INSERTED, line, sequence, "a log begins with its opening");
    }
    return file == null
        ? null
        : flaw(
            LogVerification.Flaw.Kind.INSERTED,
            line,
            sequence,
            "behind record " + (sequence - 1) + " the log goes on in file " + file);
  }

  private LogVerification.@Nullable Flaw sign(ReadLine read, AuditRecord record) {
    AuditSource.Line line = read.line();
    if (!(record.content() instanceof AuditContent.Checkpoint checkpoint)) {
      return null;
    }
    long sequence = record.sequence();
    if (!read.signed()) {
      long from = signed == null ? 0 : signed.sequence() + 1;
      return flaw(
          LogVerification.Flaw.Kind.FORGED,
          line,
          sequence,
          "the signature of checkpoint "
              + sequence
              + " is not good: it or a record from "
              + from
              + " on was changed and chained anew");
    }
    if (keys != null && !keys.contains(checkpoint.key())) {
      return flaw(
          LogVerification.Flaw.Kind.UNTRUSTED,
          line,
          sequence,
          "checkpoint " + sequence + " is signed by another key: " + checkpoint.key());
    }
    Long end = retired.get(checkpoint.key().toString());
    if (end != null) {
      return flaw(
          LogVerification.Flaw.Kind.RETIRED,
          line,
          sequence,
          "checkpoint "
              + sequence
              + " is signed by a key that record "
              + end
              + " retired: "
              + checkpoint.key());
    }
    checkpoints++;
    signed = record.head();
    if (signers.size() < LogVerification.MAX_SIGNERS) {
      signers.add(checkpoint.key());
    }
    return null;
  }

  /** Takes note of a key that signs no more; only of those that could sign at all. */
  private void retire(AuditRecord record) {
    if (!(record.content() instanceof AuditEvent event) || event.kind() != AuditKind.ROTATE) {
      return;
    }
    AuditEvent.Subject subject = event.subject();
    if (subject == null
        || !subject.type().equals(AuditEvent.Subject.AUDIT_KEY)
        || !AuditEvent.Subject.RETIRED.equals(subject.decision())) {
      return;
    }
    boolean couldSign =
        keys == null
            ? retired.size() < LogVerification.MAX_SIGNERS
            : keys.stream().anyMatch(key -> key.toString().equals(subject.id()));
    if (couldSign) {
      retired.putIfAbsent(subject.id(), record.sequence());
    }
  }

  /** Looks for a record that seemed to be removed: it may only have been moved. */
  private void lookForMissing(ReadLine read, LogVerification.Flaw found) {
    AuditRecord record = read.record();
    if (found.kind() == LogVerification.Flaw.Kind.REMOVED
        && record != null
        && record.sequence() == found.sequence()
        && record.previous().equals(head.hash())) {
      flaw =
          flaw(
              LogVerification.Flaw.Kind.REORDERED,
              read.line(),
              found.sequence(),
              "record "
                  + found.sequence()
                  + " was moved to line "
                  + read.line().number()
                  + ", behind later ones");
    }
  }

  LogVerification verdict() {
    LogVerification.Flaw found = flaw;
    if (found == null && expected != null && expected.sequence() > head.sequence()) {
      found =
          new LogVerification.Flaw(
              LogVerification.Flaw.Kind.TRUNCATED,
              lines + 1,
              head.sequence() + 1,
              "the log ends with record "
                  + head.sequence()
                  + ", but had a record "
                  + expected.sequence());
    }
    if (found == null && nextFile != null && !part) {
      found =
          new LogVerification.Flaw(
              LogVerification.Flaw.Kind.MISSING,
              lines + 1,
              head.sequence() + 1,
              "file " + nextFile + " of the log is missing, in which it goes on");
    }
    if (found == null && records == 0) {
      found =
          new LogVerification.Flaw(
              LogVerification.Flaw.Kind.TRUNCATED,
              1,
              0,
              "the log is empty; it never was since it began");
    }
    return new LogVerification(
        records, checkpoints, head, signed, found, keys != null, List.copyOf(signers));
  }

  private static LogVerification.Flaw flaw(
      LogVerification.Flaw.Kind kind, AuditSource.Line line, long sequence, String message) {
    String where = line.file().isEmpty() ? "" : ", in " + line.file();
    return new LogVerification.Flaw(kind, line.number(), sequence, message + where);
  }
}
