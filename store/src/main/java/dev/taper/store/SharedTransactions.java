package dev.taper.store;

import dev.taper.DaemonThreads;
import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Does short work of many callers in few transactions of an SQLite file: those who wait when it can
 * be written to share one, so that one write to the disk serves all of them. Each piece of work is
 * done or undone by itself, and each caller is answered when the transaction is on the disk. One
 * thread writes; callers wait no longer than their deadlines, whatever it does. Thread-safe.
 */
final class SharedTransactions {
  private static final int WAITING = 256;

  /** How many share a transaction, so that other processes need not wait long. */
  private static final int TOGETHER = 64;

  private static final Duration IDLE = Duration.ofSeconds(10);

  /** Other processes look for the file about three times in this time. */
  private static final Duration PAUSE = Duration.ofNanos(400_000);

  /**
   * What short work comes to.
   *
   * @param answer what the caller is told
   * @param counts whether what the work wrote counts, or is undone
   */
  record WorkResult<T>(T answer, boolean counts) {}

  private final String shown;
  private final SqliteTransactions file;
  private final BlockingQueue<Piece<?>> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicBoolean writes = new AtomicBoolean();
  private final ThreadPoolExecutor writer;

  SharedTransactions(String shown, SqliteTransactions file) {
    this.shown = shown;
    this.file = file;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("taper-database-writer"));
    writer.allowCoreThreadTimeOut(true);
  }

  /**
   * Waits for work until the deadline.
   *
   * @throws dev.taper.TaperException as {@link Database#transaction}
   */
  <T> T within(Deadline deadline, Database.Work<WorkResult<T>> work) {
    Caller<T> caller = new Caller<>(shown, deadline);
    if (!waiting.offer(new Piece<>(caller, work))) {
      throw caller.unavailable("has as many calls waiting as it may", null);
    }
    wake();
    return caller.await();
  }

  private void wake() {
    if (writes.get() || !writes.compareAndSet(false, true)) {
      return;
    }
    try {
      writer.execute(this::writeAll);
    } catch (RejectedExecutionException e) {
      cannotWrite("is closed", e);
    } catch (Error e) {
      cannotWrite("has no thread that writes", e);
    }
  }

  /** Without this, all later callers would wait for a thread that never was. */
  private void cannotWrite(String why, Throwable cause) {
    writes.set(false);
    failAll(new TaperException(ErrorCode.DATABASE_UNAVAILABLE, shown + " " + why, cause));
  }

  private void writeAll() {
    try {
      while (!waiting.isEmpty()) {
        write();
        if (!waiting.isEmpty()) {
          LockSupport.parkNanos(PAUSE.toNanos()); // other processes have their turn
        }
      }
    } finally {
      writes.set(false);
    }
    if (!waiting.isEmpty()) {
      wake(); // somebody came when it was known that this thread writes
    }
  }

  private void write() {
    waiting.removeIf(piece -> piece.caller.hasLeft());
    Deadline latest =
        waiting.stream()
            .map(piece -> piece.caller.deadline())
            .max(Comparator.comparing(Deadline::left))
            .orElse(null);
    if (latest == null) {
      return;
    }
    List<Piece<?>> pieces = new ArrayList<>();
    try {
      int count =
          file.write(
              latest,
              connection -> {
                waiting.drainTo(pieces, TOGETHER); // who came while the file was another's, too
                for (Piece<?> piece : pieces) {
                  piece.run(connection);
                }
                return pieces.size();
              });
      pieces.subList(0, count).forEach(Piece::tell);
    } catch (SQLException | RuntimeException | Error e) {
      boolean isTooLate = pieces.isEmpty() && latest.left().isZero(); // all of them know that
      if (!isTooLate) {
        Throwable why = e instanceof SQLException sql ? SqlFailures.exception(shown, sql) : e;
        pieces.forEach(piece -> piece.caller.fail(why));
        if (pieces.isEmpty()) {
          failAll(why);
        }
      }
    }
  }

  private void failAll(Throwable why) {
    List<Piece<?>> pieces = new ArrayList<>();
    int count = waiting.drainTo(pieces);
    pieces.subList(0, count).forEach(piece -> piece.caller.fail(why));
  }

  /** Takes no more work. */
  void close() {
    writer.shutdown();
  }

  /** The work of one caller. Used by the thread that writes. */
  private final class Piece<T> {
    final Caller<T> caller;
    private final Database.Work<WorkResult<T>> work;
    private @Nullable WorkResult<T> result;
    private @Nullable Exception failure;

    Piece(Caller<T> caller, Database.Work<WorkResult<T>> work) {
      this.caller = caller;
      this.work = work;
    }

    /**
     * Does the work, or leaves everything as it is.
     *
     * @throws SQLException if not even that can be done
     */
    void run(Connection connection) throws SQLException {
      if (caller.hasLeft()) {
        return;
      }
      SqliteTransactions.execute(connection, "SAVEPOINT piece");
      try {
        result = work.run(connection);
      } catch (SQLException | RuntimeException e) {
        failure = e;
      }
      if (result == null || !result.counts() || !caller.commits()) {
        undo(connection);
      }
      SqliteTransactions.execute(connection, "RELEASE piece");
    }

    private void undo(Connection connection) throws SQLException {
      try {
        SqliteTransactions.execute(connection, "ROLLBACK TO piece");
      } catch (SQLException e) {
        if (failure instanceof SQLException first) { // SQLite undid the whole transaction
          first.addSuppressed(e);
          throw first;
        }
        throw e;
      }
    }

    /** Tells the caller what became of it. */
    void tell() {
      if (failure instanceof SQLException sql) {
        caller.fail(SqlFailures.exception(shown, sql));
      } else if (failure != null) {
        caller.fail(failure);
      } else if (result != null) {
        caller.answer(result.answer());
      }
    }
  }
}
