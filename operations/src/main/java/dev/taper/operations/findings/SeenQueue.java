package dev.taper.operations.findings;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was seen and not looked at yet, in order. A call adds without a lock and never waits: what
 * finds no room is lost, and counted. Any number of threads add, one at a time takes. What waits
 * keeps its chain, so that large tokens take more of the room, but never the last of it: who fills
 * it with them leaves room for the others.
 */
final class SeenQueue {
  /** A token takes one part of so many that are left, at most. */
  private static final int PARTS = 16;

  private final Queue<Seen> waiting = new ConcurrentLinkedQueue<>();
  private final int capacity;
  private final long mostBytes;
  private final AtomicInteger size = new AtomicInteger(); // the queue would count itself each time
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  /**
   * Makes an empty one.
   *
   * @param capacity how many wait at most
   * @param mostBytes how many bytes the tokens of what waits have at most
   */
  SeenQueue(int capacity, long mostBytes) {
    this.capacity = capacity;
    this.mostBytes = mostBytes;
  }

  void add(Seen seen) {
    long others = (PARTS - 1L) * seen.tokenBytes();
    boolean isFull = size.incrementAndGet() > capacity;
    if (bytes.addAndGet(seen.tokenBytes()) + others > mostBytes || isFull) {
      isGone(seen);
      lost.incrementAndGet();
    } else {
      waiting.add(seen);
    }
  }

  private void isGone(Seen seen) {
    size.decrementAndGet();
    bytes.addAndGet(-seen.tokenBytes());
  }

  /** The next one; null if there is none yet. */
  @Nullable Seen take() {
    Seen next = waiting.poll();
    if (next != null) {
      isGone(next);
    }
    return next;
  }

  /** How many found no room. */
  long lost() {
    return lost.get();
  }
}
