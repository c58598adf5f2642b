package dev.taper.store;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits, until a deadline, for what another thread does in a database. Either the
 * commit counts or the caller has gone away first, never both. Thread-safe.
 */
final class Caller<T> {
  /** What is known of the work. */
  private enum State {
    /** Its caller waits, and nothing was committed. */
    OPEN,
    /** It commits, perhaps for a second time. */
    COMMITS,
    /** Its caller went away; no further commit counts. */
    LEFT
  }

  private final String database;
  private final Deadline deadline;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private final CompletableFuture<T> answer = new CompletableFuture<>();

  /**
   * Somebody who has not asked yet.
   *
   * @param database how the database is shown
   * @param deadline until when it waits
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if that has passed
   */
  Caller(String database, Deadline deadline) {
    this.database = database;
    this.deadline = deadline;
    if (deadline.left().isZero()) {
      throw unavailable("was asked when there was no time left", null);
    }
  }

  Deadline deadline() {
    return deadline;
  }

  /** True if nobody waits any more. */
  boolean hasLeft() {
    return state.get() == State.LEFT;
  }

  /**
   * Asked right before each attempt to commit: true if the commit may count, false if the caller
   * went away. A commit that collided is tried again, and counts as the first would have.
   */
  boolean commits() {
    return state.compareAndSet(State.OPEN, State.COMMITS) || state.get() == State.COMMITS;
  }

  void answer(T result) {
    answer.complete(result);
  }

  void fail(Throwable why) {
    answer.completeExceptionally(why);
  }

  /**
   * Waits for the answer.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if there is none in time; or
   *     whatever the work failed with
   */
  T await() {
    try {
      return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      boolean undone = state.getAndSet(State.LEFT) == State.OPEN;
      throw unavailable(
          undone ? "did not answer in time" : "did not say in time that it is done", e);
    } catch (InterruptedException e) {
      state.set(State.LEFT);
      Thread.currentThread().interrupt();
      throw unavailable("was waited for by a thread that was interrupted", e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
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

  /** Says that there is no answer. */
  TaperException unavailable(String what, @Nullable Exception cause) {
    return new TaperException(ErrorCode.DATABASE_UNAVAILABLE, database + " " + what, cause);
  }
}
