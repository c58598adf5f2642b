package dev.taper.audit;

import dev.taper.TaperException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link AuditLog} keeps its records: a file, a database. A sink stores one log, in order,
 * and never changes what it stored. It is used by one thread at a time.
 */
public interface AuditSink extends AutoCloseable {
  /**
   * How long a file may grow by default where a log has several: 256 MiB. All of the newest file is
   * read before anything is written to it, which takes about two seconds for so many bytes.
   */
  long DEFAULT_FILE_BYTES = 1L << 28;

  /**
   * Opens a log in a file, or makes one: JSON Lines, a record each, only ever appended to. The file
   * can be read by its owner alone, and is written by one process at a time. Records are safe when
   * the system says that the disk has them. A record that a crash cut off in the middle is dropped
   * here; nobody had been told that it was safe.
   *
   * @param path the file; one beside it with the same name and {@code .lock} keeps other writers
   *     out. While it is open, nobody else moves, deletes, cuts or writes it: from then on nothing
   *     is acknowledged until it is as it was
   * @param clock what time it is, for the record of a recovery
   * @throws TaperException {@link dev.taper.ErrorCode#AUDIT_LOCKED} if another writer has it open;
   *     {@link dev.taper.ErrorCode#AUDIT_CORRUPT} if something in it is no record, or not in its
   *     place; {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if it cannot be read or made
   */
  static AuditSink inFile(Path path, Clock clock) {
    return FileSink.open(path, clock);
  }

  /**
   * Opens a log in a file whose records are safe as soon as the operating system has them: they
   * survive the end of the process, but not that of the machine.
   *
   * @throws TaperException as {@link #inFile}
   */
  static AuditSink inFileWithoutForcingToDisk(Path path, Clock clock) {
    return FileSink.openWithoutForcingToDisk(path, clock);
  }

  /**
   * Opens a log that goes on in another file when one is full, as {@link #inFile}. The newest file
   * has the given name; each earlier one gets its number behind that, such as {@code
   * audit.jsonl.000001}. The last record of a file names the number of the next one, which begins
   * with the hash of that record.
   *
   * @param path the newest file
   * @param maxBytes how long a file may grow before another one is begun, at least 1; one batch of
   *     records may still be longer
   * @param clock what time it is, for the log's own records
   * @throws TaperException as {@link #inFile}; {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the
   *     length is less than 1
   */
  static AuditSink inFiles(Path path, long maxBytes, Clock clock) {
    return FileSink.openRotating(path, maxBytes, clock);
  }

  /**
   * Looks whether {@link #inFile} and {@link #inFiles} would take a log, and changes nothing.
   * Another process may have it open. Not for a log that this very process has open: some systems
   * give up its lock.
   *
   * @param path the newest file; one that is not there is taken, too
   * @throws TaperException as {@link #inFile}, but never {@link dev.taper.ErrorCode#AUDIT_LOCKED}
   */
  static void checkFiles(Path path) {
    FileSink.check(path);
  }

  /**
   * The last record that is stored, or null if there is none. The log asks at its start, and after
   * an {@link #append} that failed, to learn what became of it.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#AUDIT_CORRUPT} if what is stored cannot be
   *     continued; {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if it cannot be read now
   */
  @Nullable AuditRecord last();

  /**
   * Stores records, in order, all or none. When this returns, they are as safe as the sink promises
   * to keep them; when it throws, none may appear later, unless {@link #last} says so.
   *
   * @param records at least one; each follows the one before, the first follows {@link #last}
   * @throws TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if they could not be
   *     stored; {@link dev.taper.ErrorCode#AUDIT_MOVED} if the sink is {@link #shared} and another
   *     log wrote to it meanwhile: the records get new places, behind {@link #last}
   */
  void append(List<AuditRecord> records);

  /**
   * What was dropped when the sink was opened, because a crash had cut it off; null if nothing was.
   * The log makes a record of it.
   */
  default AuditContent.@Nullable LogRecovery recovery() {
    return null;
  }

  /**
   * The first record of the file in which the log has to go on; null as long as it can stay in this
   * one. The log then stores a last record that names that file, unless it is there already, calls
   * {@link #begin}, and stores the first one.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE}
   */
  default AuditContent.@Nullable LogStart next() {
    return null;
  }

  /**
   * Begins the {@link #next} file.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if that is not possible
   *     now; it may be tried again
   */
  default void begin() {}

  /** True if other processes may write to the same log; their records then stand between ours. */
  default boolean shared() {
    return false;
  }

  /** Frees what the sink holds. Closing again does nothing. */
  @Override
  void close();
}
