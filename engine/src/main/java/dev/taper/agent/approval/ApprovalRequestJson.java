package dev.taper.agent.approval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests for approval as JSON: {@code {"audience": "…", "call": {…}, "catalog": "…", "format":
 * "taper/1 approval request", "reason": "…", "token": "…"}}, read strictly; the catalog may be
 * missing.
 */
final class ApprovalRequestJson {
  private static final String FORMAT = "taper/1 approval request";

  /** More than the largest token and the largest call together. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private static final int MAX_DEPTH = 17; // of a call, and one more

  private static final int MAX_NUMBER = 1000;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final JsonFactory FACTORY = SafeJson.strict(MAX_DEPTH, MAX_CHARACTERS, MAX_NUMBER);

  private ApprovalRequestJson() {}

  static String write(ApprovalRequest request) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("audience", request.audience());
      json.writeFieldName("call");
      json.writeRawValue(SafeJson.escaped(request.call().toJson()));
      if (request.catalogDigest() != null) {
        json.writeStringField("catalog", request.catalogDigest());
      }
      json.writeStringField("format", FORMAT);
      json.writeStringField("reason", request.reason());
      json.writeStringField("token", request.token().encodeBase64());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  static ApprovalRequest read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw malformed("is too long", null);
    }
    try (JsonParser json = FACTORY.createParser(text)) {
      ApprovalRequest request = request(json, text);
      if (json.nextToken() != null) {
        throw malformed("is followed by something else", null);
      }
      return request;
    } catch (IOException e) {
      // Without the parser's own message, which may quote the input.
      throw malformed("has a syntax error or a repeated name", e);
    }
  }

  private static ApprovalRequest request(JsonParser json, String text) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("is no JSON object", null);
    }
    String audience = null;
    ToolCall call = null;
    String catalog = null;
    String format = null;
    String reason = null;
    String token = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "audience" -> audience = string(json, name);
        case "call" -> call = call(json, text);
        case "catalog" -> catalog = digest(json, name);
        case "format" -> format = string(json, name);
        case "reason" -> reason = string(json, name);
        case "token" -> token = string(json, name);
        default -> throw malformed("has a member that is unknown", null);
      }
    }
    if (!FORMAT.equals(format)) {
      throw malformed("does not say that it is of the format \"" + FORMAT + "\"", null);
    }
    if (audience == null || call == null || reason == null || token == null) {
      throw malformed("needs an audience, a call, a reason and a token", null);
    }
    UnverifiedToken held = UnverifiedToken.decode(token);
    if (held.kind() != Token.Kind.HELD) {
      throw malformed("has a token that nobody holds", null);
    }
    try {
      return ApprovalRequest.of(held, call, audience, reason, catalog);
    } catch (TaperException e) {
      throw malformed("has an audience or a reason that is no line of visible text", e);
    }
  }

  private static String string(JsonParser json, String name) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw malformed("has something else than a string as its " + name, null);
    }
    return json.getText();
  }

  private static String digest(JsonParser json, String name) throws IOException {
    String text = string(json, name);
    if (!DIGEST.matcher(text).matches()) {
      throw malformed("has something else than a digest as its " + name, null);
    }
    return text;
  }

  private static ToolCall call(JsonParser json, String text) throws IOException {
    int start = (int) json.currentTokenLocation().getCharOffset();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw malformed("has a call that is no object", null);
    }
    json.skipChildren();
    String call = text.substring(start, (int) json.currentLocation().getCharOffset());
    try {
      return ToolCall.parse(call);
    } catch (TaperException e) {
      // The service may take some arguments for prose; then all of them are shown as they are.
      return ToolCall.parse(call, argumentNames(call));
    }
  }

  private static Set<String> argumentNames(String call) throws IOException {
    Set<String> names = new HashSet<>();
    try (JsonParser json = FACTORY.createParser(call)) {
      for (JsonToken t = json.nextToken(); t != null; t = json.nextToken()) {
        if (t == JsonToken.FIELD_NAME) {
          names.add(json.currentName());
        }
      }
    }
    return names;
  }

  private static TaperException malformed(String what, @Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.MALFORMED_APPROVAL_REQUEST, "the request for approval " + what, cause);
  }
}
