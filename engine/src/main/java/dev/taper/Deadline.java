package dev.taper;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When the caller of this thread gives up waiting. A verifier sets one for every decision; whatever
 * stands behind the decision and may wait (a store of approvals, a listener, a look-up in a
 * database) asks for {@link #current} and waits no longer than what is {@linkplain #left left}. It
 * belongs to the thread: who goes on in another one takes it along. Immutable and thread-safe.
 */
public final class Deadline {
  private static final ThreadLocal<@Nullable Deadline> CURRENT = new ThreadLocal<>();

  private final long end;
  private final LongSupplier ticker;

  private Deadline(long end, LongSupplier ticker) {
    this.end = end;
    this.ticker = ticker;
  }

  /** A deadline so long from now. */
  public static Deadline in(Duration time) {
    return in(time, System::nanoTime);
  }

  /**
   * A deadline so long from now by another watch, for tests.
   *
   * @param time how long
   * @param ticker nanoseconds that only go forward, as {@link System#nanoTime}
   */
  public static Deadline in(Duration time, LongSupplier ticker) {
    return new Deadline(ticker.getAsLong() + time.toNanos(), ticker);
  }

  /** The deadline of this thread; null if nobody set one, so that the usual patience holds. */
  public static @Nullable Deadline current() {
    return CURRENT.get();
  }

  /** A deadline that is earlier by so much. */
  public Deadline earlierBy(Duration time) {
    return new Deadline(end - time.toNanos(), ticker);
  }

  /** The same, or if less than this is left, so long from now. */
  public Deadline butAtLeast(Duration time) {
    return left().compareTo(time) >= 0 ? this : in(time, ticker);
  }

  /** How long is left; zero when it has passed. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, end - ticker.getAsLong()));
  }

  /**
   * Does work under this deadline, in this thread. Nobody interrupts the work: it ends when it
   * looks at the deadline.
   *
   * @return what the work returns
   */
  public <T extends @Nullable Object> T during(Supplier<T> work) {
    Deadline before = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }
}
