package dev.taper.testing;

/** Measures the heap that is in use, when what cleans up behind the collector has come to rest. */
public final class UsedHeap {
  private static final int ROUNDS = 100;
  private static final int QUIET_ROUNDS = 4;
  private static final long QUIET_BYTES = 8 * 1024;

  private UsedHeap() {}

  /**
   * Collects until some rounds in a row free nothing more. Signatures of the native library are
   * freed by a thread of its own, and only then what they hold.
   */
  public static long bytes() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    int quiet = 0;
    for (int round = 0; round < ROUNDS && quiet < QUIET_ROUNDS; round++) {
      System.gc();
      long now = runtime.totalMemory() - runtime.freeMemory();
      quiet = used - now < QUIET_BYTES ? quiet + 1 : 0;
      used = Math.min(used, now);
      Thread.sleep(5);
    }
    return used;
  }
}
