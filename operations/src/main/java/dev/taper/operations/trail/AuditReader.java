package dev.taper.operations.trail;

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
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads an audit log and always verifies it. Immutable and thread-safe. */
public final class AuditReader {
  private final Workplace workplace;
  private final Place place;
  private final AuditVerifier verifier;

  /**
   * What was read.
   *
   * @param verification what was found: whether a key that was named has signed the log
   * @param notes what is to be said about the log, a sentence each
   */
  public record Reading(LogVerification verification, List<String> notes) {
    /** Copies the list. */
    public Reading {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Reads a log.
   *
   * @param workplace where relative paths start
   * @param place the log: a file or a database
   * @param keys the public keys whose checkpoints are trusted; none takes those of any key
   * @param head a head that the log had at some time, or null
   */
  public AuditReader(
      Workplace workplace, Place place, List<PublicKey> keys, AuditRecord.@Nullable Head head) {
    this.workplace = workplace;
    this.place = place;
    AuditVerifier trusting =
        keys.isEmpty() ? AuditVerifier.withoutTrustedKeys() : AuditVerifier.trusting(keys);
    this.verifier = head == null ? trusting : trusting.expecting(head);
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
    if (place instanceof Place.File file && Files.isRegularFile(workplace.resolve(file.name()))) {
      return verifier.verify(AuditSource.of(workplace.resolve(file.name())), reader);
    }
    throw OperationException.io(
        "cannot read the audit log: there is no file " + place.shown(), null);
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
    return new Reading(verification, notes);
  }

  private static OperationException refused(String code, String why) {
    return new OperationException(
        OperationException.Kind.REFUSED, code, why + "; verify the log to see more", null);
  }
}
