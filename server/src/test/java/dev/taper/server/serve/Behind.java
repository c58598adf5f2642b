package dev.taper.server.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** The service behind a proxy: it notes what reaches it, and judges nothing but digests. */
final class Behind implements AutoCloseable {
  /** What reached the service. */
  record Reached(String method, String target, Headers fields, String content) {}

  final List<Reached> reached = new CopyOnWriteArrayList<>();

  /** Answers with what looks like a refusal. */
  volatile boolean refuses;

  private final HttpServer server;

  Behind() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "behind");
              thread.setDaemon(true);
              return thread;
            }));
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] content = exchange.getRequestBody().readAllBytes();
    String digest = exchange.getRequestHeaders().getFirst("Content-Digest");
    boolean isMeant = content.length == 0 || ("sha-256=:" + sha256(content) + ":").equals(digest);
    if (isMeant) {
      reached.add(
          new Reached(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              new String(content, StandardCharsets.UTF_8)));
    }
    exchange.getResponseHeaders().set("Cache-Control", "public, max-age=60");
    String said = "from the service";
    if (refuses) {
      said = "{\"status\":403,\"code\":\"out_of_scope\",\"detail\":\"x\"}";
      exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
      exchange.getResponseHeaders().set("Taper-Refusal", "out_of_scope");
    }
    byte[] body = said.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(refuses ? 403 : isMeant ? 200 : 400, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  static String sha256(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
