package dev.taper.agent.decision;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the jumps of a clock in the log, because what follows them names everything but the clock:
 * tokens end, proofs are from the future, lists are stale. A clock jumps if it goes further, or
 * less far, between two looks than the machine's own ticks, which nobody can set. A machine that
 * slept looks the same. Thread-safe.
 */
final class ClockWatch {
  /** Less is how clocks are kept right. */
  static final Duration LEAST = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Clock clock;
  private final LongSupplier ticker;
  private long shown; // guarded by this
  private long ticks; // guarded by this

  /**
   * Takes a first look.
   *
   * @param clock what is watched
   * @param ticker nanoseconds that only go forward
   */
  ClockWatch(Clock clock, LongSupplier ticker) {
    this.clock = clock;
    this.ticker = ticker;
    this.shown = clock.millis();
    this.ticks = ticker.getAsLong();
  }

  /**
   * Looks at the clock.
   *
   * @return what the log now says; null if the clock did not jump since the look before
   */
  synchronized @Nullable String look() {
    long now = clock.millis();
    long tick = ticker.getAsLong();
    long due = shown + (tick - ticks) / NANOS_PER_MILLI;
    shown = now;
    ticks = tick;
    Duration jump = Duration.ofMillis(now - due);
    if (jump.abs().compareTo(LEAST) < 0) {
      return null;
    }
    String words =
        "the clock jumped "
            + (jump.isNegative() ? "back" : "ahead")
            + " by "
            + jump.abs().toSeconds()
            + " s: it shows "
            + seconds(now)
            + ", and "
            + seconds(due)
            + " was due; tokens, proofs, approvals and lists are judged by it";
    LOG.warn("{}", words);
    return words;
  }

  private static Instant seconds(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
  }
}
