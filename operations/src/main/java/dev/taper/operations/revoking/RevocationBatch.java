package dev.taper.operations.revoking;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.operations.OperationException;
import dev.taper.operations.revoking.Revoker.Note;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import dev.taper.revocation.SignedLists;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several things that are revoked together, in one list, and the records of that. Immutable and
 * thread-safe.
 */
public final class RevocationBatch {
  /** What the subject of the first and of a last record is, beside the things. */
  private static final String TYPE = "revoking";

  /** How a list is named in records. */
  static final String LIST = "revocation_list";

  /** What was done with a list that is signed anew. */
  static final String PUBLISHED = "published";

  private final List<RevocationEntry> entries;
  private final AuditEvent.Subject subject;
  private final Function<IssuedList, List<Note>> done;

  private RevocationBatch(
      List<RevocationEntry> entries,
      AuditEvent.Subject subject,
      Function<IssuedList, List<Note>> done) {
    this.entries = List.copyOf(entries);
    this.subject = subject;
    this.done = done;
  }

  /**
   * A few things, with a record of each.
   *
   * @param why what they have in common, such as {@code offboarding user:alice@acme.com}
   * @param things the things
   * @param reason why, for the records, or null
   */
  public static RevocationBatch of(String why, List<Revocable> things, @Nullable String reason) {
    List<Note> notes =
        things.stream()
            .map(each -> each.reason(reason))
            .map(each -> new Note(AuditKind.REVOKE, each.subject(), each.task()))
            .toList();
    return new RevocationBatch(
        things.stream().map(Revocable::entry).toList(),
        AuditEvent.Subject.of(TYPE, why).reason(reason),
        issued -> notes);
  }

  /**
   * Many things of one kind, with one record: it names the list that states them, and the file that
   * did before.
   *
   * @param read the things
   * @param reason why, for the record, or null
   */
  public static RevocationBatch many(RevocationLines.Result read, @Nullable String reason) {
    List<RevocationEntry> entries = read.entries();
    String what =
        entries.size()
            + " of kind "
            + entries.get(0).kind().text()
            + ", by a file with SHA-256 "
            + read.digest();
    return new RevocationBatch(
        entries,
        AuditEvent.Subject.of(TYPE, what).reason(reason),
        issued -> List.of(note(list(issued).reason(reason).decision(what))));
  }

  /**
   * All that the lists of other keys revoke, with one record.
   *
   * @param lists the lists of the old keys
   * @param withLifted whether what they lifted is revoked, too
   * @throws dev.taper.operations.OperationException {@code usage} if there is none
   */
  public static RevocationBatch takenOver(SignedLists lists, boolean withLifted) {
    RevocationHeader latest = lists.latest();
    if (latest == null) {
      throw OperationException.usage("there is no list to take over");
    }
    List<RevocationEntry> entries = new ArrayList<>(lists.entries());
    if (withLifted) {
      lists.lifted().forEach(each -> entries.add(each.entry()));
    }
    String from = "from " + latest.issuer() + " number " + latest.sequence();
    return new RevocationBatch(
        entries,
        AuditEvent.Subject.of(TYPE, "all " + from),
        issued -> List.of(note(list(issued).decision("taken over " + from))));
  }

  /** How many things it revokes. */
  public int size() {
    return entries.size();
  }

  /** The record of a list that was signed although nothing else was revoked. */
  static Note published(IssuedList issued) {
    return note(list(issued).until(issued.validity().staleAfter()).decision(PUBLISHED));
  }

  private static AuditEvent.Subject list(IssuedList issued) {
    return AuditEvent.Subject.of(LIST, Long.toString(issued.sequence()));
  }

  private static Note note(AuditEvent.Subject subject) {
    return new Note(AuditKind.REVOKE, subject, null);
  }

  /** What is revoked. */
  List<RevocationEntry> entries() {
    return entries;
  }

  List<Fingerprint> fingerprints() {
    return entries.stream().map(RevocationEntry::fingerprint).toList();
  }

  /** The record before the list. */
  Note begun() {
    return note(subject.decision("begun"));
  }

  /** The record if there is no list. */
  Note failed() {
    return note(subject.decision("failed"));
  }

  /** The records behind the list. */
  Function<IssuedList, List<Note>> done() {
    return done;
  }
}
