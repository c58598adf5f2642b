package dev.taper;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Work that is done again and again beside all else, such as a look at a file. This is the place
 * that catches what such work throws, errors too: the log says so, at most one line in {@link
 * FailureLog#INTERVAL}, and the work is done again after the pause. Thread-safe.
 */
public final class RepeatedTask implements AutoCloseable {
  /** What is done again and again. */
  public interface Work {
    /**
     * Does it once.
     *
     * @throws Exception any; it is logged
     */
    void run() throws Exception;
  }

  private final ScheduledExecutorService timer;
  private final boolean isOwn;
  private final Runnable once;
  private final Future<?> runs;

  private RepeatedTask(
      ScheduledExecutorService timer,
      boolean isOwn,
      Duration first,
      Duration pause,
      FailureLog failures,
      Work work) {
    this.timer = timer;
    this.isOwn = isOwn;
    this.once = () -> run(Given.that(work, "the work"), failures);
    this.runs =
        timer.scheduleWithFixedDelay(
            once, first.toNanos(), Math.max(1, pause.toNanos()), TimeUnit.NANOSECONDS);
  }

  /**
   * Starts at once, on a daemon thread of its own.
   *
   * @param thread the name of the thread
   * @param pause the time between the end of one run and the start of the next
   * @param failures is told what a run throws
   */
  public static RepeatedTask start(String thread, Duration pause, FailureLog failures, Work work) {
    return new RepeatedTask(
        DaemonThreads.timer(thread), true, Duration.ZERO, pause, failures, work);
  }

  /** Starts after the first pause, and otherwise as {@link #start}. */
  public static RepeatedTask startLater(
      String thread, Duration pause, FailureLog failures, Work work) {
    return new RepeatedTask(DaemonThreads.timer(thread), true, pause, pause, failures, work);
  }

  /**
   * Starts after the first pause, on a timer that others use as well, so that the work must be
   * short. Ends with the timer.
   */
  public static RepeatedTask startLater(
      ScheduledExecutorService timer, Duration pause, FailureLog failures, Work work) {
    return new RepeatedTask(timer, false, pause, pause, failures, work);
  }

  private static void run(Work work, FailureLog failures) {
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it was closed
    } catch (Exception | Error e) {
      report(e, failures);
    }
  }

  private static void report(Throwable why, FailureLog failures) {
    try {
      failures.failed(why);
    } catch (RuntimeException | Error e) {
      // A log that fails must not end the work: a timer drops what throws.
    }
  }

  /**
   * Does the work once more, as soon as the thread has time.
   *
   * @throws java.util.concurrent.RejectedExecutionException if this is closed
   */
  public void runSoon() {
    timer.execute(once);
  }

  /** Begins no other run; one that is under way comes to its end. */
  public void finish() {
    end(false);
  }

  /** Begins no other run, and interrupts one that is under way. */
  @Override
  public void close() {
    end(true);
  }

  private void end(boolean interrupts) {
    runs.cancel(interrupts);
    if (isOwn && interrupts) {
      timer.shutdownNow();
    } else if (isOwn) {
      timer.shutdown();
    }
  }
}
