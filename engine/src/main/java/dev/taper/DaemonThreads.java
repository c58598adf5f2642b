package dev.taper;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/** Threads beside those that call: with a name, and none keeps the process alive. Thread-safe. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** Makes threads that are not started. */
  public static ThreadFactory named(String name) {
    Given.that(name, "the name of a thread");
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Starts a thread. */
  public static Thread start(String name, Runnable work) {
    Thread thread = named(name).newThread(work);
    thread.start();
    return thread;
  }

  /**
   * Makes a timer with one thread. A task that is cancelled leaves nothing behind, and one that
   * throws ends alone; work that has to be done again uses a {@link RepeatedTask}.
   */
  public static ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named(name));
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
