package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcFault.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Messages as lines over two streams, as stdio has them. Messages are written whole, by any thread;
 * one thread reads.
 */
public final class LineChannel {
  private final InputStream in;
  private final OutputStream out;
  private final int maxBytes;
  private final Object writing = new Object();
  private volatile long writingSince; // System.nanoTime, 0 if nobody writes

  /**
   * Makes a channel.
   *
   * @param out takes whole lines; it is flushed after each
   * @param maxBytes the most bytes of a message that is read
   */
  public LineChannel(InputStream in, OutputStream out, int maxBytes) {
    this.in = in;
    this.out = out;
    this.maxBytes = maxBytes;
  }

  /** Takes what is read, on the thread that reads. */
  public interface Receiver {
    /** A message. */
    void received(RpcMessage message);

    /** A line that is no message. */
    void broken(RpcFault fault);
  }

  /**
   * Reads until the stream ends.
   *
   * @throws IOException if it cannot be read any more
   */
  public void readAll(Receiver receiver) throws IOException {
    readAll(receiver, null, null);
  }

  /**
   * Reads until the stream ends.
   *
   * @param room where messages are read and handled, each when there is room; null for anywhere
   * @param admission says how much of a request is read; null to read all
   */
  void readAll(Receiver receiver, @Nullable ReadingRoom room, @Nullable Admission admission)
      throws IOException {
    BoundedLines lines = new BoundedLines(in, maxBytes);
    try {
      for (BoundedLines.Line line = lines.next(); line != null; line = lines.next()) {
        if (line.isTooLong()) {
          receiver.broken(
              new RpcFault(Code.MESSAGE_TOO_LONG, "a message has at most " + maxBytes + " bytes"));
        } else if (line.bytes().length > 0) {
          receive(line.bytes(), receiver, room, admission);
        }
      }
    } finally {
      lines.release();
    }
  }

  private static void receive(
      byte[] line, Receiver receiver, @Nullable ReadingRoom room, @Nullable Admission admission) {
    ReadingRoom.Work reading = () -> receiver.received(RpcText.read(line, admission));
    try {
      if (room == null) {
        reading.run();
      } else {
        room.awaiting(line.length, reading);
      }
    } catch (RpcFault e) {
      receiver.broken(e);
    }
  }

  /**
   * Writes a message.
   *
   * @throws IOException if nobody reads any more
   * @throws dev.taper.TaperException if it has no form as JSON
   */
  public void write(RpcMessage message) throws IOException {
    write((RpcText.write(message) + '\n').getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a line. */
  void write(byte[] line) throws IOException {
    synchronized (writing) {
      writingSince = System.nanoTime() | 1;
      try {
        out.write(line);
        out.flush();
      } finally {
        writingSince = 0;
      }
    }
  }

  /** For how long a write has been going on, in nanoseconds; 0 if nobody writes. */
  public long blockedFor() {
    long since = writingSince;
    return since == 0 ? 0 : System.nanoTime() - since;
  }
}
