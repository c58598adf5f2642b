package dev.taper.server.process;

import dev.taper.DaemonThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process from its start to its clean stop: everything that it opened is closed once, the last
 * first, on a signal, when a role ends by itself, or when the start fails. A signal first says that
 * no more calls should come, perhaps for a while, and only then closes. Thread-safe.
 */
public final class Running implements AutoCloseable {
  /** How long everything may take to close after a signal, before the process ends anyway. */
  static final Duration GRACE = Duration.ofSeconds(20);

  /** After how long another signal is another wish. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** A signal's exit code is its number and this, as shells have it. */
  private static final int BY_SIGNAL = 128;

  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final Deque<AutoCloseable> resources = new ArrayDeque<>(); // guarded by this
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch noticed = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<@Nullable Long> first = new AtomicReference<>(); // signal, when
  private final Duration notice;

  private Running(Duration notice) {
    this.notice = notice;
  }

  /** A process that SIGTERM, SIGINT and SIGHUP stop. */
  public static Running stoppedBySignals() {
    return stoppedBySignals(Duration.ZERO);
  }

  /**
   * A process that SIGTERM, SIGINT and SIGHUP stop. It ends by itself, with its own exit code, as
   * soon as everything is closed; a later signal, or too much time, ends it at once with that of a
   * signal.
   *
   * @param notice how long it goes on before it closes anything, while it {@link #isDraining}
   */
  public static Running stoppedBySignals(Duration notice) {
    Running running = new Running(notice);
    boolean isHandled = true;
    for (String name : List.of("TERM", "INT", "HUP")) {
      isHandled &= Signals.handle(name, running::signalled);
    }
    if (!isHandled) { // then the JVM ends by itself, with its own exit code
      Runtime.getRuntime().addShutdownHook(new Thread(running::stopAndWait, "stop"));
    }
    return running;
  }

  /** A process, or a part of one, that nothing but its owner stops. */
  public static Running stoppedByHand() {
    return new Running(Duration.ZERO);
  }

  private void stopAndWait() {
    asked.countDown();
    endIfLate(BY_SIGNAL);
  }

  private void signalled(int number) {
    int exit = BY_SIGNAL + number;
    long now = System.nanoTime();
    if (!first.compareAndSet(null, now)) {
      Long before = first.get();
      if (before != null && now - before > AGAIN.toNanos()) {
        Runtime.getRuntime().halt(exit); // whoever asks again does not want to wait
      }
      return; // a terminal and a launcher both pass on what was meant once
    }
    asked.countDown();
    Thread unused = DaemonThreads.start("stop", () -> endIfLate(exit));
  }

  private void endIfLate(int exit) {
    try {
      Duration longest = notice.plus(GRACE);
      if (!closed.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("stopped with work left over");
        Runtime.getRuntime().halt(exit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True from the moment when the stop is asked for: no more calls should be sent here. */
  public boolean isDraining() {
    return asked.getCount() == 0;
  }

  /** Takes over what is to be closed after everything else, such as what says how it goes. */
  public synchronized <T extends AutoCloseable> T closingLast(T resource) {
    resources.addLast(resource);
    return resource;
  }

  /** Takes over what is to be closed in the end. */
  public synchronized <T extends AutoCloseable> T closing(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Asks for the stop, without notice; returns at once. */
  public void stop() {
    noticed.countDown();
    asked.countDown();
  }

  /** Waits until the stop is asked for and the time of notice is over, then closes everything. */
  public void await() throws InterruptedException {
    try {
      asked.await();
      boolean unused = noticed.await(notice.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      close();
    }
  }

  /** Closes everything, the last that was opened first; what fails does not keep the rest open. */
  @Override
  public void close() {
    Deque<AutoCloseable> open;
    synchronized (this) {
      open = new ArrayDeque<>(resources);
      resources.clear();
    }
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.warn("cannot close", e);
      }
    }
    closed.countDown();
  }
}
