package dev.taper.operations.keeper;

import dev.taper.JsonFields;
import dev.taper.SafeJson;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Writes requests to a keeper. */
final class SentJson {
  private SentJson() {}

  /** Adds what is sent as the member that says its form. */
  static void put(@Nullable SentCall sent, JsonFields request) {
    if (sent instanceof SentHttp http) {
      request.put("http", http(http));
    } else if (sent instanceof SentMcp mcp) {
      request.put(
          "mcp",
          new JsonFields()
              .put("method", mcp.method())
              .json("params", SafeJson.escaped(mcp.params())));
    } else if (sent instanceof SentTool tool) {
      request.put(
          "tool",
          new JsonFields()
              .put("name", tool.tool())
              .putIfPresent("operation", tool.operation())
              .putIfPresent("resource", tool.resource())
              .json("arguments", SafeJson.escaped(tool.arguments())));
    } else {
      request.put("offer", true);
    }
  }

  private static JsonFields http(SentHttp http) {
    JsonFields fields =
        new JsonFields()
            .put("method", http.method())
            .put("url", http.origin() + http.target())
            .putIfPresent("content_type", http.contentType())
            .putIfPresent("content_encoding", http.contentEncoding());
    if (http.contentLength() > 0) {
      fields.put("content", Base64.getUrlEncoder().withoutPadding().encodeToString(http.content()));
    }
    return fields.putIfPresent("fields", http.fields().isEmpty() ? null : http.fields());
  }
}
