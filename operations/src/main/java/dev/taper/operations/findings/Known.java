package dev.taper.operations.findings;

import java.util.Arrays;

/**
 * What somebody used before, as hashes: tools, or places. Holds {@link #MAX} at most; whoever used
 * more than that is too diverse for anything to be odd. For one thread.
 */
final class Known {
  /** The most that is known of somebody. */
  static final int MAX = 64;

  private long[] hashes = new long[4];
  private int size;
  private long calls;
  private long callsBefore;

  /** Takes one that is to be known from now on, as if it always had been. */
  void learn(long hash) {
    if (!contains(hash)) {
      add(hash);
    }
  }

  /**
   * Takes a use.
   *
   * @param first true if nothing new was counted lately, so that this would begin a series
   * @return true if it is new
   */
  boolean isNew(long hash, boolean first) {
    if (size == MAX || contains(hash)) {
      calls++;
      return false;
    }
    boolean isNew = size > 0; // something has to be the first
    add(hash);
    if (isNew && first) {
      callsBefore = calls;
    }
    calls = isNew ? 0 : calls + 1;
    return isNew;
  }

  /** How many calls there were, without anything new, before the new things that count. */
  long callsBefore() {
    return callsBefore;
  }

  private void add(long hash) {
    if (size == MAX) {
      return;
    }
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    hashes[size++] = hash;
  }

  private boolean contains(long hash) {
    for (int i = 0; i < size; i++) {
      if (hashes[i] == hash) {
        return true;
      }
    }
    return false;
  }
}
