package dev.taper.operations.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.crypto.Digests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A provider and an issuer that answer as a test says, and what they were asked. */
final class FakeServers implements AutoCloseable {
  final HttpServer server;
  final String url;
  final Map<String, String> claims = new LinkedHashMap<>();
  final Map<String, String> discovery = new LinkedHashMap<>();
  final List<Map<String, String>> exchanges = new ArrayList<>();
  final ConcurrentLinkedQueue<Function<Map<String, String>, String>> answers =
      new ConcurrentLinkedQueue<>();
  private volatile Map<String, String> begun = Map.of();

  FakeServers() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    discovery.put("issuer", '"' + url + '"');
    discovery.put("authorization_endpoint", '"' + url + "/authorize\"");
    discovery.put("token_endpoint", '"' + url + "/provider-token\"");
    server.createContext(
        "/.well-known/openid-configuration", exchange -> say(exchange, 200, object(discovery)));
    server.createContext("/provider-token", this::code);
    server.createContext("/token", this::exchange);
    server.start();
  }

  /** Comes back as the browser of a person who signed in. */
  String browser(URI there) {
    begun = form(there.getRawQuery());
    return begun.get("redirect_uri") + "?code=c1&state=" + begun.get("state");
  }

  static HttpResponse<String> open(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void code(HttpExchange exchange) throws IOException {
    Map<String, String> form = form(body(exchange));
    String challenge =
        base64(
            Digests.sha256(
                form.getOrDefault("code_verifier", "").getBytes(StandardCharsets.US_ASCII)));
    boolean isGood =
        "c1".equals(form.get("code"))
            && challenge.equals(begun.get("code_challenge"))
            && Objects.equals(begun.get("redirect_uri"), form.get("redirect_uri"));
    if (!isGood) {
      say(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    Map<String, String> all = new LinkedHashMap<>();
    all.put("iss", '"' + url + '"');
    all.put("sub", "\"alice-1\"");
    all.put("aud", "\"taper-login\"");
    all.put("exp", "1893502800");
    all.put("nonce", '"' + begun.get("nonce") + '"');
    all.putAll(claims);
    String token = base64("{}") + "." + base64(object(all)) + ".c2ln";
    say(
        exchange,
        200,
        "{\"id_token\":\"" + token + "\",\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\"}");
  }

  private void exchange(HttpExchange exchange) throws IOException {
    Map<String, String> form = form(body(exchange));
    exchanges.add(form);
    Function<Map<String, String>, String> next = answers.poll();
    String json = next == null ? "{\"error\":\"invalid_grant\"}" : next.apply(form);
    say(exchange, json.contains("\"error\"") ? 400 : 200, json);
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void say(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String object(Map<String, String> members) {
    StringBuilder json = new StringBuilder("{");
    members.forEach(
        (name, value) ->
            json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
    return json.append('}').toString();
  }

  static Map<String, String> form(String text) {
    Map<String, String> fields = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      fields.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
