package dev.taper.agent.memory;

import java.security.SecureRandom;

/**
 * Spreads ids of 128 bits over the places of a table. Whoever chooses ids must not be able to
 * choose many for one place, so places depend on a secret.
 */
interface IdHash {
  /** The hash of an id: all of its bits are as good. */
  int of(long high, long low);

  /**
   * Makes a hash with a secret of its own. For any two ids that are chosen without knowing it, the
   * chance that k given bits of their hashes agree is one in 2 to the k: it is multilinear over
   * pieces of 32 bits (Lemire and Kaser, "Strongly universal string hashing is fast", 2014). What
   * is mixed behind that, one to one, keeps this, and spreads ids that follow each other too.
   */
  static IdHash secret() {
    SecureRandom random = new SecureRandom();
    long start = random.nextLong();
    long first = random.nextLong();
    long second = random.nextLong();
    long third = random.nextLong();
    long fourth = random.nextLong();
    return (high, low) -> {
      long sum =
          start
              + first * (high >>> Integer.SIZE)
              + second * Integer.toUnsignedLong((int) high)
              + third * (low >>> Integer.SIZE)
              + fourth * Integer.toUnsignedLong((int) low);
      return mixed(mixed((int) (sum >>> Integer.SIZE)));
    };
  }

  private static int mixed(int hash) {
    int odd = 0x9E3779B1; // 2 to the 32 by the golden ratio
    int product = (hash ^ (hash >>> 16)) * odd;
    return product ^ (product >>> 15);
  }
}
