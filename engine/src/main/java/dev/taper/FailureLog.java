package dev.taper;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator why things of one kind fail, without a flood of lines: it writes the first
 * failure at once, then at most one line in {@link #INTERVAL} that counts the others. Remembers the
 * last failure. Thread-safe.
 */
public final class FailureLog {
  /** The least time between two lines. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  /**
   * A failure.
   *
   * @param kind what failed
   * @param reason why, with its causes, as {@link Causes#reason} says it
   * @param at when
   */
  public record Failure(String kind, String reason, Instant at) {}

  private final Logger log;
  private final String kind;
  private final Clock clock;
  private final LongSupplier ticker;
  // Guarded by this.
  private @Nullable Failure last;
  private long unsaid;
  private long saidAt;
  private boolean said;

  private FailureLog(Logger log, String kind, Clock clock, LongSupplier ticker) {
    this.log = log;
    this.kind = kind;
    this.clock = clock;
    this.ticker = ticker;
  }

  /**
   * Makes a log for failures of one kind.
   *
   * @param owner whose logger writes the lines
   * @param kind what fails, at the head of every line
   * @param clock what time it is
   */
  public static FailureLog of(Class<?> owner, String kind, Clock clock) {
    return of(owner, kind, clock, System::nanoTime);
  }

  /**
   * Makes a log with another watch, for tests.
   *
   * @param ticker nanoseconds that only go forward
   */
  public static FailureLog of(Class<?> owner, String kind, Clock clock, LongSupplier ticker) {
    return of(LoggerFactory.getLogger(owner), kind, clock, ticker);
  }

  static FailureLog of(Logger log, String kind, Clock clock, LongSupplier ticker) {
    return new FailureLog(log, kind, clock, ticker);
  }

  /** Takes note of a failure, and logs it unless one was logged within {@link #INTERVAL}. */
  public void failed(Throwable failure) {
    Failure now = new Failure(kind, Causes.reason(failure), clock.instant());
    long others;
    synchronized (this) {
      last = now;
      long tick = ticker.getAsLong();
      if (said && tick - saidAt < INTERVAL.toNanos()) {
        unsaid++;
        return;
      }
      said = true;
      saidAt = tick;
      others = unsaid;
      unsaid = 0;
    }
    if (others == 0) {
      log.warn("{} failed: {}", kind, now.reason());
    } else {
      log.warn("{} failed: {} (and {} times since the last line)", kind, now.reason(), others);
    }
  }

  /** The last failure; null if there was none. */
  public synchronized @Nullable Failure last() {
    return last;
  }
}
