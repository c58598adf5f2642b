package dev.taper.server.listener;

import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.operations.OperationException;
import dev.taper.operations.doctor.Descriptors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
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

  /**
   * The most connections at once, fewer where the process may open too few files; whoever comes
   * then waits until one of these ends.
   */
  static final int MAX_CONNECTIONS = Descriptors.CONNECTIONS;

  /** How long a connection may rest while others wait. */
  private static final Duration HURRIED = Duration.ofSeconds(2);

  private static final Duration IDLE = Duration.ofSeconds(30);

  /** How long the header of a request may take; it may take up to three times as long. */
  private static final Duration HEADER = Duration.ofSeconds(10);

  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Server server;
  private final AbstractConnector connector;
  private final @Nullable SocketFile socket;
  private final @Nullable CertificateWatch watch;
  private final @Nullable RepeatedTask watching;
  private final @Nullable String fewDescriptors;

  private Listener(
      Server server,
      AbstractConnector connector,
      @Nullable SocketFile socket,
      @Nullable CertificateWatch watch,
      @Nullable RepeatedTask watching,
      @Nullable String fewDescriptors) {
    this.fewDescriptors = fewDescriptors;
    this.server = server;
    this.connector = connector;
    this.socket = socket;
    this.watch = watch;
    this.watching = watching;
  }

  /**
   * Starts to listen. A Unix domain socket is for its owner alone.
   *
   * @param tls the certificate, or null to do without
   * @param handler what answers
   * @throws OperationException {@code io} if the address is taken, {@code invalid_certificate} if
   *     the files make no sense
   */
  public static Listener start(ListenAddress address, @Nullable TlsFiles tls, Handler handler) {
    return start(address, tls, false, handler);
  }

  /**
   * Starts to listen, as {@link #start(ListenAddress, TlsFiles, Handler)}.
   *
   * @param isForGroup whether others of its group may use a Unix domain socket
   */
  public static Listener start(
      ListenAddress address, @Nullable TlsFiles tls, boolean isForGroup, Handler handler) {
    return start(address, tls, isForGroup, handler, LOOK, HEADER);
  }

  /**
   * Starts to listen.
   *
   * @param look the time between two looks at the certificate
   * @param header how long the header of a request may take
   */
  static Listener start(
      ListenAddress address,
      @Nullable TlsFiles tls,
      boolean isForGroup,
      Handler handler,
      Duration look,
      Duration header) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    Server server = new Server(threads);
    server.setStopTimeout(GRACE.toMillis());
    CertificateWatch watch = tls == null ? null : new CertificateWatch(tls);
    SocketFile socket =
        address.address() instanceof UnixDomainSocketAddress unix
            ? SocketFile.before(unix.getPath())
            : null;
    Descriptors descriptors = Descriptors.now();
    AbstractConnector connector =
        socket == null
            ? network(server, address, watch, descriptors.connections(MAX_CONNECTIONS))
            : local(server, socket);
    String few = socket == null ? descriptors.words(MAX_CONNECTIONS) : null;
    if (few != null) {
      LOG.warn("{}", few);
    }
    connector.setIdleTimeout(IDLE.toMillis());
    HeaderWatch headers = new HeaderWatch(connector.getScheduler(), header);
    connector.addBean(headers);
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(headers.around(handler)));
    try {
      server.start();
      if (socket != null) {
        socket.publish(isForGroup);
      }
    } catch (Exception e) {
      stop(server, e);
      if (socket != null) {
        socket.close();
      }
      if (e instanceof IOException) {
        throw OperationException.io("cannot listen at " + address + ": " + reason(e), e);
      }
      throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
    return new Listener(
        server, connector, socket, watch, watch == null ? null : watch.every(look), few);
  }

  /** When the first certificate of those in use ends; null if there is none. */
  @Nullable Instant certificateEnds() {
    return watch == null ? null : watch.ends;
  }

  /** The first certificate of those in use that ends; empty if there is none. */
  public List<VerifierHealth.Ending> endings() {
    Instant ends = certificateEnds();
    return ends == null
        ? List.of()
        : List.of(
            new VerifierHealth.Ending(
                VerifierHealth.Ending.Kind.LISTENER,
                "a certificate of the listener at " + shown(),
                ends));
  }

  /**
   * That a certificate has ended: those who call refuse it, or are refused. Empty if none has.
   *
   * @param now what time it is
   */
  public List<VerifierHealth.Reason> reasons(Instant now) {
    Instant ends = certificateEnds();
    return ends == null || now.isBefore(ends)
        ? List.of()
        : List.of(
            new VerifierHealth.Reason(
                "certificate_expired",
                "a certificate of the listener at "
                    + shown()
                    + " ended at "
                    + ends
                    + ", and the clock shows "
                    + now.truncatedTo(ChronoUnit.SECONDS)));
  }

  /**
   * That a certificate ends within {@link VerifierHealth.Ending#NOTICE}, or that the process may
   * open too few files for all connections. Empty if neither is so.
   *
   * @param now what time it is
   */
  public List<String> warnings(Instant now) {
    List<String> warnings = new ArrayList<>();
    if (fewDescriptors != null) {
      warnings.add(fewDescriptors);
    }
    if (reasons(now).isEmpty()) {
      warnings.addAll(VerifierHealth.Ending.warnings(endings(), now));
    }
    return warnings;
  }

  /** How many connections there are now. */
  int connections() {
    return connector.getConnectedEndPoints().size();
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = String.valueOf(cause.getMessage());
    return reason.contains("in use")
        ? "another process listens there; stop it, or choose another port"
        : reason;
  }

  private static void stop(Server server, Exception because) {
    try {
      server.stop();
    } catch (Exception e) {
      because.addSuppressed(e);
    }
  }

  private static ServerConnector network(
      Server server, ListenAddress address, @Nullable CertificateWatch watch, int connections) {
    HttpConfiguration http = http();
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    if (watch != null) {
      http.addCustomizer(new SecureRequestCustomizer(false));
    }
    ServerConnector connector =
        watch == null
            ? new ServerConnector(server, plain)
            : new ServerConnector(
                server, new SslConnectionFactory(watch.context(), plain.getProtocol()), plain);
    InetSocketAddress inet = (InetSocketAddress) address.address();
    NetworkConnectionLimit limit = new NetworkConnectionLimit(connections, connector);
    limit.setEndPointIdleTimeout(HURRIED.toMillis());
    server.addBean(limit);
    connector.setHost(inet.getAddress().getHostAddress());
    connector.setPort(inet.getPort());
    return connector;
  }

  private static UnixDomainServerConnector local(Server server, SocketFile socket) {
    UnixDomainServerConnector connector =
        new UnixDomainServerConnector(server, new HttpConnectionFactory(http()));
    connector.setUnixDomainPath(socket.hidden());
    return connector;
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER);
    http.setHttpCompliance(HttpCompliance.RFC7230);
    return http;
  }

  /** Takes new files when they make sense; until then the old ones stay. Used by one thread. */
  private static final class CertificateWatch {
    private final TlsFiles tls;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private @Nullable List<FileTime> seen;
    private volatile Instant ends;

    CertificateWatch(TlsFiles tls) {
      this.tls = tls;
      context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
      context.setKeyStorePassword("");
      context.setNeedClientAuth(tls.clientCa() != null);
      TlsFiles.Stores stores = tls.load();
      take(context, stores);
      this.ends = stores.ends();
    }

    SslContextFactory.Server context() {
      return context;
    }

    private static void take(SslContextFactory to, TlsFiles.Stores stores) {
      to.setKeyStore(stores.own());
      if (stores.trusted() != null) {
        to.setTrustStore(stores.trusted());
      }
    }

    RepeatedTask every(Duration look) {
      FailureLog failures =
          FailureLog.of(Listener.class, "taking a new certificate", Clock.systemUTC());
      return RepeatedTask.startLater("certificate", look, failures, this::look);
    }

    private void look() throws Exception {
      List<FileTime> modified = tls.modified();
      if (modified.equals(seen)) {
        return;
      }
      TlsFiles.Stores stores;
      try {
        stores = tls.load();
      } catch (OperationException e) { // also between the moves of a certificate and of its key
        LOG.warn("the certificate stays as it was: {}", e.getMessage());
        return;
      }
      context.reload(factory -> take(factory, stores));
      ends = stores.ends();
      seen = modified;
    }
  }

  /**
   * Where it listens.
   *
   * @throws IllegalStateException if it is a Unix domain socket
   */
  public InetSocketAddress address() {
    if (connector instanceof ServerConnector network) {
      return new InetSocketAddress(network.getHost(), ((NetworkConnector) network).getLocalPort());
    }
    throw new IllegalStateException("it listens at a Unix domain socket");
  }

  /** Where it listens, as a ready line says it: a host and port, or the path of a socket. */
  public String shown() {
    return socket == null ? new ListenAddress(address()).toString() : "unix:" + socket.path();
  }

  /** Stops to listen, and waits for what is being answered. */
  @Override
  public void close() {
    if (watching != null) {
      watching.close();
    }
    try {
      server.stop();
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.warn("did not stop to listen as it should", e);
    }
    if (socket != null) {
      socket.close();
    }
  }
}
