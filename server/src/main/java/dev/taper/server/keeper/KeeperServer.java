package dev.taper.server.keeper;

import dev.taper.operations.OperationException;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A keeper that listens at its socket, until it is closed. Thread-safe. */
final class KeeperServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeeperServer.class);
  private static final int MAX_THREADS = KeeperConnector.MAX_CONNECTIONS + 8;
  private static final int MAX_HEAD = 8 * 1024;
  private static final Duration IDLE = Duration.ofSeconds(15);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final Server server;
  private final ScheduledExecutorService sweeping;

  private KeeperServer(Server server, ScheduledExecutorService sweeping) {
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
    ScheduledExecutorService sweeping =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "forgetting");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        sweeping.scheduleWithFixedDelay(
            () -> forgetEnded(keeper), SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    return new KeeperServer(server, sweeping);
  }

  private static void forgetEnded(Keeper keeper) {
    try {
      keeper.forgetEnded();
    } catch (RuntimeException | Error e) { // and tries again
      LOG.error("cannot forget what has ended", e);
    }
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
    sweeping.shutdownNow();
    stop(server);
  }
}
