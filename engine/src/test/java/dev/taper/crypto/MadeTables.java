package dev.taper.crypto;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for the thread that makes the tables of this process. */
public final class MadeTables {
  private static final int TRIES = 600;
  private static final long PAUSE_MILLIS = 100;

  private MadeTables() {}

  /** Waits until every wish so far was looked at: wishes are looked at in their order. */
  public static void await() {
    CountDownLatch done = new CountDownLatch(1);
    try {
      for (int i = 0; i < TRIES; i++) {
        KnownKeys.ofProcess().ask(done::countDown); // which is dropped if too many wait
        if (done.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the thread for tables does not come to an end");
  }
}
