package dev.taper.integrations.mcp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Messages as texts, such as no library sends them. */
final class Post {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int LARGE = 1 << 20;

  private Post() {}

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param response with its header fields
   * @param message the message in it, or the problem
   */
  record Answer(int status, HttpResponse<String> response, Map<String, @Nullable Object> message) {
    /** The refusal, wherever it stands; null if it is none. */
    @Nullable McpRefusal refusal() {
      if (message.get("error") instanceof Map<?, ?> error) {
        return McpRefusal.in(error.get("data"));
      }
      if (message.get("result") instanceof Map<?, ?> result) {
        return result.get(McpMeta.MEMBER) instanceof Map<?, ?> meta
            ? McpRefusal.of(meta.get(McpMeta.REFUSAL))
            : null;
      }
      return McpRefusal.of(message);
    }

    String code() {
      return Objects.requireNonNull(refusal(), () -> "no refusal: " + response.body()).code();
    }

    /** The code of a JSON-RPC error; 0 without one. */
    int error() {
      return message.get("error") instanceof Map<?, ?> error
          ? ((Number) Objects.requireNonNull(error.get("code"))).intValue()
          : 0;
    }
  }

  static String message(String method, Map<String, ?> params) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("jsonrpc", "2.0");
    message.put("id", 1);
    message.put("method", method);
    message.put("params", params);
    return McpJson.write(message, LARGE);
  }

  static Answer to(String origin, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
    String text = response.body();
    return new Answer(
        response.statusCode(),
        response,
        text.startsWith("{") ? McpJson.read(text, LARGE) : Map.of());
  }
}
