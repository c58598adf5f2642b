package dev.taper.crypto;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that makes tables, one after the other: so no call waits for one, and they take one
 * processor at most. It ends when it has nothing to do.
 */
final class TableThread {
  /** How many wishes wait at most; more are dropped. */
  static final int MAX_WAITING = 64;

  private static final Duration IDLE = Duration.ofSeconds(5);

  private TableThread() {}

  /** Work that nobody asks for again: it takes the place of what has waited longest. */
  interface Needed extends Runnable {}

  static Executor make() {
    return make(IDLE);
  }

  /** Makes one that ends when it had nothing to do for so long. */
  static Executor make(Duration idle) {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            idle.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            TableThread::thread,
            TableThread::tooMany);
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  /** A wish is dropped: the key is tried again when it is used again. */
  private static void tooMany(Runnable work, ThreadPoolExecutor executor) {
    if (work instanceof Needed) {
      executor.getQueue().poll();
      executor.execute(work);
    }
  }

  /** It may live long, so it keeps nothing of the call for which it was started. */
  private static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "taper-known-keys", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null); // it would outlive the application of a server
    return thread;
  }
}
