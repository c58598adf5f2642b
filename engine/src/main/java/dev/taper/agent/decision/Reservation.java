package dev.taper.agent.decision;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * What an allowed call took: parts of budgets, and uses of approvals. It counts as used unless the
 * service says in time that it never entered the call, so an exception, a time-out and an unknown
 * outcome all count. Closing it needs nothing else, and it closes by itself after {@link #LASTS}.
 * Thread-safe.
 *
 * <pre>{@code
 * try (Reservation taken = allowed.reservation()) {
 *   if (!queue.accepts(call)) {
 *     taken.giveBack();
 *     return;
 *   }
 *   handle(call);
 * }
 * }</pre>
 */
public final class Reservation implements AutoCloseable {
  /** How long after the decision something can be given back. */
  public static final Duration LASTS = Duration.ofHours(1);

  private final Runnable release;
  private final LongSupplier ticker;
  private final long start;
  private final AtomicBoolean done = new AtomicBoolean();

  Reservation(Runnable release) {
    this(release, System::nanoTime);
  }

  /**
   * Reserves from now on.
   *
   * @param release gives back
   * @param ticker nanoseconds that never go back
   */
  Reservation(Runnable release, LongSupplier ticker) {
    this.release = release;
    this.ticker = ticker;
    this.start = ticker.getAsLong();
  }

  /**
   * Gives back what was taken, because the call's handler was never entered; only the first time,
   * and not after {@link #close}. The proof stays used. What a store cannot give back just now
   * stays used, too.
   */
  public void giveBack() {
    if (done.compareAndSet(false, true) && ticker.getAsLong() - start <= LASTS.toNanos()) {
      release.run();
    }
  }

  /** Lets everything count. */
  @Override
  public void close() {
    done.set(true);
  }
}
