package dev.taper.server.listener;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contents of requests. No thread waits for a client that sends slowly; each content is
 * bounded in bytes and in time, and all that are being read at once in bytes, so that nobody who
 * can connect takes the memory or the threads of everybody else. Thread-safe.
 */
public final class ContentReader implements Runnable {
  /** How long a content may take; behind that, a client may be silent once more. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** The most bytes of all contents that are not whole yet, or that are being handled. */
  private static final long ROOM = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

  /** How many bytes are read and dropped of what is too long, so that its client reads why. */
  private static final long SKIPPED = 4L << 20;

  private static final byte[] NOTHING = {};

  private static final AtomicLong TAKEN = new AtomicLong();

  /** Why there is no content. */
  public enum Problem {
    /** The client went away, or was too slow. */
    INCOMPLETE,
    /** It has more bytes than it may have. */
    TOO_LONG,
    /** Others send too much at the same time. */
    NO_ROOM
  }

  /** Takes a content. One of its methods is called, once. */
  public interface Receiver {
    /** All of it is there. */
    void whole(byte[] content);

    /** It is not read any further. */
    void broken(Problem problem);
  }

  private final Request request;
  private final int max;
  private final Receiver receiver;
  private final long begun = System.nanoTime();
  private byte[] content = NOTHING;
  private int size;
  private int taken; // of the room of all
  private boolean tooLong;
  private long skipped;

  private ContentReader(Request request, int max, Receiver receiver) {
    this.request = request;
    this.max = max;
    this.receiver = receiver;
  }

  /**
   * Reads the content of a request; the receiver is called here, or later on another thread.
   *
   * @param max the most bytes
   */
  public static void read(Request request, int max, Receiver receiver) {
    if (request.getLength() > max + SKIPPED) {
      receiver.broken(Problem.TOO_LONG);
    } else {
      new ContentReader(request, max, receiver).run();
    }
  }

  /** Goes on when there is more. */
  @Override
  public void run() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        if (System.nanoTime() - begun > LONGEST.toNanos()) {
          end(Problem.INCOMPLETE);
        } else {
          request.demand(this);
        }
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        end(Problem.INCOMPLETE);
        return;
      }
      boolean isLast = chunk.isLast();
      Problem problem = take(chunk);
      if (problem != null) {
        end(problem);
        return;
      }
      if (isLast && tooLong) {
        end(Problem.TOO_LONG);
        return;
      }
      if (isLast) {
        whole();
        return;
      }
    }
  }

  private @Nullable Problem take(Content.Chunk chunk) {
    try {
      int length = chunk.remaining();
      if (tooLong || size + length > max) {
        release();
        content = NOTHING;
        size = 0;
        tooLong = true;
        skipped += length;
        return skipped > SKIPPED ? Problem.TOO_LONG : null;
      }
      if (TAKEN.addAndGet(length) > ROOM) {
        TAKEN.addAndGet(-length);
        return Problem.NO_ROOM;
      }
      taken += length;
      if (content.length - size < length) {
        int doubled = Math.min(max, 2 * content.length);
        content = Arrays.copyOf(content, Math.max(size + length, doubled));
      }
      chunk.get(content, size, length);
      size += length;
      return null;
    } finally {
      chunk.release();
    }
  }

  private void whole() {
    try {
      receiver.whole(size == content.length ? content : Arrays.copyOf(content, size));
    } finally {
      release();
    }
  }

  private void end(Problem problem) {
    release();
    receiver.broken(problem);
  }

  private void release() {
    TAKEN.addAndGet(-taken);
    taken = 0;
  }
}
