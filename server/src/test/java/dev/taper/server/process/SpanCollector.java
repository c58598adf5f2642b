package dev.taper.server.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes the spans that a process sends, as OTLP over HTTP. */
public final class SpanCollector implements AutoCloseable {
  private final HttpServer server;
  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();

  private SpanCollector(HttpServer server) {
    this.server = server;
  }

  /** Starts one. */
  public static SpanCollector start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SpanCollector collector = new SpanCollector(server);
    server.createContext("/v1/traces", collector::take);
    server.start();
    return collector;
  }

  private void take(HttpExchange exchange) throws IOException {
    received.add(exchange.getRequestBody().readAllBytes());
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  /** What a process is told so that it sends spans here. */
  public Map<String, String> environment() {
    return Map.of(
        "OTEL_TRACES_EXPORTER",
        "otlp",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The same, as words before a command. */
  public List<String> before() {
    List<String> words = new ArrayList<>(List.of("env"));
    environment().forEach((name, value) -> words.add(name + "=" + value));
    return words;
  }

  /** How often a text is in what was sent. */
  public int count(String text) {
    return count(text.getBytes(StandardCharsets.UTF_8));
  }

  /** How often an id is in what was sent. */
  public int countId(String hex) {
    return count(HexFormat.of().parseHex(hex));
  }

  private int count(byte[] wanted) {
    int found = 0;
    String one = new String(wanted, StandardCharsets.ISO_8859_1);
    for (byte[] each : received) {
      String all = new String(each, StandardCharsets.ISO_8859_1);
      for (int at = all.indexOf(one); at >= 0; at = all.indexOf(one, at + 1)) {
        found++;
      }
    }
    return found;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
