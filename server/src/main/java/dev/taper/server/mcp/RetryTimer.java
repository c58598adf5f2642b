package dev.taper.server.mcp;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What decides when something is tried again. Thread-safe. */
interface RetryTimer {
  /** Runs a task once, after a delay, on a thread that may wait. */
  void schedule(Runnable task, Duration delay);

  /** Nanoseconds that only go forward. */
  long nanoTime();

  /** A number of at least 0 and less than 1, another one each time. */
  double random();

  /** The timer of this process. */
  static RetryTimer system() {
    return new RetryTimer() {
      @Override
      public void schedule(Runnable task, Duration delay) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(task);
      }

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public double random() {
        return ThreadLocalRandom.current().nextDouble();
      }
    };
  }
}
