package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What goes over the wire, as vectors have it, with its parts as docs/profile.md has them. */
final class Sent {
  private final int form;
  private final ObjectNode json;
  private final SortedMap<String, String> fields = new TreeMap<>();

  private Sent(int form, ObjectNode json) {
    this.form = form;
    this.json = json;
  }

  /** Form 1, of a JSON text as section 7 has it. */
  static Sent request(String text) {
    return new Sent(1, Json.object("form", 1, "request", text));
  }

  /** Form 1, of a tool and its arguments in canonical form. */
  static Sent tool(String tool, String arguments) {
    return request("{\"tool\":\"" + tool + "\",\"args\":" + arguments + "}");
  }

  /** Form 2. */
  static Sent http(String method, String origin, String target) {
    return new Sent(
        2, Json.object("form", 2, "method", method, "origin", origin, "target", target));
  }

  /** The same with content. */
  Sent content(@Nullable String type, String text) {
    return content(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with content. */
  Sent content(@Nullable String type, byte[] content) {
    json.setAll(Json.object("contentType", type, "content", content));
    return this;
  }

  /** The same with a content encoding. */
  Sent encoded(String coding) {
    json.setAll(Json.object("contentEncoding", coding));
    return this;
  }

  /** The same with a header field. */
  Sent field(String name, String value) {
    fields.put(name, value);
    ObjectNode all = Json.object();
    fields.forEach(all::put);
    json.set("fields", all);
    return this;
  }

  /** Form 3; the params are in canonical form where a proof of it is made. */
  static Sent mcp(String method, String params) {
    return new Sent(3, Json.object("form", 3, "method", method, "params", params));
  }

  /** Form 4. */
  static Sent offer() {
    return new Sent(4, Json.object("form", 4));
  }

  int form() {
    return form;
  }

  ObjectNode json() {
    return json;
  }

  /** Its own parts, in the order of the form. */
  byte[][] parts() {
    return switch (form) {
      case 1 -> toolParts();
      case 2 -> httpParts();
      case 3 -> new byte[][] {text("method"), text("params")};
      default -> new byte[0][];
    };
  }

  private byte[][] toolParts() {
    String request = Json.text(json, "request");
    int args = request.indexOf(",\"args\":");
    String arguments = request.substring(args + ",\"args\":".length(), request.length() - 1);
    JsonNode said = Json.read(utf8(request));
    return new byte[][] {
      utf8(Json.text(said, "tool")),
      utf8(said.path("operation").asText()),
      utf8(said.path("resource").asText()),
      utf8(arguments)
    };
  }

  private byte[][] httpParts() {
    String origin = Json.text(json, "origin");
    int scheme = origin.indexOf("://");
    StringBuilder all = new StringBuilder();
    fields.forEach(
        (name, value) ->
            all.append(all.length() == 0 ? "{" : ",")
                .append('"')
                .append(name)
                .append("\":\"")
                .append(value)
                .append('"'));
    return new byte[][] {
      text("method"),
      utf8(origin.substring(0, scheme)),
      utf8(origin.substring(scheme + 3)),
      text("target"),
      text("contentType"),
      text("contentEncoding"),
      utf8(all.length() == 0 ? "" : all.append('}').toString()),
      json.has("content") ? Json.bytes(Json.get(json, "content")) : new byte[0]
    };
  }

  private byte[] text(String member) {
    return utf8(json.has(member) ? Json.text(json, member) : "");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads what a vector has, with the engine; null for form 4. */
  static @Nullable SentCall read(JsonNode sent) {
    return switch (Json.get(sent, "form").intValue()) {
      case 1 -> readRequest(Json.text(sent, "request"));
      case 2 -> readHttp(sent);
      case 3 -> SentMcp.of(Json.text(sent, "method"), Json.text(sent, "params"));
      default -> null;
    };
  }

  private static SentCall readRequest(String text) {
    SortedMap<String, String> members = CanonicalJson.members(text);
    String tool = members.get("tool");
    if (tool == null || !Set.of("args", "tool").containsAll(members.keySet())) {
      return ToolCall.parse(text).sent();
    }
    return SentTool.of(CanonicalJson.string(tool, "the tool"), members.getOrDefault("args", "{}"));
  }

  private static SentCall readHttp(JsonNode sent) {
    SentHttp http =
        SentHttp.of(
            Json.text(sent, "method"), Json.text(sent, "origin"), Json.text(sent, "target"));
    if (sent.has("contentType") || sent.has("content")) {
      byte[] content = sent.has("content") ? Json.bytes(Json.get(sent, "content")) : new byte[0];
      http = http.content(Json.textOrNull(sent, "contentType"), content);
    }
    if (sent.has("contentEncoding")) {
      http = http.contentEncoding(Json.text(sent, "contentEncoding"));
    }
    for (Map.Entry<String, JsonNode> field : sent.path("fields").properties()) {
      http = http.field(field.getKey(), field.getValue().textValue());
    }
    return http;
  }
}
