package dev.taper.server.serve.decide;

import dev.taper.Given;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.mcp.McpJson;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service got and asks about, in one of three forms; {@code decide-question.schema.json} has
 * the JSON. Nothing of a token or proof is decoded yet. For one thread.
 */
sealed interface DecideQuestion {
  /** The member, beside what was sent, that says where its caller connected from. */
  String ADDRESS = "address";

  /** A request of HTTP, with everything that it presents in its fields. */
  record Http(
      String method, String target, boolean isSecure, Map<String, List<String>> fields, Body body)
      implements DecideQuestion, IncomingRequest {
    @Override
    public List<String> field(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      List<String> given = fields.getOrDefault(lower, List.of());
      boolean isLength = given.isEmpty() && lower.equals("content-length");
      // A service whose server took transfer coding away may have no length to tell.
      return isLength && body.bytes().length > 0 && !fields.containsKey("transfer-encoding")
          ? List.of(Integer.toString(body.bytes().length))
          : given;
    }

    /** True if the request says that it has content, and the question has none of it. */
    boolean isContentMissing() {
      List<String> lengths = fields.getOrDefault("content-length", List.of());
      return !body.isStated()
          && (fields.containsKey("transfer-encoding")
              || lengths.stream().anyMatch(length -> !length.equals("0")));
    }

    @Override
    public Collection<String> fieldNames() {
      return fields.keySet();
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(body.bytes());
    }
  }

  /**
   * The content of a request.
   *
   * @param bytes not to be changed
   * @param isStated false if the question does not say what it is
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Body(byte[] bytes, boolean isStated) {}

  /** A tool with its arguments, and what is presented with them. */
  record Tool(
      String token, @Nullable String proof, List<String> approvals, String name, String arguments)
      implements DecideQuestion {}

  /** A message of MCP, with everything that it presents in its parameters. */
  record Mcp(String method, Map<String, @Nullable Object> params) implements DecideQuestion {}

  /** Reads a question. */
  static DecideQuestion read(QuestionJson json) throws QuestionException {
    DecideQuestion question = sent(json);
    json.end();
    return question;
  }

  /** Takes out what was sent, in one of the forms. */
  static DecideQuestion sent(QuestionJson json) throws QuestionException {
    if (json.has("http")) {
      return http(json.object("http"));
    }
    if (json.has("mcp")) {
      QuestionJson mcp = json.object("mcp");
      String method = mcp.text("method");
      QuestionJson params = mcp.optionalObject("params");
      mcp.end();
      return new Mcp(method, params == null ? Map.of() : params.rest());
    }
    QuestionJson tool = json.object("tool");
    String name = tool.text("name");
    QuestionJson arguments = tool.optionalObject("arguments");
    tool.end();
    return new Tool(
        json.text("token"),
        json.optionalText("proof"),
        json.texts("approvals"),
        name,
        arguments(arguments));
  }

  /** Arguments as JSON text. */
  static String arguments(@Nullable QuestionJson arguments) {
    return arguments == null ? "{}" : McpJson.write(arguments.rest(), QuestionJson.MAX);
  }

  private static Http http(QuestionJson http) throws QuestionException {
    String method = http.text("method");
    String target = http.text("target");
    String scheme = http.text("scheme");
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw http.wrong("scheme", "is not http or https");
    }
    Map<String, List<String>> fields = http.fields("fields");
    String content = http.optionalText("content");
    http.end();
    return new Http(
        method,
        target,
        scheme.equals("https"),
        fields,
        new Body(content(http, content), content != null));
  }

  private static byte[] content(QuestionJson http, @Nullable String text) throws QuestionException {
    if (text == null) {
      return new byte[0];
    }
    byte[] bytes = Given.base64(text);
    if (bytes == null) {
      throw http.wrong("content", "is not base64url without padding");
    }
    return bytes;
  }
}
