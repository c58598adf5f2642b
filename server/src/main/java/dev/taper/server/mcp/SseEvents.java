package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcFault.Code;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream of server-sent events apart, however its bytes are cut. It keeps no more of one
 * event than it may have. For one thread at a time.
 */
public final class SseEvents {
  /** Takes events. */
  public interface Receiver {
    /**
     * An event with data.
     *
     * @param data its lines, in UTF-8
     * @throws RpcFault ends the stream
     */
    void event(byte[] data) throws RpcFault;
  }

  /** After how many bytes of a line it is said how much is kept. */
  private static final int STEP = 4096;

  /** Whoever waits to come back is kept, with all that belongs to it, though its session ended. */
  private static final long LONGEST_RETRY = 60_000;

  private static final int MAX_FIELD = 1024; // bytes of what is neither data nor comment

  private final int maxBytes;
  private final Receiver receiver;
  private final HeldBytes held;
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean hasData;
  private boolean isMessage = true;
  private boolean afterReturn;
  private boolean first = true;
  private @Nullable String lastId;
  private long retryMillis = -1;

  /**
   * Reads events.
   *
   * @param maxBytes the most bytes of one event's data
   */
  public SseEvents(int maxBytes, Receiver receiver) {
    this(maxBytes, receiver, new HeldBytes(HeldBytes.Room.OF_MEMORY));
  }

  SseEvents(int maxBytes, Receiver receiver, HeldBytes held) {
    this.held = held;
    this.maxBytes = maxBytes;
    this.receiver = receiver;
  }

  /** The last event's id; null without one, or if no field of HTTP can say it again. */
  @Nullable String lastId() {
    return lastId;
  }

  /**
   * After how long to come back when the stream ends, in ms; negative if the server said nothing.
   */
  long retryMillis() {
    return retryMillis;
  }

  /**
   * Takes more bytes.
   *
   * @throws RpcFault {@code message_too_long}, or what the receiver says
   */
  public void feed(ByteBuffer bytes) throws RpcFault {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = next == '\r';
      if (next == '\n' || next == '\r') {
        line();
      } else {
        line.write(next);
        if (line.size() > maxBytes + 64) {
          throw tooLong();
        }
        if (line.size() % STEP == 0) {
          hold();
        }
      }
    }
  }

  private void hold() throws RpcFault {
    if (!held.hold(data.size() + line.size())) {
      throw new RpcFault(Code.UPSTREAM_INVALID, "too many long answers come at once");
    }
  }

  private void line() throws RpcFault {
    byte[] text = line.toByteArray();
    if (text.length > STEP) {
      line = new ByteArrayOutputStream(); // or a stream that lasts keeps its longest line
    } else {
      line.reset();
    }
    int start = first && startsWithMark(text) ? 3 : 0;
    first = false;
    if (text.length == start) {
      dispatch();
      return;
    }
    int colon = start;
    while (colon < text.length && text[colon] != ':') {
      colon++;
    }
    String name = new String(text, start, colon - start, StandardCharsets.UTF_8);
    int value = colon + 1 < text.length && text[colon + 1] == ' ' ? colon + 2 : colon + 1;
    int length = Math.max(0, text.length - value);
    if (name.equals("data")) {
      if (hasData) {
        data.write('\n');
      }
      hasData = true;
      if (data.size() + length > maxBytes) {
        throw tooLong();
      }
      data.write(text, Math.min(value, text.length), length);
      hold(); // also of an event of many short lines
    } else if (length <= MAX_FIELD) {
      field(name, new String(text, Math.min(value, text.length), length, StandardCharsets.UTF_8));
    }
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> isMessage = value.equals("message");
      case "id" -> {
        if (!value.isEmpty() && value.indexOf('\0') < 0) {
          lastId = value.chars().allMatch(c -> c >= 0x20 && c < 0x7f) ? value : null;
        }
      }
      case "retry" -> {
        if (value.matches("\\d{1,9}")) {
          retryMillis = Math.min(Long.parseLong(value), LONGEST_RETRY);
        }
      }
      default -> {
        // A comment, or a field of tomorrow.
      }
    }
  }

  private void dispatch() throws RpcFault {
    boolean deliver = hasData && isMessage && data.size() > 0;
    byte[] event = deliver ? data.toByteArray() : new byte[0];
    data = new ByteArrayOutputStream();
    hasData = false;
    isMessage = true;
    if (deliver) {
      receiver.event(event);
    }
    held.release();
  }

  private static boolean startsWithMark(byte[] text) {
    return text.length >= 3
        && text[0] == (byte) 0xef
        && text[1] == (byte) 0xbb
        && text[2] == (byte) 0xbf;
  }

  private RpcFault tooLong() {
    return new RpcFault(Code.MESSAGE_TOO_LONG, "an event has at most " + maxBytes + " bytes");
  }
}
