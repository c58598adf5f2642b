package dev.taper.operations.findings;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how many findings are told, of one delegator's authority and in all: whoever makes keys
 * for free could otherwise have one found of each. One thread's.
 */
final class TellingRate {
  private static final int BURST = 20;
  private static final long EACH = 180_000;
  private static final int BURST_OF_ALL = 200;
  private static final long EACH_OF_ALL = 10_000;
  private static final int MAX_SHARES = 1024;

  /** How many may be told now; time adds to it. */
  private static final class Bucket {
    private final int burst;
    private final long each;
    private double left;
    private long filled;

    Bucket(int burst, long each, long now) {
      this.burst = burst;
      this.each = each;
      this.left = burst;
      this.filled = now;
    }

    boolean has(long now) {
      left = Math.min(burst, left + Math.max(0, now - filled) / (double) each);
      filled = Math.max(filled, now);
      return left >= 1;
    }
  }

  private final Map<String, Bucket> shares = new LinkedHashMap<>(16, 0.75f, true);
  private final Bucket all = new Bucket(BURST_OF_ALL, EACH_OF_ALL, 0);
  private long omitted;

  boolean admits(String share, long now) {
    Bucket own = shares.computeIfAbsent(share, any -> new Bucket(BURST, EACH, now));
    if (shares.size() > MAX_SHARES) {
      Iterator<Bucket> oldest = shares.values().iterator();
      oldest.next();
      oldest.remove();
    }
    if (!own.has(now) || !all.has(now)) {
      omitted++;
      return false;
    }
    own.left--;
    all.left--;
    return true;
  }

  long omitted() {
    return omitted;
  }
}
