package dev.taper.server.keeper;

import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.operations.OperationException;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A keeper that listens at its socket, until it is closed. Thread-safe. */
final class KeeperServer implements AutoCloseable {
  private static final int MAX_THREADS = KeeperConnector.MAX_CONNECTIONS + 8;
  private static final int MAX_HEAD = 8 * 1024;
  private static final Duration IDLE = Duration.ofSeconds(15);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final Server server;
  private final RepeatedTask sweeping;

  private KeeperServer(Server server, RepeatedTask sweeping) {
    this.server = server;
    this.sweeping = sweeping;
  }

  /**
   * Starts to listen.
   *
   * @throws OperationException {@code io} if that is not possible
   */
  static KeeperServer start(SocketFile socket, Keeper keeper, Metrics metrics) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
    threads.setName("keeper");
    threads.setDaemon(true);
    Server server = new Server(threads);
    server.setStopTimeout(GRACE.toMillis());
    KeeperConnector connector =
        new KeeperConnector(server, new HttpConnectionFactory(http()), socket.user(), metrics);
    connector.setUnixDomainPath(socket.path());
    connector.setIdleTimeout(IDLE.toMillis());
    server.addConnector(connector);
    server.setHandler(new KeeperHandler(keeper, metrics));
    try {
      server.start();
      socket.protect();
    } catch (IOException e) {
      stop(server);
      throw OperationException.io("cannot listen at " + socket.path(), e);
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException(e);
    }
    FailureLog failures =
        FailureLog.of(KeeperServer.class, "forgetting what has ended", Clock.systemUTC());
    return new KeeperServer(
        server, RepeatedTask.startLater("forgetting", SWEEP, failures, keeper::forgetEnded));
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(MAX_HEAD);
    http.setHttpCompliance(HttpCompliance.RFC7230);
    return http;
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    sweeping.close();
    stop(server);
  }
}
