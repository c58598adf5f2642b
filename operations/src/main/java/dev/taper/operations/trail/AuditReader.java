package dev.taper.operations.trail;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.Database;
import dev.taper.store.SqlAuditSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads an audit log and always verifies it. Immutable and thread-safe. */
public final class AuditReader {
  private final Workplace workplace;
  private final Place place;
  private final AuditVerifier verifier;
  private final boolean part;

  /**
   * What was read.
   *
   * @param verifications what was found in each log, in their order: whether a key that was named
   *     has signed it
   * @param notes what is to be said about the logs, a sentence each
   */
  public record Reading(List<LogVerification> verifications, List<String> notes) {
    /** Copies the lists. */
    public Reading {
      verifications = List.copyOf(verifications);
      notes = List.copyOf(notes);
    }
  }

  /**
   * A record that was found.
   *
   * @param log which log it is in, as it was named
   * @param record the record
   * @param checkpoint the first checkpoint at or behind it that is good, or null
   * @param signer whose checkpoint that is, or null
   * @param verification what was found in the log
   */
  public record Hit(
      String log,
      AuditRecord record,
      @Nullable AuditRecord checkpoint,
      @Nullable PublicKey signer,
      LogVerification verification) {
    /** True if the log has no flaw, and a key that was named has signed the record. */
    public boolean isSigned() {
      return verification.intact() && checkpoint != null;
    }

    /** The record and what is known of its keys. */
    public JsonFields fields(@Nullable NamesFile names) {
      return RawExport.members(record, names);
    }
  }

  /**
   * Reads a log.
   *
   * @param workplace where relative paths start
   * @param place the log: a file, with the earlier files of the log beside it, or a database
   * @param keys the public keys whose checkpoints are trusted; none takes those of any key
   * @param head a head that the log had at some time, or null
   */
  public AuditReader(
      Workplace workplace, Place place, List<PublicKey> keys, AuditRecord.@Nullable Head head) {
    this(workplace, place, verifier(keys, head), false);
  }

  private AuditReader(Workplace workplace, Place place, AuditVerifier verifier, boolean part) {
    this.workplace = workplace;
    this.place = place;
    this.verifier = verifier;
    this.part = part;
  }

  private static AuditVerifier verifier(List<PublicKey> keys, AuditRecord.@Nullable Head head) {
    AuditVerifier trusting =
        keys.isEmpty() ? AuditVerifier.withoutTrustedKeys() : AuditVerifier.trusting(keys);
    return head == null ? trusting : trusting.expecting(head);
  }

  /** Reads this file alone, and looks for no other file of the log. */
  public AuditReader ofOneFile() {
    return new AuditReader(workplace, place, verifier.ofPart(), true);
  }

  /** What the log is called, as it may be shown. */
  public String name() {
    return place.shown();
  }

  /**
   * True if there is no record yet: nobody began the log, or a crash or a full disk came before its
   * first record. Whoever writes to it next begins it.
   *
   * @throws dev.taper.TaperException if the database cannot be read
   */
  public boolean isUnbegun() {
    if (place instanceof Place.Sql sql) {
      if (workplace.isMissing(sql)) {
        return true;
      }
      try (Database database = workplace.openExisting(sql)) {
        return new SqlAuditSink(database).last() == null;
      }
    }
    if (!(place instanceof Place.File file)) {
      return false;
    }
    Path path = workplace.resolve(file.name());
    boolean[] hasLines = {false};
    try {
      if (Files.exists(path) && Files.size(path) > 0) {
        return false;
      }
      AuditSource.of(path).read(line -> hasLines[0] = true); // earlier files of the log count
      return !hasLines[0];
    } catch (TaperException e) {
      return e.getCause() instanceof NoSuchFileException missing
          && path.toString().equals(missing.getFile());
    } catch (IOException e) {
      return false; // who reads it is told why it cannot be read
    }
  }

  /**
   * Verifies the log and passes on its good records.
   *
   * @throws OperationException {@code io} if there is no such file
   * @throws dev.taper.TaperException if the database cannot be read
   */
  public LogVerification verify(Consumer<AuditRecord> reader) {
    if (place instanceof Place.Sql sql) {
      try (Database database = workplace.openExisting(sql)) {
        return verifier.verify(new SqlAuditSink(database), reader);
      }
    }
    if (!(place instanceof Place.File file)) {
      throw noFile(null);
    }
    Path path = workplace.resolve(file.name());
    try {
      return verifier.verify(part ? AuditSource.ofOneFile(path) : AuditSource.of(path), reader);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.AUDIT_UNAVAILABLE && !Files.isRegularFile(path) ? noFile(e) : e;
    }
  }

  /**
   * Reads a log in which nothing may be wrong, except that the last record may be half written.
   *
   * @throws OperationException {@code audit_...} if something is wrong, or a key was named and
   *     nothing is signed; or as {@link #verify}
   */
  public Reading read(Consumer<AuditRecord> reader) {
    LogVerification verification = verify(reader);
    List<String> notes = new ArrayList<>();
    LogVerification.Flaw flaw = verification.flaw();
    if (flaw != null) {
      String where = "line " + flaw.line() + " of the audit log: " + flaw.message();
      if (flaw.kind() != LogVerification.Flaw.Kind.TORN) {
        throw refused("audit_" + flaw.kind().text(), where);
      }
      notes.add(where);
    }
    if (verification.trusted() && verification.signed() == null) {
      throw refused("audit_unsigned", "the audit log is not signed");
    }
    if (!verification.trusted()) {
      notes.add("this audit log: " + RecordWords.untrusted(verification));
    }
    return new Reading(List.of(verification), notes);
  }

  /**
   * Looks for a record in a log, which may have a flaw behind it.
   *
   * @param wanted a record's number, or its hash, or 8 of its first digits or more
   * @param each is told of every record
   * @return what was found, which may be several records if few digits are given; at most 8
   * @throws OperationException {@code usage} if that is no number and no hash; or as {@link
   *     #verify}
   */
  public List<Hit> find(String wanted, Runnable each) {
    return RecordSearch.in(this, wanted, each);
  }

  private OperationException noFile(@Nullable TaperException cause) {
    return OperationException.io(
        "cannot read the audit log: there is no file " + place.shown(), cause);
  }

  private static OperationException refused(String code, String why) {
    return OperationException.refused(code, why + "; verify the log to see more");
  }
}
