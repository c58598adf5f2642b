package dev.taper.assurance.world;

import java.time.Duration;
import java.time.Instant;

/** The true time of a world, which passes only where something lets it. For one thread. */
final class WorldTime {
  /** When every world begins. */
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private long nanos;

  /** Lets time pass. */
  void pass(Duration some) {
    nanos += some.toNanos();
  }

  /** Nanoseconds since noon, as processes measure time: nobody sets them. */
  long nanos() {
    return nanos;
  }

  /** Milliseconds since noon. */
  long millis() {
    return Duration.ofNanos(nanos).toMillis();
  }

  /** Another time, in milliseconds since noon. */
  static long millis(Instant other) {
    return Math.floorDiv(Duration.between(NOON, other).toNanos(), 1_000_000L);
  }

  /** What a correct clock shows. */
  Instant now() {
    return NOON.plusNanos(nanos);
  }
}
