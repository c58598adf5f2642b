package dev.taper.server.mcp;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of a message that is not whole yet, or waits until it is read. Each message is bounded
 * alone; here all of them are together, but for the short ones. Thread-safe.
 */
final class HeldBytes {
  /** What each has without asking: a short message is never refused for others that are long. */
  private static final int SHORT = 64 * 1024;

  private final Room room;
  private final AtomicInteger held = new AtomicInteger();

  /** How much all long messages may have at once. Thread-safe. */
  static final class Room {
    /** Of this process's memory. */
    static final Room OF_MEMORY =
        new Room(Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8));

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /** Makes a room of some bytes. */
    Room(long most) {
      this.most = most;
    }

    /** How many bytes are taken. */
    long taken() {
      return taken.get();
    }
  }

  /** Holds nothing yet. */
  HeldBytes(Room room) {
    this.room = room;
  }

  /**
   * Takes note of how long the message is by now. For one thread at a time.
   *
   * @return false if there is no room for it; then it is not kept any further
   */
  boolean hold(int bytes) {
    int more = bytes - SHORT - held.get();
    if (more <= 0) {
      return true;
    }
    if (room.taken.addAndGet(more) > room.most) {
      room.taken.addAndGet(-more);
      return false;
    }
    held.addAndGet(more);
    return true;
  }

  /** The message is not kept any more. */
  void release() {
    room.taken.addAndGet(-held.getAndSet(0));
  }
}
