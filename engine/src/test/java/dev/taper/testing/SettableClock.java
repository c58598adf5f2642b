package dev.taper.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until a test sets it. Thread-safe. */
public final class SettableClock extends Clock {
  private volatile Instant now;

  /**
   * Makes a clock.
   *
   * @param start where it stands first
   */
  public SettableClock(Instant start) {
    now = start;
  }

  /** Sets it. */
  public void set(Instant instant) {
    now = instant;
  }

  /** Moves it on. */
  public void forward(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public Instant instant() {
    return now;
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
