package dev.taper.store;

import dev.taper.DaemonThreads;
import dev.taper.Deadline;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Threads that wait for a database so that its callers need not: as many as there are connections,
 * and a short queue before them. If all of them hang, callers are refused when their deadline
 * passes, and at once when the queue is full. A thread that hangs ends with the driver's own
 * time-outs. Thread-safe.
 */
final class Workers {
  private static final int WAITING = 256;
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final String database;
  private final ThreadPoolExecutor threads;

  Workers(String database, int count) {
    this.database = database;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING),
            DaemonThreads.named("taper-database"));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Waits for work until the deadline.
   *
   * @param work the work, which asks the supplier right before each attempt to commit, as {@link
   *     Caller#commits} says
   */
  <T> T within(Deadline deadline, Function<BooleanSupplier, T> work) {
    Caller<T> caller = new Caller<>(database, deadline);
    Runnable task = () -> run(caller, work);
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw caller.unavailable("has as many calls waiting as it may, or is closed", e);
    }
    try {
      return caller.await();
    } finally {
      if (caller.hasLeft()) {
        threads.remove(task);
      }
    }
  }

  private static <T> void run(Caller<T> caller, Function<BooleanSupplier, T> work) {
    try {
      caller.answer(caller.deadline().during(() -> work.apply(caller::commits)));
    } catch (RuntimeException | Error e) {
      caller.fail(e);
    }
  }

  /** Takes no more work; work under way ends with its connection. */
  void close() {
    threads.shutdown();
  }
}
