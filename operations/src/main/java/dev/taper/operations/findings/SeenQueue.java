package dev.taper.operations.findings;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was seen and not looked at yet, in order. A call adds without a lock and never waits: what
 * finds no room is lost, and counted. Any number of threads add, one at a time takes. A ring of
 * references with one counter at each end; a slot is free again before the counter says so.
 */
final class SeenQueue {
  private final AtomicReferenceArray<@Nullable Seen> slots;
  private final int mask;
  private final AtomicLong added = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  /**
   * Makes an empty one.
   *
   * @param capacity a power of two
   */
  SeenQueue(int capacity) {
    this.slots = new AtomicReferenceArray<>(capacity);
    this.mask = capacity - 1;
  }

  void add(Seen seen) {
    long at = added.get();
    while (at - taken.get() <= mask) {
      if (added.compareAndSet(at, at + 1)) {
        slots.setRelease((int) (at & mask), seen);
        return;
      }
      at = added.get();
    }
    lost.incrementAndGet();
  }

  /** The next one; null if there is none yet. */
  @Nullable Seen take() {
    long at = taken.get();
    int slot = (int) (at & mask);
    Seen next = slots.getAcquire(slot);
    if (next != null) {
      slots.setRelease(slot, null);
      taken.set(at + 1);
    }
    return next;
  }

  /** How many found no room. */
  long lost() {
    return lost.get();
  }
}
