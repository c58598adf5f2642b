package dev.taper.server.listener;

import dev.taper.operations.OperationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server at one address, with TLS whose files may change. Thread-safe. */
public final class Listener implements AutoCloseable {
  /** The largest header of a request in bytes; docs/binding.md bounds its fields further. */
  public static final int MAX_HEADER = 32 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int MAX_THREADS = 64;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Server server;
  private final ServerConnector connector;
  private final @Nullable ScheduledExecutorService watching;

  private Listener(
      Server server, ServerConnector connector, @Nullable ScheduledExecutorService watching) {
    this.server = server;
    this.connector = connector;
    this.watching = watching;
  }

  /**
   * Starts to listen.
   *
   * @param tls the certificate, or null to do without
   * @param handler what answers
   * @throws OperationException {@code io} if the address is taken, {@code invalid_certificate} if
   *     the files make no sense
   */
  public static Listener start(ListenAddress address, @Nullable TlsFiles tls, Handler handler) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    server.setStopTimeout(GRACE.toMillis());
    HttpConfiguration http = http();
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    SslContextFactory.Server context = tls == null ? null : context(tls);
    ServerConnector connector =
        context == null
            ? new ServerConnector(server, plain)
            : new ServerConnector(
                server, new SslConnectionFactory(context, plain.getProtocol()), plain);
    if (context != null) {
      http.addCustomizer(new SecureRequestCustomizer(false));
    }
    connector.setHost(address.address().getAddress().getHostAddress());
    connector.setPort(address.address().getPort());
    connector.setIdleTimeout(IDLE.toMillis());
    server.addConnector(connector);
    server.setHandler(handler);
    try {
      server.start();
    } catch (IOException e) {
      throw OperationException.io("cannot listen at " + address.address(), e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new Listener(
        server, connector, tls == null || context == null ? null : watch(tls, context));
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(MAX_HEADER);
    http.setHttpCompliance(HttpCompliance.RFC7230);
    return http;
  }

  private static SslContextFactory.Server context(TlsFiles tls) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setKeyStore(tls.load());
    context.setKeyStorePassword("");
    return context;
  }

  /** Takes new files when they make sense; until then the old ones stay. */
  private static ScheduledExecutorService watch(TlsFiles tls, SslContextFactory.Server context) {
    ScheduledExecutorService watching =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "certificate");
              thread.setDaemon(true);
              return thread;
            });
    Future<?> unused =
        watching.scheduleWithFixedDelay(
            new CertificateWatch(tls, context),
            LOOK.toMillis(),
            LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
    return watching;
  }

  /** Looks at the files; used by one thread. */
  private static final class CertificateWatch implements Runnable {
    private final TlsFiles tls;
    private final SslContextFactory.Server context;
    private @Nullable FileTime seen;

    CertificateWatch(TlsFiles tls, SslContextFactory.Server context) {
      this.tls = tls;
      this.context = context;
    }

    @Override
    public void run() {
      try {
        FileTime modified = tls.modified();
        if (seen == null || !seen.equals(modified)) {
          java.security.KeyStore store = tls.load();
          context.reload(factory -> factory.setKeyStore(store));
          seen = modified;
        }
      } catch (Exception e) {
        LOG.warn("the certificate stays as it was: {}", e.getMessage());
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /** Stops to listen, and waits for what is being answered. */
  @Override
  public void close() {
    if (watching != null) {
      watching.shutdownNow();
    }
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("cannot stop to listen", e);
    }
  }
}
