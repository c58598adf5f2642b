package dev.taper.assurance;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What one input may take of a reader, with all that the laws read again: time of the processor
 * that the thread used, so that a busy machine breaks no law, and bytes that it allocated. What a
 * first try takes more, such as to load classes, counts only if every further try takes it too.
 *
 * @param time the most time of the processor
 * @param bytes the most bytes, even if most of them were garbage again by then
 */
record Limits(Duration time, long bytes) {
  /** Those of a reader of what anybody may send. */
  static final Limits OUTSIDE = new Limits(Duration.ofMillis(250), 64L << 20);

  private static final int TRIES = 5;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What a try took. */
  private record Taken(long nanos, long bytes) {
    static Taken now() {
      return new Taken(THREADS.getCurrentThreadCpuTime(), THREADS.getCurrentThreadAllocatedBytes());
    }

    Taken since(Taken before) {
      return new Taken(nanos - before.nanos, bytes - before.bytes);
    }

    Taken orLess(Taken other) {
      return new Taken(Math.min(nanos, other.nanos), Math.min(bytes, other.bytes));
    }
  }

  /**
   * Reads an input, again if it took more than this, and compares what it took at least.
   *
   * @return whether the reader took the input
   * @throws AssertionError if every try took more, or the reader takes an input and then refuses it
   */
  boolean read(Harness.Reader reader, byte[] input) {
    Taken before = Taken.now();
    boolean accepted = reader.accepts(input);
    Taken least = Taken.now().since(before);
    for (int tries = 1; tries < TRIES && isBroken(least); tries++) {
      before = Taken.now();
      Laws.same("an input is taken, or refused, each time", accepted, reader.accepts(input));
      least = least.orLess(Taken.now().since(before));
    }
    if (isBroken(least)) {
      throw new AssertionError(
          String.format(
              "an input of %d bytes took %d ms and %d KiB of at most %d ms and %d KiB",
              input.length,
              least.nanos / 1_000_000,
              least.bytes >> 10,
              time.toMillis(),
              bytes >> 10));
    }
    return accepted;
  }

  private boolean isBroken(Taken taken) {
    return taken.nanos > time.toNanos() || taken.bytes > bytes;
  }
}
