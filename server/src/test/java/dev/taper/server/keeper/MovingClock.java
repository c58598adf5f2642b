package dev.taper.server.keeper;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's time, and how much later a test says that it is. */
final class MovingClock extends Clock {
  private volatile Duration later = Duration.ZERO;

  void pass(Duration time) {
    later = later.plus(time);
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(later);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
