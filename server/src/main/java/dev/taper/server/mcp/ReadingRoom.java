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

  /** For all that servers answer. */
  static final ReadingRoom ANSWERS = ofMemory();

  /** Some work with a message. */
  interface Work {
    /** Does it. */
    void run() throws RpcFault;
  }

  private final int units;
  private final Semaphore free;

  /**
   * Makes a room.
   *
   * @param bytes of all contents that are in it at once; one has room in any case
   */
  ReadingRoom(long bytes) {
    this.units = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / UNIT));
    this.free = new Semaphore(units, true);
  }

  /** A room of this process's memory: what is in it takes a quarter of that, if it is short. */
  static ReadingRoom ofMemory() {
    return new ReadingRoom(Math.max(1L << 20, Runtime.getRuntime().maxMemory() / 128));
  }

  /**
   * Does some work with a content.
   *
   * @return false if there is no room; then it was not done
   */
  boolean during(int bytes, Runnable work) {
    int taken = units(bytes);
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

  /**
   * Does some work with a message of a server as soon as there is room. Until then its server
   * waits: nobody would be told that its answer was not read.
   */
  void awaiting(int bytes, Work work) throws RpcFault {
    int taken = units(bytes);
    free.acquireUninterruptibly(taken);
    try {
      work.run();
    } finally {
      free.release(taken);
    }
  }

  private int units(int bytes) {
    return Math.min(units, 1 + bytes / UNIT);
  }
}
