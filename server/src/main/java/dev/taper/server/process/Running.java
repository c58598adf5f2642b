package dev.taper.server.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process from its start to its clean stop: everything that it opened is closed once, the last
 * first, on a signal, when a role ends by itself, or when the start fails. Thread-safe.
 */
public final class Running implements AutoCloseable {
  /** How long a signal's handler waits for everything to be closed. */
  static final Duration GRACE = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final Deque<AutoCloseable> resources = new ArrayDeque<>(); // guarded by this
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** A process that SIGTERM and SIGINT stop. */
  public static Running stoppedBySignals() {
    Running running = new Running();
    Runtime.getRuntime().addShutdownHook(new Thread(running::stopAndWait, "stop"));
    return running;
  }

  /** A process, or a part of one, that nothing but its owner stops. */
  public static Running stoppedByHand() {
    return new Running();
  }

  /** Takes over what is to be closed in the end. */
  public synchronized <T extends AutoCloseable> T closing(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Asks for the stop; returns at once. */
  public void stop() {
    asked.countDown();
  }

  /** Waits until the stop is asked for, then closes everything. */
  public void await() throws InterruptedException {
    try {
      asked.await();
    } finally {
      close();
    }
  }

  private void stopAndWait() {
    stop();
    try {
      if (!closed.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("stopped with work left over");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
