package dev.taper.server.serve.decide;

import dev.taper.JsonMembers;
import dev.taper.integrations.http.IncomingRequest;
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

  /** The content of a request that has none. */
  byte[] NOTHING = {};

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
  static DecideQuestion read(JsonMembers<QuestionException> json) throws QuestionException {
    DecideQuestion question = sent(json);
    json.end();
    return question;
  }

  /** Takes out what was sent, in one of the forms. */
  static DecideQuestion sent(JsonMembers<QuestionException> json) throws QuestionException {
    if (json.has("http")) {
      return http(json.object("http"));
    }
    if (json.has("mcp")) {
      JsonMembers<QuestionException> mcp = json.object("mcp");
      String method = mcp.text("method");
      Map<String, @Nullable Object> params = mcp.map("params");
      mcp.end();
      return new Mcp(method, params);
    }
    JsonMembers<QuestionException> tool = json.object("tool");
    String name = tool.text("name");
    String arguments = QuestionJson.object(tool, "arguments");
    tool.end();
    return new Tool(
        json.text("token"), json.textOrNull("proof"), json.texts("approvals"), name, arguments);
  }

  private static Http http(JsonMembers<QuestionException> http) throws QuestionException {
    String method = http.text("method");
    String target = http.text("target");
    String scheme = http.text("scheme");
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw http.invalid("scheme", "is not http or https");
    }
    Map<String, List<String>> fields = QuestionJson.fields(http.object("fields"));
    byte[] content = http.bytesOrNull("content");
    http.end();
    return new Http(
        method,
        target,
        scheme.equals("https"),
        fields,
        new Body(content == null ? NOTHING : content, content != null));
  }
}
