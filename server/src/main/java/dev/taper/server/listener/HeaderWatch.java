package dev.taper.server.listener;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose next header does not become whole, or whose answer is taken too slowly:
 * each byte makes a connection look used, and there are only so many connections. Those on which
 * nothing moves rest, which is bounded elsewhere. Thread-safe.
 */
final class HeaderWatch implements Connection.Listener {
  /** How slowly an answer may be taken, in bytes a second; docs/serve.md says so. */
  private static final int SLOWEST = 16 * 1024;

  /** How long an answer may be taken more slowly than that. */
  private static final Duration SPARE = Duration.ofSeconds(30);

  private final Scheduler scheduler;
  private final Duration longest;
  private final Duration spare;
  private final int slowest;
  private final Map<Connection, Watched> open = new ConcurrentHashMap<>();

  /**
   * Watches connections.
   *
   * @param longest how long a header may take; it may take up to three times as long. A handshake
   *     is a part of the first one.
   */
  HeaderWatch(Scheduler scheduler, Duration longest) {
    this(scheduler, longest, SPARE, SLOWEST);
  }

  /**
   * Watches connections.
   *
   * @param spare how long an answer may be taken more slowly than it should
   * @param slowest how slowly it should be taken at least, in bytes a second
   */
  HeaderWatch(Scheduler scheduler, Duration longest, Duration spare, int slowest) {
    this.scheduler = scheduler;
    this.longest = longest;
    this.spare = spare;
    this.slowest = slowest;
  }

  /** What is known of a connection that is open. */
  private final class Watched {
    private final Connection connection;
    private long begun; // requests whose header is whole; guarded by this
    private int busy; // those of them that have not ended; guarded by this
    private long before; // what had begun at the last look, -1 if some had not ended
    private boolean part; // something had come by then for the next header
    private long left; // of the spare time of an answer, in ns; guarded by this
    private boolean writes; // a part of an answer is being taken; guarded by this
    private long due; // by when it has to be taken; guarded by this
    private Scheduler.@Nullable Task next; // guarded by this
    private boolean over; // guarded by this

    Watched(Connection connection) {
      this.connection = connection;
    }

    /** False if the header became whole too late. */
    synchronized boolean begins() {
      if (!over) {
        begun++;
        busy++;
        left = spare.toNanos();
      }
      return !over;
    }

    synchronized void ends() {
      busy--;
    }

    /** Time is spent only while something is being taken; who takes it faster saves up no more. */
    synchronized void writes(int bytes) {
      writes = true;
      due = System.nanoTime() + left + TimeUnit.SECONDS.toNanos(bytes) / slowest;
    }

    synchronized void wrote() {
      writes = false;
      left = Math.min(spare.toNanos(), due - System.nanoTime());
    }

    synchronized void lookLater() {
      if (!over) {
        next = scheduler.schedule(this::look, longest.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private void look() {
      if (isLate()) {
        connection.close();
      } else {
        lookLater();
      }
    }

    private synchronized boolean isLate() {
      boolean rests = busy == 0 && begun == before;
      boolean came = rests && isUsed();
      over |= (part && came) || (writes && due - System.nanoTime() < 0);
      part = rests && (part || came); // for good: who sends seldom is not done either
      before = busy == 0 ? begun : -1;
      return over;
    }

    /**
     * Whether a byte came since the last look. One that is a part of a record of TLS is not counted
     * by its connection, but does keep it from being idle.
     */
    private boolean isUsed() {
      EndPoint end = connection.getEndPoint();
      EndPoint socket = end instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : end;
      return socket instanceof IdleTimeout idle && idle.getIdleFor() < longest.toMillis();
    }

    /** Whoever opens very many connections leaves nothing behind. */
    synchronized void close() {
      over = true;
      if (next != null) {
        next.cancel();
      }
    }
  }

  /** Tells requests from what comes before them: more may be sent, or answered, than there are. */
  Handler around(Handler handler) {
    return new Handler.Wrapper(handler) {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        Watched watched = open.get(request.getConnectionMetaData().getConnection());
        if (watched == null || !watched.begins()) { // nothing is done whose answer is lost
          Response.writeError(request, response, callback, HttpStatus.REQUEST_TIMEOUT_408);
          return true;
        }
        Request.addCompletionListener(request, e -> watched.ends());
        return super.handle(request, new Answer(request, response, watched), callback);
      }
    };
  }

  /** Tells when it is being taken, and whether it is the last one of its connection. */
  private static final class Answer extends Response.Wrapper {
    private final Watched watched;

    Answer(Request request, Response response, Watched watched) {
      super(request, response);
      this.watched = watched;
    }

    @Override
    public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
      watched.writes(content == null ? 0 : content.remaining());
      // A client would use this connection again, unless the answer says that it ends.
      if (last && !isCommitted() && !getRequest().consumeAvailable()) {
        getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
      }
      super.write(last, content, Callback.from(watched::wrote, callback));
    }
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) { // of HTTP, within TLS or not
      Watched watched = new Watched(connection);
      open.put(connection, watched);
      watched.lookLater();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Watched watched = open.remove(connection);
    if (watched != null) {
      watched.close();
    }
  }
}
