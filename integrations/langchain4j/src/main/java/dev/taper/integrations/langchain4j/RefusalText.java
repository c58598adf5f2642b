package dev.taper.integrations.langchain4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.CallDecision;
import dev.taper.agent.Refusal;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refusals in words for a model: what was refused, why, and what to do instead of trying again.
 * What a server wrote is shortened and cannot hide; keys are left out.
 */
final class RefusalText {
  private static final int LONGEST = 500;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int UNAVAILABLE = 503;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** A public key in its text form: of no use to a model. */
  private static final Pattern KEY = Pattern.compile("[a-z0-9]{3,16}/[0-9a-f]{40,}");

  private RefusalText() {}

  /** Says a refusal of a server. */
  static String of(String tool, McpRefusal refusal) {
    return words(tool, refusal);
  }

  /** Says a denial of a verifier in this process. */
  static String of(String tool, CallDecision.Denied denied) {
    Refusal refusal = Refusal.parse(denied.toJson());
    return words(tool, new McpRefusal(FORBIDDEN, refusal.code(), refusal.reason(), refusal));
  }

  /** Says why a call has no meaning. */
  static String of(String tool, TaperException error) {
    return words(tool, new McpRefusal(400, error.code().text(), error.getMessage(), null));
  }

  /** Reads a refusal from the text that LangChain4j makes of it; null if it is none. */
  static @Nullable McpRefusal read(@Nullable String text) {
    if (text == null || !text.startsWith("{")) {
      return null;
    }
    try {
      return McpRefusal.of(JSON.readValue(text, OBJECT));
    } catch (JacksonException e) {
      return null;
    }
  }

  private static String words(String tool, McpRefusal refusal) {
    StringBuilder text =
        new StringBuilder("The call of ")
            .append(shown(tool))
            .append(" was refused, and nothing was done (")
            .append(shown(refusal.code()))
            .append(").");
    if (refusal.detail() != null) {
      text.append(' ').append(sentence(refusal.detail()));
    }
    return text.append(' ').append(advice(refusal)).toString();
  }

  private static String advice(McpRefusal refusal) {
    Refusal decision = refusal.decision();
    if (decision != null && decision.isApprovalRequired()) {
      return "It needs an approval"
          + by(decision)
          + ". Tell the user so, and do not call again before it is given.";
    }
    if (decision != null && decision.suggestion() != null) {
      Refusal.Suggested suggested = decision.suggestion();
      return "Only "
          + sentence(shown(suggested.whom()) + " could allow it, by: " + suggested.grant())
          + " Do not call again with the same arguments.";
    }
    return switch (refusal.status()) {
      case UNAUTHORIZED -> "The agent's credentials were not accepted: stop, and tell the user.";
      case UNAVAILABLE -> "It cannot be decided now; the same call may be allowed later.";
      default -> "Do not call again with the same arguments.";
    };
  }

  private static String by(Refusal decision) {
    List<String> names = new ArrayList<>();
    Refusal.Missing missing = decision.missing();
    if (missing != null) {
      missing.approvers().stream()
          .filter(approver -> !KEY.matcher(approver).find())
          .forEach(names::add);
    }
    return names.isEmpty() ? "" : " by " + shown(String.join(" or ", names));
  }

  private static String sentence(String text) {
    String shown = shown(text);
    return shown.endsWith(".") ? shown : shown + ".";
  }

  private static String shown(String text) {
    return ShownText.of(KEY.matcher(text).replaceAll("a known key"), LONGEST);
  }
}
