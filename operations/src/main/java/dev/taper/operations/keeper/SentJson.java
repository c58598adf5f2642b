package dev.taper.operations.keeper;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes requests to a keeper. */
final class SentJson {
  /** Writes the members of an object. */
  @FunctionalInterface
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private SentJson() {}

  static String object(Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** Writes what is sent as the member that says its form. */
  static void write(@Nullable SentCall sent, JsonGenerator json) throws IOException {
    if (sent instanceof SentHttp http) {
      json.writeObjectFieldStart("http");
      http(http, json);
    } else if (sent instanceof SentMcp mcp) {
      json.writeObjectFieldStart("mcp");
      json.writeStringField("method", mcp.method());
      raw(json, "params", mcp.params());
    } else if (sent instanceof SentTool tool) {
      tool(tool, json);
    } else {
      json.writeBooleanField("offer", true);
      return;
    }
    json.writeEndObject();
  }

  private static void http(SentHttp http, JsonGenerator json) throws IOException {
    json.writeStringField("method", http.method());
    json.writeStringField("url", http.origin() + http.target());
    text(json, "content_type", http.contentType());
    text(json, "content_encoding", http.contentEncoding());
    if (http.contentLength() > 0) {
      json.writeStringField(
          "content", Base64.getUrlEncoder().withoutPadding().encodeToString(http.content()));
    }
    if (!http.fields().isEmpty()) {
      json.writeObjectFieldStart("fields");
      for (Map.Entry<String, String> field : http.fields().entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
  }

  private static void tool(SentTool tool, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeStringField("name", tool.tool());
    text(json, "operation", tool.operation());
    text(json, "resource", tool.resource());
    raw(json, "arguments", tool.arguments());
  }

  static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void raw(JsonGenerator json, String name, String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(SafeJson.escaped(value));
  }
}
