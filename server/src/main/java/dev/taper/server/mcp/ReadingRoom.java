package dev.taper.server.mcp;

import java.util.concurrent.Semaphore;

/**
 * How much is read and judged at the same time. A content of many small parts, such as {@code
 * [{},{},…]}, takes some thirty times its bytes once it is read, so that contents which fit into
 * memory do not all fit into it when they are read at once. Thread-safe.
 */
final class ReadingRoom {
  /** A content of some kibibytes more or less makes no difference. */
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;

  /**
   * Makes a room.
   *
   * @param bytes of all contents that are in it at once; one has room in any case
   */
  ReadingRoom(long bytes) {
    this.units = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / UNIT));
    this.free = new Semaphore(units);
  }

  /** A room of this process's memory: what is in it takes half of that at most. */
  static ReadingRoom ofMemory() {
    return new ReadingRoom(Math.max(1L << 20, Runtime.getRuntime().maxMemory() / 64));
  }

  /**
   * Does some work with a content.
   *
   * @return false if there is no room; then it was not done
   */
  boolean during(int bytes, Runnable work) {
    int taken = Math.min(units, 1 + bytes / UNIT);
    if (!free.tryAcquire(taken)) {
      return false;
    }
    try {
      work.run();
    } finally {
      free.release(taken);
    }
    return true;
  }
}
