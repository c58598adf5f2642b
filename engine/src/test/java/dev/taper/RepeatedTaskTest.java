package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.testing.Await;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepeatedTaskTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);

  private final FailureLog failures =
      FailureLog.of(RepeatedTaskTest.class, "the work", Clock.systemUTC());

  @Test
  void run_throwsAnything_isLoggedAndDoneAgain() throws Exception {
    Throwable[] thrown = {
      new IOException("one"), new IllegalStateException("two"), new StackOverflowError("three")
    };
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(thrown.length + 2);
    RepeatedTask task =
        RepeatedTask.start(
            "work",
            SOON,
            failures,
            () -> {
              all.countDown();
              int run = runs.getAndIncrement();
              if (run < thrown.length) {
                RepeatedTaskTest.<RuntimeException>rethrow(thrown[run]);
              }
            });
    Await.down(all);
    task.close();
    assertThat(Objects.requireNonNull(failures.last()).reason()).contains("StackOverflowError");
  }

  /** A timer drops work that throws, without a word. */
  @Test
  void run_itsFailureCannotBeLogged_isDoneAgain() throws Exception {
    InstantSource noTime =
        () -> {
          throw new IllegalStateException("no time");
        };
    FailureLog broken =
        FailureLog.of(RepeatedTaskTest.class, "the work", noTime.withZone(ZoneOffset.UTC));
    CountDownLatch runs = new CountDownLatch(3);
    RepeatedTask task =
        RepeatedTask.start(
            "work",
            SOON,
            broken,
            () -> {
              runs.countDown();
              throw new IOException("one");
            });
    Await.down(runs);
    task.close();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void thread_isADaemonOfItsName() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    Thread[] thread = new Thread[1];
    RepeatedTask task =
        RepeatedTask.start(
            "its name",
            NEVER,
            failures,
            () -> {
              thread[0] = Thread.currentThread();
              ran.countDown();
            });
    Await.down(ran);
    task.close();
    assertThat(thread[0].isDaemon()).isTrue();
    assertThat(thread[0].getName()).isEqualTo("its name");
    thread[0].join(60_000);
    assertThat(thread[0].isAlive()).isFalse();
  }

  @Test
  void close_interruptsTheRun() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    RepeatedTask task =
        RepeatedTask.start(
            "work",
            SOON,
            failures,
            () -> {
              runs.countDown();
              try {
                TimeUnit.HOURS.sleep(1);
              } finally {
                interrupted.countDown();
              }
            });
    Await.down(runs);
    task.close();
    Await.down(interrupted);
    assertThat(failures.last()).as("nothing failed").isNull();
    assertThatThrownBy(task::runSoon).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void finish_letsTheRunComeToItsEnd() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch finished = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    RepeatedTask task =
        RepeatedTask.start(
            "work",
            SOON,
            failures,
            () -> {
              runs.countDown();
              finished.await();
              ended.countDown();
            });
    Await.down(runs);
    task.finish();
    finished.countDown();
    Await.down(ended);
    assertThat(failures.last()).isNull();
  }

  @Test
  void runSoon_doesNotWaitForThePause() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    try (RepeatedTask task = RepeatedTask.startLater("work", NEVER, failures, twice::countDown)) {
      task.runSoon();
      task.runSoon();
      Await.down(twice);
    }
  }

  @Test
  void close_onATimerOfOthers_leavesItToThem() throws Exception {
    ScheduledThreadPoolExecutor timer = DaemonThreads.timer("timer");
    CountDownLatch ran = new CountDownLatch(1);
    RepeatedTask task = RepeatedTask.startLater(timer, SOON, failures, ran::countDown);
    Await.down(ran);
    task.close();
    assertThat(timer.getQueue()).isEmpty();
    CountDownLatch others = new CountDownLatch(1);
    timer.execute(others::countDown);
    Await.down(others);
    timer.shutdownNow();
  }
}
