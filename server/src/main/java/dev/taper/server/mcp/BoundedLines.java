package dev.taper.server.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of bytes that end with a line feed, and keeps no more of one than it may have: the
 * rest of a line that is too long is skipped. What stands behind the last line feed is no line. For
 * one thread.
 */
final class BoundedLines {
  private static final int BUFFER = 1 << 16;
  private static final int KEPT = 1 << 16;

  private final InputStream in;
  private final int maxBytes;
  private final HeldBytes held;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
  private boolean tooLong;

  BoundedLines(InputStream in, int maxBytes) {
    this(in, maxBytes, HeldBytes.Room.OF_MEMORY);
  }

  BoundedLines(InputStream in, int maxBytes, HeldBytes.Room room) {
    this.held = new HeldBytes(room);
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * The next line, without its end.
   *
   * @param bytes all of it; empty if it is too long
   * @param isTooLong whether it has more bytes than it may have, or others have the room for it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  record Line(byte[] bytes, boolean isTooLong) {}

  /** The next line; null if there is none any more. */
  @Nullable Line next() throws IOException {
    held.release(); // whoever has the line before is done with it
    while (true) {
      int feed = at;
      while (feed < end && buffer[feed] != '\n') {
        feed++;
      }
      keep(at, feed);
      if (feed < end) {
        at = feed + 1;
        return take();
      }
      at = 0;
      end = 0;
      try {
        end = Math.max(0, in.read(buffer));
      } finally {
        if (end == 0) {
          held.release();
        }
      }
      if (end == 0) {
        return null;
      }
    }
  }

  /** Nobody has the last line any more. */
  void release() {
    held.release();
  }

  private void keep(int from, int to) {
    int length = line.size() + (to - from);
    if (tooLong || length > maxBytes || !held.hold(length)) {
      tooLong = true;
      held.release();
      line = new ByteArrayOutputStream(0);
    } else {
      line.write(buffer, from, to - from);
    }
  }

  private Line take() {
    boolean was = tooLong;
    byte[] bytes = line.toByteArray();
    tooLong = false;
    if (was || bytes.length > KEPT) {
      line = new ByteArrayOutputStream(1024);
    } else {
      line.reset();
    }
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      bytes = Arrays.copyOf(bytes, length - 1);
    }
    return new Line(bytes, was);
  }
}
