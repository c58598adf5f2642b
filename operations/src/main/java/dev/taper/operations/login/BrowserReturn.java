package dev.taper.operations.login;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.DaemonThreads;
import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits on this machine alone for the browser to come back from the provider (RFC 8252). Only the
 * answer with the right state counts; whatever else a page or program sends changes nothing. For
 * one sign-in.
 */
final class BrowserReturn implements AutoCloseable {
  private static final String PATH = "/callback";
  private static final int MAX_QUERY = 16 * 1024;
  private static final int MAX_FIELDS = 32;
  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ExecutorService threads;
  private final String state;
  private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();

  private BrowserReturn(HttpServer server, ExecutorService threads, String state) {
    this.server = server;
    this.threads = threads;
    this.state = state;
  }

  /**
   * Begins to wait.
   *
   * @param port where; 0 for any
   * @param state what the right answer states
   * @throws OperationException {@code io} if the port is taken
   */
  static BrowserReturn at(int port, String state) {
    HttpServer server;
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
              BACKLOG);
    } catch (IOException e) {
      throw OperationException.io(
          "cannot wait for the browser at port " + port + ": " + e.getMessage(), e);
    }
    ExecutorService threads = Executors.newFixedThreadPool(4, DaemonThreads.named("browser"));
    BrowserReturn waiting = new BrowserReturn(server, threads, state);
    server.createContext("/", waiting::handle);
    server.setExecutor(threads);
    server.start();
    return waiting;
  }

  /** Where the provider sends the browser. */
  String redirect() {
    return "http://" + host() + PATH;
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getRawQuery();
      boolean isOurs =
          exchange.getRequestMethod().equals("GET")
              && exchange.getRequestURI().getRawPath().equals(PATH)
              && host().equals(exchange.getRequestHeaders().getFirst("Host"))
              && query != null
              && query.length() <= MAX_QUERY;
      Map<String, String> fields = isOurs ? fields(query) : Map.of();
      boolean isRight = isSame(fields.getOrDefault("state", ""), state);
      if (isRight) {
        answer.complete(fields);
      }
      say(
          exchange,
          isRight ? 200 : 400,
          isRight
              ? "You are signed in. Go back to the terminal; this page can be closed."
              : "This is not the sign-in that the terminal waits for.");
    }
  }

  /** The fields of a query; none if one stands there twice, or is malformed. */
  private static Map<String, String> fields(String query) {
    try {
      return UrlEncoded.fields(query, MAX_FIELDS, "query");
    } catch (TaperException e) {
      return Map.of();
    }
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static void say(HttpExchange exchange, int status, String sentence) throws IOException {
    Headers fields = exchange.getResponseHeaders();
    fields.put("Content-Type", List.of("text/html; charset=utf-8"));
    fields.put("Content-Security-Policy", List.of("default-src 'none'; frame-ancestors 'none'"));
    fields.put("Referrer-Policy", List.of("no-referrer"));
    fields.put("X-Content-Type-Options", List.of("nosniff"));
    fields.put("Cache-Control", List.of("no-store"));
    byte[] page =
        ("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>taper login</title><p>"
                + sentence
                + "</p></html>\n")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, page.length);
    exchange.getResponseBody().write(page);
  }

  /**
   * Waits for the answer with the right state.
   *
   * @throws OperationException {@code login_timeout} if it does not come in time
   */
  Map<String, String> await(Duration patience) {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw OperationException.refused(
          "login_timeout", "nobody signed in within " + Times.words(patience));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OperationException.refused(
          "login_timeout", "interrupted while waiting for the browser");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nothing fails it
    }
  }

  /** Stops to wait, when the last page was sent. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdownNow();
  }
}
