package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request of HTTP: a message, or a stream of events as soon as more than that is
 * sent. What a slow client does not take is kept up to a bound, and then the stream ends.
 * Thread-safe.
 */
final class HttpOutlet implements Outlet {
  private static final int MAX_KEPT = 8 << 20; // bytes
  private static final byte[] BREATH = ": \n\n".getBytes(StandardCharsets.US_ASCII);

  private enum State {
    NEW,
    STREAM,
    DONE
  }

  private record Piece(ByteBuffer bytes, boolean isLast) {}

  private final Response response;
  private final Callback callback;
  private final @Nullable Map<String, String> parameters;
  private final boolean takesEvents;
  private final @Nullable Object requestId;
  private final UnreadRoom room;
  private final Deque<Piece> pieces = new ArrayDeque<>(); // guarded by this
  private State state = State.NEW; // guarded by this
  private boolean writing; // guarded by this
  private long kept; // bytes; guarded by this

  /**
   * Answers a request.
   *
   * @param requestId whose answer ends it; null for a stream that somebody else ends
   * @param parameters the fields that mirror parameters, or null if nobody looks
   * @param room where counts what the client has not taken yet
   */
  HttpOutlet(
      Response response,
      Callback callback,
      @Nullable Object requestId,
      @Nullable Map<String, String> parameters,
      boolean takesEvents,
      UnreadRoom room) {
    this.room = room;
    this.response = response;
    this.callback = callback;
    this.requestId = requestId;
    this.parameters = parameters;
    this.takesEvents = takesEvents;
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
  }

  @Override
  public @Nullable Map<String, String> parameters() {
    return parameters;
  }

  @Override
  public boolean send(RpcMessage message, int status) {
    String json = RpcText.write(message);
    boolean isLast = requestId != null && requestId.equals(message.answers());
    synchronized (this) {
      if (state == State.DONE) {
        return false;
      }
      if (state == State.NEW && isLast) {
        return whole(json, status);
      }
      if (!takesEvents) {
        return false;
      }
      Piece piece = new Piece(utf8("event: message\ndata: " + json + "\n\n"), isLast);
      begin();
      state = isLast ? State.DONE : State.STREAM;
      return add(piece);
    }
  }

  /** Only under the lock. Where there is no memory for it, something shorter can be sent still. */
  private boolean whole(String json, int status) {
    Piece piece = new Piece(utf8(json), true);
    state = State.DONE;
    head(status, "application/json");
    return add(piece);
  }

  /** Sends the one message that is all of the answer, whatever its id. */
  boolean finish(RpcMessage message, int status) {
    String json = RpcText.write(message);
    synchronized (this) {
      if (state != State.NEW) {
        return false;
      }
      return whole(json, status);
    }
  }

  /** Begins a stream, so that its client knows that it is there. */
  synchronized void open() {
    if (state == State.NEW) {
      begin();
      boolean unused = add(new Piece(ByteBuffer.wrap(BREATH), false));
    }
  }

  /** Says that nothing is lost, only slow. */
  synchronized void breathe() {
    if (state != State.DONE && takesEvents && !writing) {
      begin();
      boolean unused = add(new Piece(ByteBuffer.wrap(BREATH), false));
    }
  }

  private void begin() {
    if (state == State.NEW) {
      state = State.STREAM;
      head(200, "text/event-stream");
      response.getHeaders().put("X-Accel-Buffering", "no");
    }
  }

  private void head(int status, String type) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
  }

  @Override
  public boolean refuse(HttpRefusal refusal) {
    synchronized (this) {
      if (state != State.NEW) {
        return false;
      }
      state = State.DONE;
      response.setStatus(refusal.status());
      refusal.fields().forEach((name, value) -> response.getHeaders().put(name, value));
      return add(new Piece(ByteBuffer.wrap(refusal.content()), true));
    }
  }

  /** Ends the stream. */
  synchronized void end() {
    if (state == State.STREAM) {
      state = State.DONE;
      boolean unused = add(new Piece(ByteBuffer.allocate(0), true));
    }
  }

  /** Ends the stream without what its client has not taken yet, and may have no more. */
  synchronized void endNow() {
    pieces.forEach(piece -> room.taken(this, piece.bytes().remaining()));
    pieces.clear();
    kept = 0;
    end();
  }

  /** True when nothing can be sent any more. */
  synchronized boolean isDone() {
    return state == State.DONE;
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Only under the lock. */
  private boolean add(Piece piece) {
    if (kept + piece.bytes().remaining() > MAX_KEPT && kept > 0) {
      fail(new IllegalStateException("the client reads too slowly"));
      return false;
    }
    room.add(this, piece.bytes().remaining());
    if (writing) {
      kept += piece.bytes().remaining();
      pieces.add(piece);
    } else {
      write(piece);
    }
    return true;
  }

  /** Only under the lock. */
  private void write(Piece piece) {
    writing = true;
    int length = piece.bytes().remaining(); // whoever sends it may empty it otherwise
    response.write(
        piece.isLast(),
        piece.bytes(),
        new Callback() {
          @Override
          public void succeeded() {
            written(piece, length);
          }

          @Override
          public void failed(Throwable e) {
            fail(e);
          }
        });
  }

  private void written(Piece piece, int length) {
    room.taken(this, length);
    if (piece.isLast()) {
      callback.succeeded();
      return;
    }
    synchronized (this) {
      writing = false;
      Piece next = pieces.poll();
      if (next != null) {
        kept -= next.bytes().remaining();
        write(next);
      }
    }
  }

  private void fail(Throwable e) {
    synchronized (this) {
      state = State.DONE;
      pieces.clear(); // calls and sessions may keep this for long
    }
    room.forget(this);
    callback.failed(e);
  }

  /** Ends it without its rest, on another thread: whoever needs the room has a lock of its own. */
  void cutOff() {
    try {
      response
          .getRequest()
          .getComponents()
          .getExecutor()
          .execute(() -> fail(new IllegalStateException("others need the room of what is unread")));
    } catch (IllegalStateException | RejectedExecutionException e) {
      // It has ended meanwhile, and whoever needs the room has it.
    }
  }
}
