package dev.taper.operations.findings;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was seen and not looked at yet, in order. A call adds without a lock and never waits: what
 * finds no room is lost, and counted. Any number of threads add, one at a time takes. A ring of
 * references with one counter at each end; a slot is free again before the counter says so. What
 * waits keeps its chain, so that large tokens take more of the room, but never the last of it: who
 * fills it with them leaves room for the others.
 */
final class SeenQueue {
  /** A token takes one part of so many that are left, at most. */
  private static final int PARTS = 16;

  private final AtomicReferenceArray<@Nullable Seen> slots;
  private final int mask;
  private final long mostBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong added = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  /**
   * Makes an empty one.
   *
   * @param capacity a power of two
   * @param mostBytes how many bytes the tokens of what waits have at most
   */
  SeenQueue(int capacity, long mostBytes) {
    this.mostBytes = mostBytes;
    this.slots = new AtomicReferenceArray<>(capacity);
    this.mask = capacity - 1;
  }

  void add(Seen seen) {
    long others = (PARTS - 1L) * seen.tokenBytes();
    if (bytes.addAndGet(seen.tokenBytes()) + others > mostBytes || !isAdded(seen)) {
      bytes.addAndGet(-seen.tokenBytes());
      lost.incrementAndGet();
    }
  }

  private boolean isAdded(Seen seen) {
    long at = added.get();
    while (at - taken.get() <= mask) {
      if (added.compareAndSet(at, at + 1)) {
        slots.setRelease((int) (at & mask), seen);
        return true;
      }
      at = added.get();
    }
    return false;
  }

  /** The next one; null if there is none yet. */
  @Nullable Seen take() {
    long at = taken.get();
    int slot = (int) (at & mask);
    Seen next = slots.getAcquire(slot);
    if (next != null) {
      slots.setRelease(slot, null);
      bytes.addAndGet(-next.tokenBytes());
      taken.set(at + 1);
    }
    return next;
  }

  /** How many found no room. */
  long lost() {
    return lost.get();
  }
}
