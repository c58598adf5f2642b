package dev.taper.agent;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an allowed call took: parts of budgets, and uses of approvals. It counts as used unless the
 * service says that it never began the call, so an exception, a time-out and an unknown outcome all
 * count. Closing it needs nothing else. Thread-safe.
 *
 * <pre>{@code
 * try (Reservation taken = allowed.reservation()) {
 *   if (!queue.accepts(call)) {
 *     taken.neverBegun();
 *     return;
 *   }
 *   handle(call);
 * }
 * }</pre>
 */
public final class Reservation implements AutoCloseable {
  private final Runnable release;
  private final AtomicBoolean done = new AtomicBoolean();

  Reservation(Runnable release) {
    this.release = release;
  }

  /**
   * Gives back what was taken, because the call was never begun; only the first time, and not after
   * {@link #close}. The proof stays used. What a store cannot give back just now stays used, too.
   */
  public void neverBegun() {
    if (done.compareAndSet(false, true)) {
      release.run();
    }
  }

  /** Lets everything count. */
  @Override
  public void close() {
    done.set(true);
  }
}
