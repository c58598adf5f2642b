package dev.taper.testvectors.profile;

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

  /** A number from the first to the last. */
  int between(int first, int last) {
    return first + below(last - first + 1);
  }

  /** True in so many of a hundred cases. */
  boolean percent(int cases) {
    return below(100) < cases;
  }

  /** One of several. */
  <T> T of(List<T> several) {
    return several.get(below(several.size()));
  }

  /** One of several. */
  @SafeVarargs
  final <T> T of(T... several) {
    return several[below(several.length)];
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
