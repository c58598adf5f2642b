package dev.taper.assurance.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The clock of one machine, which somebody may have set wrong. For one thread. */
final class ProcessClock extends Clock {
  /** How much slower a clock goes that somebody sets back again and again. */
  static final int SLOWER = 32;

  private final WorldTime time;
  private Duration ahead;
  private @Nullable Instant slowSince;

  /**
   * A clock.
   *
   * @param ahead by how much it is ahead of the true time; negative if it is behind
   */
  ProcessClock(WorldTime time, Duration ahead) {
    this.time = time;
    this.ahead = ahead;
  }

  /** Sets it. */
  void set(Duration newAhead) {
    ahead = newAhead;
    slowSince = null;
  }

  /** True if somebody sets it back again and again. */
  boolean isSlow() {
    return slowSince != null;
  }

  /** Sets it back again and again from now on, so that it hardly gets on. */
  void slow() {
    set(Duration.between(time.now(), instant()));
    slowSince = time.now();
  }

  /** By how much it is ahead of the true time, in milliseconds. */
  long aheadMillis() {
    return Duration.between(time.now(), instant()).toMillis();
  }

  @Override
  public Instant instant() {
    Instant since = slowSince;
    Instant passed =
        since == null
            ? time.now()
            : since.plus(Duration.between(since, time.now()).dividedBy(SLOWER));
    return passed.plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this; // nothing here asks for dates
  }
}
