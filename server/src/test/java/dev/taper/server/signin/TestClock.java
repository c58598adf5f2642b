package dev.taper.server.signin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes with the machine's, and further when a test says so. */
public final class TestClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  /** Goes on by a time. */
  public void pass(Duration time) {
    ahead = ahead.plus(time);
  }

  /** Goes with the machine's clock again. */
  public void reset() {
    ahead = Duration.ZERO;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(ahead);
  }
}
