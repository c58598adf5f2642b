package dev.taper.examples.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.jdk.TaperFilter;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;

/** A service with one tool: {@code Issues CONFIGURATION PORT}. */
public final class Issues {
  private Issues() {}

  /** Starts the service on a port of this machine. */
  public static HttpServer start(ConfiguredVerifier taper, int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server
        .createContext("/", Issues::answer)
        .getFilters()
        .add(TaperFilter.of(HttpGuard.of(taper::verifier)));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] answer = ("closed " + TaperFilter.call(exchange).resource()).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** Runs until it is interrupted. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    try (ConfiguredVerifier taper = TaperConfig.load(file, Clock.systemUTC()).open()) {
      System.out.println(start(taper, Integer.parseInt(arguments[1])).getAddress());
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
