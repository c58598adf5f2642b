package dev.taper;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which the caller of this thread gives up waiting. A verifier sets one for every
 * decision. Anything behind the decision that may wait (a store of approvals, a listener, a look-up
 * in a database) asks for {@link #current} and waits no longer than what is {@linkplain #left
 * left}. It belongs to the thread: work that goes on in another thread must take it along.
 * Thread-safe.
 */
public final class Deadline {
  private static final ThreadLocal<@Nullable Deadline> CURRENT = new ThreadLocal<>();

  private final LongSupplier end;
  private final LongSupplier ticker;

  private Deadline(LongSupplier end, LongSupplier ticker) {
    this.end = end;
    this.ticker = ticker;
  }

  /** Makes a deadline that lies this long from now. */
  public static Deadline in(Duration time) {
    return in(time, System::nanoTime);
  }

  /**
   * Makes a deadline that lies this long from now by another watch, for tests.
   *
   * @param time how long from now
   * @param ticker nanoseconds that only go forward, as {@link System#nanoTime}
   */
  public static Deadline in(Duration time, LongSupplier ticker) {
    long end = ticker.getAsLong() + time.toNanos();
    return new Deadline(() -> end, ticker);
  }

  /**
   * Makes a deadline that lies this long from when somebody first asks how much is left, by another
   * watch, for tests.
   *
   * @param time how long from then
   * @param ticker nanoseconds that only go forward, as {@link System#nanoTime}
   */
  public static Deadline fromFirstUse(Duration time, LongSupplier ticker) {
    AtomicReference<@Nullable Long> end = new AtomicReference<>();
    return new Deadline(
        () -> {
          Long known = end.get();
          if (known == null) {
            end.compareAndSet(null, ticker.getAsLong() + time.toNanos());
            known = Objects.requireNonNull(end.get());
          }
          return known;
        },
        ticker);
  }

  /**
   * Returns the deadline of this thread; null if nobody set one, and the usual time limits hold.
   */
  public static @Nullable Deadline current() {
    return CURRENT.get();
  }

  /** Returns a deadline that is earlier by this much. */
  public Deadline earlierBy(Duration time) {
    long nanos = time.toNanos();
    return new Deadline(() -> end.getAsLong() - nanos, ticker);
  }

  /** Returns this deadline, or one that lies this long from now if less time is left. */
  public Deadline butAtLeast(Duration time) {
    return left().compareTo(time) >= 0 ? this : in(time, ticker);
  }

  /** Returns the time that is left; zero when the deadline has passed. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, end.getAsLong() - ticker.getAsLong()));
  }

  /**
   * Does work under this deadline, in this thread. Nothing interrupts the work: it ends when it
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
