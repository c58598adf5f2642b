package dev.taper.operations.trail;

import dev.taper.DaemonThreads;
import dev.taper.audit.AuditRecord;
import dev.taper.operations.OperationException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A log that is read and verified in a thread of its own, a bounded piece ahead of who takes its
 * records one by one. To be used by one thread.
 */
final class PulledLog {
  private static final int BATCH = 256;
  private static final int AHEAD = 8;

  private final AuditReader reader;
  private final String name;
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;
  private Iterator<AuditRecord> now = List.<AuditRecord>of().iterator();
  private AuditReader.@Nullable Reading reading;

  /** Some records; the last piece also says how the log ended. */
  private record Piece(
      List<AuditRecord> records, AuditReader.@Nullable Reading end, @Nullable Throwable failure) {}

  private PulledLog(AuditReader reader, String name) {
    this.reader = reader;
    this.name = name;
    this.thread = DaemonThreads.named("taper-audit-reader").newThread(this::run);
  }

  static PulledLog start(AuditReader reader, String name) {
    PulledLog log = new PulledLog(reader, name);
    log.thread.start();
    return log;
  }

  String name() {
    return name;
  }

  private void run() {
    try {
      put(read());
    } catch (CancellationException e) {
      // nobody takes any more
    }
  }

  /** Reads to the end, which is the last piece, or a failure. */
  private Piece read() {
    List<AuditRecord> batch = new ArrayList<>(BATCH);
    try {
      AuditReader.Reading end =
          reader.read(
              record -> {
                batch.add(record);
                if (batch.size() == BATCH) {
                  put(new Piece(List.copyOf(batch), null, null));
                  batch.clear();
                }
              });
      return new Piece(List.copyOf(batch), end, null);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | Error e) { // who takes the records would wait for ever
      return new Piece(List.of(), null, e);
    }
  }

  private void put(Piece piece) {
    try {
      pieces.put(piece);
    } catch (InterruptedException e) {
      throw new CancellationException();
    }
  }

  /**
   * The next record; null behind the last.
   *
   * @throws OperationException as {@link AuditReader#read}
   */
  @Nullable AuditRecord next() {
    while (!now.hasNext()) {
      if (reading != null) {
        return null;
      }
      Piece piece = take();
      Throwable failure = piece.failure();
      if (failure instanceof OperationException e) {
        throw new OperationException(e.kind(), e.code(), name() + ": " + e.getMessage(), e);
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      now = piece.records().iterator();
      reading = piece.end();
    }
    return now.next();
  }

  private Piece take() {
    try {
      return pieces.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OperationException.io("interrupted while the audit log " + name() + " was read", e);
    }
  }

  /** What was found, behind the last record. */
  AuditReader.Reading reading() {
    AuditReader.Reading end = reading;
    if (end == null) {
      throw new IllegalStateException("the log is not read to its end");
    }
    return end;
  }

  /** Ends the reading. */
  void stop() {
    thread.interrupt();
  }
}
