package dev.taper.audit;

import dev.taper.DaemonThreads;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.crypto.Signer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that gives records their places. It takes whatever waits as one batch; while the
 * sink makes that batch safe, the next one gathers. So the batches grow with the load, and no
 * record waits for others on purpose.
 */
final class AuditWriter {
  /** Bounds a batch in memory; far above what gathers during one write to a disk. */
  private static final int MAX_BATCH = 4096;

  private static final int LOG_ID_BYTES = 16;

  /** How often records get new places because other processes write to the same log. */
  private static final int MAX_MOVES = 100;

  private final AuditSink sink;
  private final Signer signer;
  private final Clock clock;
  private final int checkpointRecords;
  private final Duration checkpointInterval;
  private final int capacity;
  private final FailureLog failures;
  private final Runnable onNewFile;
  private final BlockingQueue<Pending> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private final Pending closing = new Pending(null, false);
  private final Object gate = new Object();

  private boolean closed; // guarded by the gate
  private volatile AuditRecord.Head head;
  private volatile @Nullable TaperException lastFailure;

  // Known to the writer's thread only.
  private int unsigned;
  private Instant unsignedSince = Instant.MAX;
  private AuditRecord.@Nullable Head doubtful;
  private final List<Pending> again = new ArrayList<>();

  private AuditWriter(AuditLog.Builder builder, Runnable onNewFile) {
    this.onNewFile = onNewFile;
    this.sink = builder.sink;
    this.signer = builder.signer;
    this.clock = builder.clock;
    this.checkpointRecords = builder.checkpointRecords;
    this.checkpointInterval = builder.checkpointInterval;
    this.capacity = builder.capacity;
    this.failures = FailureLog.of(AuditLog.class, "the audit log", builder.clock);
    this.head = begin(MAX_MOVES);
    this.thread = DaemonThreads.named("taper-audit").newThread(this::run);
  }

  /**
   * Starts the thread.
   *
   * @param builder how
   * @param onNewFile is told when the log goes on in another file
   */
  static AuditWriter start(AuditLog.Builder builder, Runnable onNewFile) {
    try {
      AuditWriter writer = new AuditWriter(builder, onNewFile);
      writer.thread.start();
      return writer;
    } catch (RuntimeException e) {
      builder.sink.close();
      throw e;
    }
  }

  /** Continues what the sink holds, or begins, with a signature at once: a signer must work. */
  private AuditRecord.Head begin(int moves) {
    AuditRecord last = sink.last();
    AuditContent.LogRecovery recovery = sink.recovery();
    if (last != null && last.next() != null) {
      return beginFile(last.head(), recovery);
    }
    if (last != null && recovery == null) {
      unsigned = last.content() instanceof AuditContent.Checkpoint ? 0 : 1;
      unsignedSince = unsigned == 0 ? Instant.MAX : clock.instant();
      return last.head();
    }
    List<AuditRecord> records = new ArrayList<>();
    AuditRecord.Head end = last == null ? AuditRecord.Head.NONE : last.head();
    if (last == null) {
      records.add(next(end, new AuditContent.LogStart(clock.instant(), randomId())));
    }
    if (recovery != null) {
      AuditRecord.Head before = records.isEmpty() ? end : records.get(0).head();
      records.add(next(before, recovery));
    }
    records.add(
        AuditRecord.checkpoint(records.get(records.size() - 1).head(), clock.instant(), signer));
    try {
      sink.append(records);
    } catch (TaperException e) {
      if (moved(e) && moves > 1) {
        return begin(moves - 1);
      }
      throw e;
    }
    return records.get(records.size() - 1).head();
  }

  /**
   * Goes on in the next file, which the last record names.
   *
   * @param before the last record
   * @param recovery what a crash cut off in the new file, or null
   */
  private AuditRecord.Head beginFile(
      AuditRecord.Head before, AuditContent.@Nullable LogRecovery recovery) {
    AuditContent.LogStart start = sink.next();
    if (start == null) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT, "the audit log goes on in another file, which is not here");
    }
    sink.begin();
    List<AuditRecord> records = new ArrayList<>();
    records.add(next(before, start));
    if (recovery != null) {
      records.add(next(records.get(0).head(), recovery));
    }
    records.add(
        AuditRecord.checkpoint(records.get(records.size() - 1).head(), clock.instant(), signer));
    doubtful = records.get(records.size() - 1).head();
    sink.append(records);
    doubtful = null;
    onNewFile.run();
    return records.get(records.size() - 1).head();
  }

  /** Goes on in another file if this one is full. */
  private void turnPage() {
    AuditContent.LogStart start = sink.next();
    if (start == null) {
      return;
    }
    AuditRecord last = sink.last();
    if (last == null || last.next() == null) {
      AuditRecord closing = AuditRecord.checkpoint(head, clock.instant(), signer, start.file());
      doubtful = closing.head();
      sink.append(List.of(closing));
      doubtful = null;
      head = closing.head();
      unsigned = 0;
      unsignedSince = Instant.MAX;
    }
    head = beginFile(head, null);
  }

  private static AuditRecord next(AuditRecord.Head before, AuditContent content) {
    return AuditRecord.at(before, content, RecordWriter.halves(content));
  }

  private static String randomId() {
    byte[] id = new byte[LOG_ID_BYTES];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  AuditRecord.Head head() {
    return head;
  }

  Pending submit(AuditEvent event) {
    return offer(new Pending(event, false));
  }

  /** Takes a record that its author cannot withdraw, and that is tried again if writing fails. */
  Pending keep(AuditEvent event) {
    return offer(new Pending(event, true));
  }

  Pending checkpoint() {
    return offer(new Pending(null, false));
  }

  private Pending offer(Pending pending) {
    synchronized (gate) {
      if (closed) {
        throw unavailable("the audit log is closed", null);
      }
      if (waiting.size() >= capacity) {
        throw unavailable("as many records wait as the audit log holds", null);
      }
      waiting.add(pending);
    }
    return pending;
  }

  void close() {
    synchronized (gate) {
      if (!closed) {
        closed = true;
        waiting.add(closing); // the last: nothing enters behind it
      }
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the log is closed all the same, and the caller learns of it after
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    TaperException failure = lastFailure;
    lastFailure = null;
    if (failure != null) {
      throw failure;
    }
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    try {
      boolean more = true;
      while (more) {
        gather(batch);
        more = !batch.remove(closing);
        write(batch, !more);
        batch.clear();
      }
    } finally {
      synchronized (gate) {
        closed = true;
        batch.addAll(waiting);
        batch.forEach(left -> left.fail(unavailable("the audit log has ended", null)));
      }
      sink.close();
    }
  }

  /** Waits for a record, or for the time to sign the unsigned ones, or to try some again. */
  private void gather(List<Pending> batch) {
    try {
      Pending first =
          unsigned == 0 && again.isEmpty()
              ? waiting.take()
              : waiting.poll(checkpointInterval.toMillis(), TimeUnit.MILLISECONDS);
      batch.addAll(again);
      again.clear();
      if (first != null) {
        batch.add(first);
        waiting.drainTo(batch, MAX_BATCH - 1);
      }
    } catch (InterruptedException e) {
      batch.add(closing); // nobody but the end of the process interrupts this thread
    }
  }

  private void write(List<Pending> batch, boolean last) {
    batch.removeIf(pending -> !pending.take());
    try {
      settleDoubt();
      if (!batch.isEmpty()) {
        turnPage();
      }
      boolean asked = last; // whether its records are unsigned already, or of this batch
      for (Pending pending : batch) {
        asked |= pending.asksForCheckpoint();
      }
      store(batch, asked);
      for (Pending pending : batch) {
        pending.succeed(head);
      }
      lastFailure = null;
    } catch (RuntimeException e) {
      TaperException why =
          e instanceof TaperException taper ? taper : unavailable("the audit sink failed", e);
      lastFailure = why;
      failures.failed(e);
      for (Pending pending : batch) {
        pending.fail(why);
        if (pending.isKept() && again.size() < capacity) {
          again.add(pending);
        }
      }
    }
  }

  private void store(List<Pending> batch, boolean asked) {
    for (int moves = 1; ; moves++) {
      try {
        append(chain(batch), asked);
        return;
      } catch (TaperException e) {
        if (!moved(e) || moves == MAX_MOVES) {
          throw e;
        }
        doubtful = null; // nothing was stored
        AuditRecord last = sink.last();
        head = last == null ? AuditRecord.Head.NONE : last.head();
      }
    }
  }

  private static boolean moved(TaperException e) {
    return e.code() == ErrorCode.AUDIT_MOVED;
  }

  /** Gives the records their places; one that is too large is refused alone. */
  private List<AuditRecord> chain(List<Pending> batch) {
    List<AuditRecord> records = new ArrayList<>(batch.size() + 1);
    AuditRecord.Head end = head;
    for (Pending pending : batch) {
      AuditRecord record = pending.at(end);
      if (record != null) {
        records.add(record);
        end = record.head();
      }
    }
    return records;
  }

  private void append(List<AuditRecord> records, boolean asked) {
    AuditRecord.Head end = records.isEmpty() ? head : records.get(records.size() - 1).head();
    int newly = unsigned + records.size();
    Instant now = clock.instant();
    Instant since = unsigned == 0 ? now : unsignedSince;
    boolean due =
        newly >= checkpointRecords || !now.isBefore(since.plus(checkpointInterval)) || asked;
    if (due && newly > 0) {
      AuditRecord checkpoint = AuditRecord.checkpoint(end, now, signer);
      records.add(checkpoint);
      end = checkpoint.head();
      newly = 0;
    }
    if (records.isEmpty()) {
      return;
    }
    doubtful = end;
    sink.append(records);
    doubtful = null;
    head = end;
    unsigned = newly;
    unsignedSince = newly == 0 ? Instant.MAX : since;
  }

  /** Learns what became of records whose writing failed; none may be written before that. */
  private void settleDoubt() {
    AuditRecord.Head attempted = doubtful;
    if (attempted == null) {
      return;
    }
    AuditRecord last = sink.last();
    AuditRecord.Head found = last == null ? AuditRecord.Head.NONE : last.head();
    if (!sink.shared() && !found.equals(head) && !found.equals(attempted)) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT, "the audit log does not end where this writer left it");
    }
    if (!found.equals(head)) {
      // Their authors were told that they are not safe; that they are there does no harm.
      head = found;
      unsigned++;
      unsignedSince = clock.instant();
    }
    doubtful = null;
  }

  private static TaperException unavailable(String why, @Nullable Throwable cause) {
    return new TaperException(ErrorCode.AUDIT_UNAVAILABLE, why, cause);
  }
}
