package dev.taper.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Estimates, from above, how often each of any number of keys was used of late, in 16 KiB. Whoever
 * brings many new keys can only raise the estimates a little, and drives nothing out.
 *
 * <p>A count-min sketch that raises only the lowest counters of a key (Cormode, Muthukrishnan 2005;
 * Estan, Varghese 2002), whose counters are halved every now and then (Einziger, Friedman, Manes
 * 2017). The hash is universal under random factors (multiply-shift, Dietzfelbinger 1996), so
 * nobody can aim at a key's counters.
 *
 * <p>Thread-safe without locks: a race loses a use. A counter stops at {@link #MAX}, so a key in
 * steady use only reads what all threads share. To age, one use in 64 is counted, by chance.
 */
final class KeyUses {
  static final int MAX = 60;

  /** About how many uses lie between two halvings. */
  static final int PERIOD = 1 << 16;

  private static final int ROWS = 4;
  private static final int ROW_BITS = 12;
  private static final int SAMPLED = 64;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] counters = new byte[ROWS << ROW_BITS];
  private final AtomicInteger samples = new AtomicInteger();
  private final long[] factors;

  KeyUses(Random random) {
    factors = random.longs(Ed25519Field.BYTES / Integer.BYTES).map(x -> x | 1).toArray();
  }

  /**
   * Counts a use.
   *
   * @param key 32 bytes
   * @return the new estimate; 0 if it was the greatest possible before
   */
  int count(byte[] key) {
    age();
    long hash = hash(key);
    int before = estimate(hash);
    if (before >= MAX) {
      return 0;
    }
    for (int row = 0; row < ROWS; row++) {
      int at = index(hash, row);
      if (counters[at] == before) {
        counters[at] = (byte) (before + 1); // whoever else counts it now writes the same
      }
    }
    return before + 1;
  }

  /** The estimated uses of a key. */
  int estimate(byte[] key) {
    return estimate(hash(key));
  }

  private int estimate(long hash) {
    int least = MAX;
    for (int row = 0; row < ROWS; row++) {
      least = Math.min(least, counters[index(hash, row)]);
    }
    return least;
  }

  private static int index(long hash, int row) {
    int bits = (int) (hash >>> (Long.SIZE - ROW_BITS * (row + 1))) & ((1 << ROW_BITS) - 1);
    return row << ROW_BITS | bits;
  }

  private long hash(byte[] key) {
    long hash = 0;
    for (int i = 0; i < factors.length; i++) {
      hash += factors[i] * Integer.toUnsignedLong((int) INT.get(key, i * Integer.BYTES));
    }
    return hash;
  }

  private void age() {
    if (ThreadLocalRandom.current().nextInt(SAMPLED) == 0
        && samples.incrementAndGet() == PERIOD / SAMPLED) {
      for (int i = 0; i < counters.length; i++) {
        counters[i] >>= 1;
      }
      samples.set(0);
    }
  }
}
