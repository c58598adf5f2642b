package dev.taper.benchmarks.workload;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.integrations.http.HttpGuard;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A server on a free port of this machine, whose handler reads the content, perhaps does some work,
 * and answers two letters: bare, or behind a filter of Taper's. Thread-safe.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final byte[] ANSWER = {'o', 'k'};

  /** What stops a server. */
  @FunctionalInterface
  private interface Stop {
    void stop() throws Exception;
  }

  private final int port;
  private final Stop stop;

  private LoopbackServer(int port, Stop stop) {
    this.port = port;
    this.stop = stop;
  }

  /**
   * Starts a server without a filter.
   *
   * @param kind {@code jdk} or {@code jetty}
   * @param work what its handler does for each request
   */
  public static LoopbackServer bare(String kind, Runnable work) throws Exception {
    return start(kind, null, work);
  }

  /**
   * Starts a server behind a filter.
   *
   * @param kind {@code jdk} or {@code jetty}
   * @param guard what guards a server on a port
   */
  public static LoopbackServer guarded(String kind, IntFunction<HttpGuard> guard) throws Exception {
    return start(kind, guard, () -> {});
  }

  private static LoopbackServer start(
      String kind, @Nullable IntFunction<HttpGuard> guard, Runnable work) throws Exception {
    return switch (kind) {
      case "jdk" -> jdk(guard, work);
      case "jetty" -> jetty(guard, work);
      default -> throw new IllegalArgumentException("no such server: " + kind);
    };
  }

  /** The port. */
  public int port() {
    return port;
  }

  private static LoopbackServer jdk(@Nullable IntFunction<HttpGuard> guard, Runnable work)
      throws IOException {
    // Else the server's two packets of an answer wait for one another.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int port = server.getAddress().getPort();
    HttpContext context = server.createContext("/", exchange -> answer(exchange, work));
    if (guard != null) {
      context.getFilters().add(dev.taper.integrations.http.jdk.TaperFilter.of(guard.apply(port)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    server.setExecutor(threads);
    server.start();
    return new LoopbackServer(
        port,
        () -> {
          server.stop(0);
          threads.shutdownNow();
        });
  }

  private static void answer(HttpExchange exchange, Runnable work) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      work.run();
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    }
  }

  private static LoopbackServer jetty(@Nullable IntFunction<HttpGuard> guard, Runnable work)
      throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    connector.open();
    int port = connector.getLocalPort();
    ServletContextHandler context = new ServletContextHandler();
    if (guard != null) {
      context.addFilter(
          new FilterHolder(dev.taper.integrations.http.servlet.TaperFilter.of(guard.apply(port))),
          "/*",
          EnumSet.of(DispatcherType.REQUEST));
    }
    context.addServlet(new ServletHolder(new Answering(work)), "/*");
    server.setHandler(context);
    server.start();
    return new LoopbackServer(port, server::stop);
  }

  private static final class Answering extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Runnable work;

    Answering(Runnable work) {
      this.work = work;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      request.getInputStream().readAllBytes();
      work.run();
      response.setContentLength(ANSWER.length);
      response.getOutputStream().write(ANSWER);
    }
  }

  @Override
  public void close() {
    try {
      stop.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
