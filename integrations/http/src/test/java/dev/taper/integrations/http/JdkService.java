package dev.taper.integrations.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.integrations.http.jdk.TaperFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** On the JDK's server. */
final class JdkService extends TestService {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private JdkService(HttpServer server) {
    this.server = server;
  }

  static TestService start(Function<String, HttpGuard> guard) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    JdkService service = new JdkService(server);
    server
        .createContext("/", service::handle)
        .getFilters()
        .add(TaperFilter.of(guard.apply(service.origin())));
    server.setExecutor(service.threads);
    server.start();
    return service;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] content = exchange.getRequestBody().readAllBytes();
      reached.add(new Reached(TaperFilter.call(exchange).toJson(), content));
      byte[] answer = TaperFilter.call(exchange).tool().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Cache-Control", "public, max-age=60");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
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
