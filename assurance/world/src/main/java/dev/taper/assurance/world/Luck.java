package dev.taper.assurance.world;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** All that is left to chance, from a seed. For one thread. */
final class Luck {
  private final SplittableRandom random;

  Luck(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A number from 0 to below the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number of all. */
  long any() {
    return random.nextLong();
  }

  /** True in so many of a hundred cases. */
  boolean percent(int cases) {
    return below(100) < cases;
  }

  /** A time from nothing to below the bound, in whole milliseconds. */
  Duration upTo(Duration bound) {
    return Duration.ofMillis(random.nextLong(bound.toMillis()));
  }

  /** One of several. */
  <T> T of(List<T> several) {
    return several.get(below(several.size()));
  }

  /** A number from 0 to below the bound, of which small ones come much more often. */
  int mostlySmall(int bound) {
    double third = random.nextDouble();
    return (int) (bound * third * third * third);
  }

  /** 32 bytes. */
  byte[] secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return bytes;
  }
}
