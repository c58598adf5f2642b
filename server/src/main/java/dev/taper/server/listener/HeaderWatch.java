package dev.taper.server.listener;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose next header does not become whole: each byte of it makes a connection look
 * used, and there are only so many connections. Those on which nothing comes rest, which is bounded
 * elsewhere. Thread-safe.
 */
final class HeaderWatch implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration longest;
  private final Map<Connection, Watched> open = new ConcurrentHashMap<>();

  /**
   * Watches connections.
   *
   * @param longest how long a header may take; it may take up to twice as long
   */
  HeaderWatch(Scheduler scheduler, Duration longest) {
    this.scheduler = scheduler;
    this.longest = longest;
  }

  /** What is known of a connection that is open. */
  private final class Watched {
    private final Connection connection;
    private long begun; // requests whose header is whole; guarded by this
    private int busy; // those of them that have not ended; guarded by this
    private long before; // what had begun at the last look, -1 if some had not ended
    private long bytes = -1; // of the last look: of the first one also a handshake is a part
    private Scheduler.@Nullable Task next; // guarded by this
    private boolean over; // guarded by this

    Watched(Connection connection) {
      this.connection = connection;
    }

    synchronized void begins() {
      begun++;
      busy++;
    }

    synchronized void ends() {
      busy--;
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
      long now = connection.getBytesIn();
      boolean isLate = busy == 0 && begun == before && now > bytes;
      before = busy == 0 ? begun : -1;
      bytes = now;
      return isLate;
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
        if (watched != null) {
          watched.begins();
          Request.addCompletionListener(request, e -> watched.ends());
        }
        return super.handle(request, response, callback);
      }
    };
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
