package dev.taper.server.console.view;

import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.RecordWords;
import dev.taper.store.SqlAuditSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An audit log that is verified from its first record on whenever it has grown, and of which the
 * newest records are kept in memory. Of a log with a flaw it keeps none: nothing that such a log
 * says is to be relied on. Thread-safe; one thread reads at a time.
 */
final class AuditIndex {
  /** How many records are kept: some ten megabytes. */
  static final int KEPT = 10_000;

  /** The version of a log that is not there. */
  private static final String MISSING = "missing";

  private static final Duration LEAST_PAUSE = Duration.ofMillis(200);

  /** A log that takes long to verify is verified less often. */
  private static final int PAUSE_FOR_WORK = 10;

  private final Workplace workplace;
  private final Stores stores;
  private final Place place;
  private final List<PublicKey> keys;
  private @Nullable Snapshot snapshot; // guarded by this, as all below
  private String version = "";
  private long nextRead;

  /**
   * A log as it was verified.
   *
   * @param records the newest records, the oldest of them first; none if there is a flaw
   * @param verification what was found
   * @param readAt when
   * @param isMissing whether there is no log yet
   */
  record Snapshot(
      List<AuditRecord> records, LogVerification verification, Instant readAt, boolean isMissing) {
    Snapshot {
      records = List.copyOf(records);
    }

    /**
     * {@code signed} by a key that was named, {@code chained} alone, {@code broken}, or {@code
     * empty}: then there is no log, because nobody wrote there yet, or somebody took it away.
     */
    String state() {
      if (isMissing) {
        return "empty";
      }
      return hasFlaw() ? "broken" : verification.intact() ? "signed" : "chained";
    }

    /** True if something is wrong beyond a record that a crash cut off. */
    boolean hasFlaw() {
      LogVerification.Flaw flaw = verification.flaw();
      return flaw != null && !isMissing && flaw.kind() != LogVerification.Flaw.Kind.TORN;
    }

    /** The newest records of findings, the latest first. */
    List<AuditRecord> findings(int most) {
      List<AuditRecord> found = new ArrayList<>();
      for (int i = records.size() - 1; i >= 0 && found.size() < most; i--) {
        if (records.get(i).content().kind() == AuditKind.FINDING) {
          found.add(records.get(i));
        }
      }
      return found;
    }

    /** What is to be said of it, a sentence each. */
    List<String> notes() {
      LogVerification.Flaw flaw = verification.flaw();
      List<String> notes = new ArrayList<>();
      if (isMissing) {
        return List.of("there is no log");
      }
      if (flaw != null) {
        notes.add("line " + flaw.line() + ": " + flaw.message());
      }
      if (!verification.intact()) {
        notes.add(RecordWords.untrusted(verification));
      }
      return notes;
    }
  }

  AuditIndex(Workplace workplace, Stores stores, Place place, List<PublicKey> keys) {
    this.workplace = workplace;
    this.stores = stores;
    this.place = place;
    this.keys = List.copyOf(keys);
  }

  /** Reads all of the log for something that needs more than the newest records. */
  AuditReader reader() {
    return new AuditReader(workplace, place, keys, null);
  }

  /**
   * The log as it is now, or was a moment ago.
   *
   * @throws OperationException {@code io} if it cannot be read
   * @throws dev.taper.TaperException if the database cannot be read
   */
  synchronized Snapshot now() {
    Snapshot known = snapshot;
    if (known != null && System.nanoTime() - nextRead < 0) {
      return known;
    }
    String present = version();
    if (known != null && present.equals(version)) {
      return known;
    }
    long start = System.nanoTime();
    Snapshot read = read();
    long took = System.nanoTime() - start;
    snapshot = read;
    version = present;
    nextRead = System.nanoTime() + Math.max(LEAST_PAUSE.toNanos(), took * PAUSE_FOR_WORK);
    return read;
  }

  private Snapshot read() {
    Deque<AuditRecord> newest = new ArrayDeque<>();
    AuditVerifier verifier =
        keys.isEmpty() ? AuditVerifier.withoutTrustedKeys() : AuditVerifier.trusting(keys);
    LogVerification verification =
        verifier.verify(
            source(),
            record -> {
              newest.addLast(record);
              if (newest.size() > KEPT) {
                newest.removeFirst();
              }
            });
    boolean isMissing = version().equals(MISSING);
    Snapshot all =
        new Snapshot(List.copyOf(newest), verification, workplace.clock().instant(), isMissing);
    return all.hasFlaw() ? new Snapshot(List.of(), verification, all.readAt(), false) : all;
  }

  private AuditSource source() {
    if (place instanceof Place.Sql sql) {
      return new SqlAuditSink(stores.database(sql));
    }
    return Files.exists(file()) ? AuditSource.of(file()) : reader -> {};
  }

  private Path file() {
    return workplace.resolve(((Place.File) place).name());
  }

  /** Changes when the log does; it may change when the log does not. */
  private String version() {
    if (place instanceof Place.Sql sql) {
      AuditRecord last = new SqlAuditSink(stores.database(sql)).last();
      return last == null ? MISSING : last.head().toString();
    }
    Path file = file();
    if (!Files.exists(file)) {
      return MISSING;
    }
    try {
      return Files.size(file) + " " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw OperationException.io("cannot look at the audit log " + place.shown(), e);
    }
  }
}
