package dev.taper.integrations.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.taper.integrations.http.jdk.TaperFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** On the JDK's server. */
final class JdkService extends TestService {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private JdkService(HttpServer server) {
    this.server = server;
  }

  static TestService start(Function<String, HttpGuard> guard) throws IOException {
    return start(guard, HttpServer.create(free(), 0));
  }

  static TestService startTls(Function<String, HttpGuard> guard, SSLContext tls)
      throws IOException {
    HttpsServer server = HttpsServer.create(free(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return start(guard, server);
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static TestService start(Function<String, HttpGuard> guard, HttpServer server) {
    JdkService service = new JdkService(server);
    server
        .createContext("/", service::handle)
        .getFilters()
        .addAll(List.of(service.new Outer(), TaperFilter.of(guard.apply(service.origin()))));
    server.setExecutor(service.threads);
    server.start();
    return service;
  }

  private final class Outer extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      try {
        chain.doFilter(exchange);
      } finally {
        done.release();
      }
    }

    @Override
    public String description() {
      return "sees the end of each request";
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] content = exchange.getRequestBody().readAllBytes();
      reached.add(new Reached(TaperFilter.call(exchange).toJson(), content));
      allowed.add(TaperFilter.allowed(exchange));
      byte[] answer = TaperFilter.call(exchange).tool().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Cache-Control", "public, max-age=60");
      exchange.getResponseHeaders().set("Taper-Refusal", "out_of_scope");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  boolean isSecure() {
    return server instanceof HttpsServer;
  }

  @Override
  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
