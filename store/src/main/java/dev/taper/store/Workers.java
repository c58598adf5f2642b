package dev.taper.store;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait for a database so that its callers need not: as many as there are connections,
 * and a short queue before them. If all of them hang, callers are refused when their deadline
 * passes, and at once when the queue is full. A thread that hangs ends with the driver's own
 * time-outs. Thread-safe.
 */
final class Workers {
  private static final int WAITING = 256;
  private static final Duration IDLE = Duration.ofSeconds(10);

  /** The state of work. */
  private enum State {
    /** Its caller waits, and nothing was committed. */
    OPEN,
    /** It commits, perhaps for a second time. */
    COMMITS,
    /** Its caller went away; no further commit counts. */
    LEFT
  }

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
            work -> {
              Thread thread = new Thread(work, "taper-database");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Waits for work until the deadline.
   *
   * @param work the work, which asks the supplier right before each attempt to commit: true if the
   *     commit may still count, false if the caller went away
   */
  <T> T within(Deadline deadline, Function<BooleanSupplier, T> work) {
    Duration left = deadline.left();
    if (left.isZero()) {
      throw unavailable("was asked when there was no time left", null);
    }
    AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    FutureTask<T> task =
        new FutureTask<>(() -> deadline.during(() -> work.apply(() -> commits(state))));
    try {
      threads.execute(task);
      return task.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw unavailable("has as many calls waiting as it may, or is closed", e);
    } catch (TimeoutException e) {
      boolean undone = state.getAndSet(State.LEFT) == State.OPEN;
      threads.remove(task);
      throw unavailable(
          undone ? "did not answer in time" : "did not say in time that it is done", e);
    } catch (InterruptedException e) {
      state.set(State.LEFT);
      threads.remove(task);
      Thread.currentThread().interrupt();
      throw unavailable("was waited for by a thread that was interrupted", e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  /**
   * True if a commit may count; one that collided is tried again, and counts as the first would
   * have.
   */
  private static boolean commits(AtomicReference<State> state) {
    return state.compareAndSet(State.OPEN, State.COMMITS) || state.get() == State.COMMITS;
  }

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof TaperException why) {
      // The exception has the caller's stack, and the worker's as its cause.
      return new TaperException(why.code(), String.valueOf(why.getMessage()), why);
    } else if (e.getCause() instanceof RuntimeException why) {
      return why;
    } else if (e.getCause() instanceof Error why) {
      throw why;
    }
    return new IllegalStateException(e.getCause());
  }

  private TaperException unavailable(String what, @Nullable Exception cause) {
    return new TaperException(ErrorCode.DATABASE_UNAVAILABLE, database + " " + what, cause);
  }

  /** Takes no more work; work under way ends with its connection. */
  void close() {
    threads.shutdown();
  }
}
