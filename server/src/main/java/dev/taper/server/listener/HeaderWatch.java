package dev.taper.server.listener;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections whose next header does not become whole: each byte of it makes a connection look
 * used, and there are only so many connections. Those on which nothing comes rest, which is bounded
 * elsewhere. Thread-safe.
 */
final class HeaderWatch implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration longest;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  /**
   * Watches connections.
   *
   * @param longest how long a header may take; it may take up to twice as long
   */
  HeaderWatch(Scheduler scheduler, Duration longest) {
    this.scheduler = scheduler;
    this.longest = longest;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) { // of HTTP, within TLS or not
      open.add(connection);
      lookLater(connection, 0, -1); // of the first one also a handshake is a part
    }
  }

  @Override
  public void onClosed(Connection connection) {
    open.remove(connection);
  }

  private void lookLater(Connection connection, long messages, long bytes) {
    var unused =
        scheduler.schedule(
            () -> look(connection, messages, bytes), longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(Connection connection, long messages, long bytes) {
    if (!open.contains(connection)) {
      return;
    }
    long now = connection.getMessagesIn();
    boolean isWaiting = now == connection.getMessagesOut();
    if (isWaiting && now == messages && connection.getBytesIn() > bytes) {
      connection.close();
    } else {
      lookLater(connection, isWaiting ? now : -1, connection.getBytesIn());
    }
  }
}
