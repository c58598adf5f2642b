package dev.taper.store.registry;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import java.time.Duration;

/**
 * Tells a registry of calls, many at a time. A call costs no look-up in the database, but the
 * registry is late by the interval. A process that is killed loses the counts of its last interval,
 * never what an audit log keeps. While the database is down the counts gather up to a bound; beyond
 * it, no more calls can be noted. Thread-safe.
 */
public final class UsageBuffer implements DecisionListener, AutoCloseable {
  /** The most rows that can wait. */
  public static final int MAX_WAITING = 100_000;

  private final Registry registry;
  private final int maxWaiting;
  private final RepeatedTask flushing;
  private final Object writing = new Object();
  private final Object lock = new Object();
  private final RowLimiter limiter = new RowLimiter();
  // Guarded by the lock.
  private Uses waiting = new Uses();
  private boolean closed;

  private UsageBuffer(Registry registry, int maxWaiting, Duration interval) {
    this.registry = registry;
    FailureLog failures = FailureLog.of(UsageBuffer.class, "the registry", registry.clock());
    this.maxWaiting = maxWaiting;
    // When it fails, the counts are kept, and decided() fails when there is no more room.
    this.flushing = RepeatedTask.startLater("taper-registry", interval, failures, this::flush);
  }

  /**
   * Starts to write to a registry.
   *
   * @param registry the registry
   * @param interval how late it may be
   */
  public static UsageBuffer into(Registry registry, Duration interval) {
    return new UsageBuffer(
        Given.that(registry, "the registry"), MAX_WAITING, Given.that(interval, "the interval"));
  }

  static UsageBuffer into(Registry registry, int maxWaiting, Duration interval) {
    return new UsageBuffer(registry, maxWaiting, interval);
  }

  /**
   * Takes note of a call as {@link Registry#decided} does, to be written later.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if the most rows wait already, or
   *     this is closed
   */
  @Override
  public void decided(DecisionEvent event) {
    RowLimiter.Allotted allotted = limiter.allot(event, false);
    synchronized (lock) {
      if (closed || waiting.size() >= maxWaiting) {
        throw new TaperException(
            ErrorCode.DATABASE_UNAVAILABLE,
            closed ? "the registry is closed" : "too many calls wait to be written");
      }
      waiting.add(allotted.uses());
      limiter.told(allotted);
    }
  }

  /**
   * Writes the waiting rows.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} or {@link
   *     ErrorCode#DATABASE_FAILED}; the waiting rows are kept
   */
  public void flush() {
    synchronized (writing) {
      Uses taken;
      synchronized (lock) {
        taken = waiting;
        waiting = new Uses();
      }
      boolean isWritten = false;
      try {
        registry.write(taken);
        isWritten = true;
      } finally {
        if (!isWritten) {
          synchronized (lock) {
            waiting.add(taken);
          }
        }
      }
    }
  }

  /**
   * Writes the waiting rows, and ends. Closing again does nothing.
   *
   * @throws TaperException as {@link #flush}; rows that could not be written are lost
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    flushing.finish();
    flush();
  }
}
