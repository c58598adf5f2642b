package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
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
  private static final JsonReader<TaperException> JSON =
      JsonReader.of(
          MAX_DEPTH,
          MAX_CHARACTERS,
          MAX_NUMBER,
          (message, cause) ->
              new TaperException(ErrorCode.MALFORMED_APPROVAL_REQUEST, message, cause));

  private ApprovalRequestJson() {}

  /** Writes a request. */
  static String write(ApprovalRequest request) {
    return new JsonFields()
        .put("audience", request.audience())
        .json("call", SafeJson.escaped(request.call().toJson()))
        .putIfPresent("catalog", request.catalogDigest())
        .put("format", FORMAT)
        .put("reason", request.reason())
        .put("token", request.token().encodeBase64())
        .toJson();
  }

  /** Reads a request strictly: unknown members, repeated names and everything else are refused. */
  static ApprovalRequest read(String text) {
    JsonMembers<TaperException> all =
        JSON.read(text, "the request for approval")
            .only("audience", "call", "catalog", "format", "reason", "token");
    if (!all.text("format").equals(FORMAT)) {
      throw all.invalid("format", "is not \"" + FORMAT + "\"");
    }
    String audience = all.text("audience");
    ToolCall call = call(all);
    String catalog = all.textOrNull("catalog");
    if (catalog != null && !DIGEST.matcher(catalog).matches()) {
      throw all.invalid("catalog", "is no digest");
    }
    String reason = all.text("reason");
    UnverifiedToken held = UnverifiedToken.decode(all.text("token"));
    if (held.kind() != Token.Kind.HELD) {
      throw malformed("has a token that nobody holds", null);
    }
    try {
      return ApprovalRequest.of(held, call, audience, reason, catalog);
    } catch (TaperException e) {
      throw malformed("has an audience or a reason that is no line of visible text", e);
    }
  }

  private static ToolCall call(JsonMembers<TaperException> all) {
    JsonMembers<TaperException> members = all.object("call");
    String call = all.json("call");
    try {
      return ToolCall.parse(call);
    } catch (TaperException e) {
      // The service may take some arguments for prose; then all of them are shown as they are.
      JsonMembers<TaperException> arguments = members.objectIfAny("args");
      return ToolCall.parse(call, arguments == null ? Set.of() : arguments.names());
    }
  }

  private static TaperException malformed(String what, @Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.MALFORMED_APPROVAL_REQUEST, "the request for approval " + what, cause);
  }
}
