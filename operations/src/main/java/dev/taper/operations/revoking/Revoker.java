package dev.taper.operations.revoking;

import dev.taper.TaperException;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.RevocationImpact;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Revokes, and issues signed revocation lists, with all that follows: the records, the registry,
 * and the reviews whose dates have passed where the list is kept. Immutable.
 */
public final class Revoker {
  private final Workplace workplace;
  private final Issue list;
  private final AuditRecorder audit;
  private final @Nullable RegistryAccess registry;
  private final @Nullable String by;

  /**
   * A list to be issued.
   *
   * @param place where it is kept: a file or a database; it is made if there is none
   * @param key reads the key that signs it; it is destroyed after use
   * @param horizon how long it is to be good
   */
  public record Issue(
      Place place, Supplier<? extends Signer> key, RevocationIssuer.Horizon horizon) {}

  /**
   * What was done.
   *
   * @param issued the list
   * @param ended how many living delegations that ended; empty if nobody knows, or all of it was
   *     revoked before
   * @param lapsed what nobody certified by its review's date, and was revoked as well
   * @param failure what failed after the list was in force, or null: a record, or the registry
   */
  public record Report(
      IssuedList issued,
      OptionalInt ended,
      List<Delegated> lapsed,
      @Nullable RuntimeException failure) {
    /** Copies the list. */
    public Report {
      lapsed = List.copyOf(lapsed);
    }
  }

  /**
   * A registry's list that was signed.
   *
   * @param report what was done
   * @param entries how many entries the registry has
   */
  public record Published(Report report, int entries) {}

  /**
   * A record of the audit log to come.
   *
   * @param kind what happened
   * @param subject what it is about
   * @param task for which task, or null
   */
  public record Note(AuditKind kind, AuditEvent.Subject subject, @Nullable String task) {
    AuditEvent event(String by, Instant now) {
      AuditEvent event = AuditEvent.of(kind, now).by(by).subject(subject);
      return task == null ? event : event.task(task);
    }
  }

  /** What was signed, by whom. */
  private record Signed(
      IssuedList issued,
      PublicKey by,
      List<Delegated> lapsed,
      @Nullable RuntimeException unrecorded) {}

  /** Signs in a database. */
  @FunctionalInterface
  private interface InDatabase {
    IssuedList sign(SqlRevocations revocations, RevocationIssuer issuer);
  }

  /** Signs in a file. */
  @FunctionalInterface
  private interface InFile {
    IssuedList sign(RevocationFile file, RevocationIssuer issuer) throws IOException;
  }

  /**
   * Revokes by a list.
   *
   * @param workplace where relative paths start, and what time it is
   * @param list the list
   * @param audit keeps the records
   * @param registry the registry to tell, or null
   */
  public Revoker(
      Workplace workplace, Issue list, AuditRecorder audit, @Nullable RegistryAccess registry) {
    this(workplace, list, audit, registry, null);
  }

  private Revoker(
      Workplace workplace,
      Issue list,
      AuditRecorder audit,
      @Nullable RegistryAccess registry,
      @Nullable String by) {
    this.workplace = workplace;
    this.list = list;
    this.audit = audit;
    this.registry = registry;
    this.by = by;
  }

  /**
   * The same for a person: records say the name in place of the key that signs the list.
   *
   * @param person who revokes
   */
  public Revoker by(String person) {
    return new Revoker(workplace, list, audit, registry, person);
  }

  /**
   * Revokes something: adds it to the list. That is in force even if the record or the registry
   * fails afterwards; the report says so.
   *
   * @param kind {@link AuditKind#REVOKE}, or {@link AuditKind#TASK_END} to end a task
   * @param what what to revoke
   * @throws OperationException {@code io} if the list cannot be written
   * @throws TaperException if it cannot be signed
   */
  public Report revoke(AuditKind kind, Revocable what) {
    Fingerprint fingerprint = what.entry().fingerprint();
    OptionalInt known = registry == null ? OptionalInt.empty() : registry.endedBy(fingerprint);
    OptionalInt ended = known.isPresent() ? known : endedInList(fingerprint);
    Note note = new Note(kind, what.subject(), what.task());
    return inOneList(
        List.of(what.entry()),
        by -> {},
        issued -> List.of(note),
        unlessBefore(ended, List.of(fingerprint)));
  }

  /**
   * Revokes several things in one list: all or none of them. Nothing is done if the audit log
   * cannot be written: its first record says that this begins. When the list is in force, the
   * others follow; what fails then, the report says.
   *
   * @param batch the things
   * @throws OperationException {@code io} if the list cannot be written
   * @throws TaperException if the log cannot be written, or the list cannot be signed
   */
  public Report revokeAll(RevocationBatch batch) {
    OptionalInt ended = endedBy(batch.fingerprints());
    AtomicReference<@Nullable PublicKey> begun = new AtomicReference<>();
    try {
      return inOneList(
          batch.entries(),
          by -> {
            record(by, List.of(batch.begun()));
            begun.set(by);
          },
          batch.done(),
          ended);
    } catch (RuntimeException e) {
      PublicKey by = begun.get();
      RuntimeException unrecorded =
          by == null ? null : failure(() -> record(by, List.of(batch.failed())));
      if (unrecorded != null) {
        e.addSuppressed(unrecorded);
      }
      throw e;
    }
  }

  /**
   * Begins a list with several things, as {@link #revokeAll}.
   *
   * @throws OperationException {@code usage} if there is a list already
   */
  public Report begin(RevocationBatch batch) {
    if (hasList()) {
      throw OperationException.usage(
          "there is a list in " + list.place().shown() + " already; a new key begins a new one");
    }
    return revokeAll(batch);
  }

  private boolean hasList() {
    if (list.place() instanceof Place.Sql sql) {
      try (Database database = workplace.open(sql)) {
        return new SqlRevocations(database, workplace.clock()).lastSigned().isPresent();
      }
    }
    return Files.exists(workplace.resolve(((Place.File) list.place()).name()));
  }

  /** How many living delegations it ends, by the registry or one where the list is. */
  private OptionalInt endedBy(List<Fingerprint> fingerprints) {
    RegistryAccess access = knowing();
    RevocationImpact impact = access == null ? null : access.impact(fingerprints);
    return impact == null || !impact.isKnown()
        ? OptionalInt.empty()
        : unlessBefore(OptionalInt.of(Math.toIntExact(impact.ended())), fingerprints);
  }

  /** The registry, or one where the list is; null if there is none. */
  private @Nullable RegistryAccess knowing() {
    return registry == null && list.place() instanceof Place.Sql sql
        ? new RegistryAccess(workplace, sql)
        : registry;
  }

  /** That nothing is left says nothing of what was revoked before: it ended all of its own then. */
  private OptionalInt unlessBefore(OptionalInt ended, List<Fingerprint> fingerprints) {
    RegistryAccess access = knowing();
    boolean isNone = ended.isPresent() && ended.getAsInt() == 0;
    return isNone && access != null && access.areRevoked(fingerprints)
        ? OptionalInt.empty()
        : ended;
  }

  private Report inOneList(
      List<RevocationEntry> entries,
      Consumer<PublicKey> before,
      Function<IssuedList, List<Note>> records,
      OptionalInt ended) {
    Signed signed =
        signed(
            before,
            (revocations, issuer) -> revocations.revoke(issuer, entries, list.horizon()),
            (file, issuer) -> file.revoke(issuer, entries, list.horizon()));
    RuntimeException failure =
        follow(
            signed,
            () -> record(signed.by(), records.apply(signed.issued())),
            access -> access.revoked(entries));
    return new Report(signed.issued(), ended, signed.lapsed(), failure);
  }

  /**
   * Takes back what was revoked.
   *
   * @param what what to lift
   * @param reason why; the list states it
   * @throws OperationException {@code io} if the list cannot be written
   * @throws TaperException if the list does not revoke it, or cannot be signed
   */
  public Report lift(Revocable what, String reason) {
    Fingerprint lifted = what.entry().fingerprint();
    Signed signed =
        signed(
            by -> {},
            (revocations, issuer) -> revocations.lift(issuer, lifted, reason, list.horizon()),
            (file, issuer) -> file.lift(issuer, lifted, reason, list.horizon()));
    AuditEvent.Subject subject = what.subject().reason(reason).decision("lifted");
    RuntimeException failure =
        follow(
            signed,
            () -> record(signed.by(), List.of(new Note(AuditKind.REVOKE, subject, what.task()))),
            access -> access.lifted(lifted));
    return new Report(signed.issued(), OptionalInt.empty(), signed.lapsed(), failure);
  }

  /**
   * Issues the list anew, as one snapshot without what has ended; an empty one if there is none. In
   * a database it is the next delta, as snapshots come by themselves there. Signs nothing if what
   * lapsed cannot be recorded. The list is in force even if the record of it fails afterwards; the
   * report says so.
   *
   * @throws OperationException {@code io} if the list cannot be written
   * @throws TaperException if it cannot be signed
   */
  public Report sign() {
    if (list.place() instanceof Place.Sql sql) {
      try (Database database = workplace.open(sql)) {
        return sign(database).report();
      }
    }
    Signed signed = signed(by -> {}, (file, issuer) -> file.renew(issuer, list.horizon()));
    RuntimeException failure =
        failure(() -> record(signed.by(), List.of(RevocationBatch.published(signed.issued()))));
    return new Report(signed.issued(), OptionalInt.empty(), List.of(), failure);
  }

  /**
   * Issues the list in a registry, which must be there, as {@link #sign} does.
   *
   * @throws OperationException {@code usage} if the list is in a file
   * @throws TaperException if it cannot be signed
   */
  public Published publish() {
    if (!(list.place() instanceof Place.Sql sql)) {
      throw OperationException.usage("a registry is a database: " + Place.DATABASE);
    }
    try (Database database = workplace.openExisting(sql)) {
      return sign(database);
    }
  }

  private Published sign(Database database) {
    Signer key = list.key().get();
    try {
      List<Delegated> lapsed = ReviewBoard.applyDates(database, workplace.clock(), audit);
      SqlRevocations revocations = new SqlRevocations(database, workplace.clock());
      int entries = revocations.entries().size();
      IssuedList issued = revocations.sign(RevocationIssuer.of(key), list.horizon());
      PublicKey by = key.publicKey();
      RuntimeException failure =
          failure(() -> record(by, List.of(RevocationBatch.published(issued))));
      return new Published(new Report(issued, OptionalInt.empty(), lapsed, failure), entries);
    } finally {
      KeyFile.wipe(key);
    }
  }

  /**
   * How many living delegations it ends, if a registry in the list's database knows any and can be
   * asked: that it cannot is no reason not to revoke.
   */
  private OptionalInt endedInList(Fingerprint fingerprint) {
    return list.place() instanceof Place.Sql sql
        ? new RegistryAccess(workplace, sql).endedBy(fingerprint)
        : OptionalInt.empty();
  }

  /** Signs, once the key is there and what comes before is done with it. */
  private Signed signed(Consumer<PublicKey> before, InDatabase inDatabase, InFile inFile) {
    if (!(list.place() instanceof Place.Sql sql)) {
      return signed(before, inFile);
    }
    Signer key = list.key().get();
    try (Database database = workplace.open(sql)) {
      before.accept(key.publicKey());
      List<Delegated> lapsed = List.of();
      RuntimeException unrecorded = null;
      try {
        lapsed = ReviewBoard.applyDates(database, workplace.clock(), audit);
      } catch (RuntimeException e) {
        unrecorded = e; // no reason to leave in force what was to be revoked
      }
      SqlRevocations revocations = new SqlRevocations(database, workplace.clock());
      IssuedList issued = inDatabase.sign(revocations, RevocationIssuer.of(key));
      return new Signed(issued, key.publicKey(), lapsed, unrecorded);
    } finally {
      KeyFile.wipe(key);
    }
  }

  private Signed signed(Consumer<PublicKey> before, InFile inFile) {
    Signer key = list.key().get();
    try {
      before.accept(key.publicKey());
      String name = ((Place.File) list.place()).name();
      RevocationFile file = RevocationFile.of(workplace.resolve(name), workplace.clock());
      IssuedList issued = inFile.sign(file, RevocationIssuer.of(key));
      return new Signed(issued, key.publicKey(), List.of(), null);
    } catch (IOException e) {
      throw OperationException.io(
          "cannot update " + list.place().shown() + ": " + e.getMessage(), e);
    } finally {
      KeyFile.wipe(key);
    }
  }

  /**
   * What is left to do once the list is in force. Each is tried even if the one before failed;
   * gives the first failure.
   */
  private @Nullable RuntimeException follow(
      Signed signed, Runnable record, Consumer<RegistryAccess> tell) {
    RuntimeException unrecorded = failure(record);
    // The list's own database knows.
    boolean isTold = registry == null || registry.isAt(list.place());
    RuntimeException untold = isTold ? null : failure(() -> tell.accept(registry));
    return signed.unrecorded() != null
        ? signed.unrecorded()
        : unrecorded != null ? unrecorded : untold;
  }

  private static @Nullable RuntimeException failure(Runnable work) {
    try {
      work.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private void record(PublicKey signer, List<Note> notes) {
    if (notes.isEmpty()) {
      return;
    }
    String who = by == null ? signer.toString() : by;
    audit.recordAll(now -> notes.stream().map(note -> note.event(who, now)).toList());
  }
}
