package dev.taper.integrations.langchain4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.ErrorCode;
import dev.taper.agent.decision.DenialCode;
import dev.taper.integrations.mcp.McpRefusal;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refusals in words for a model, and read from what LangChain4j makes of them. */
final class RefusalText {
  static final McpRefusal.Words WORDS = McpRefusal.Words.plain(Clock.systemUTC());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private static final int BAD_REQUEST = 400;
  private static final Set<String> MEMBERS = Set.of("status", "code", "detail", "decision");
  private static final Set<String> BINDING =
      Set.of(
          "token_required",
          "unavailable",
          "fields_too_large",
          "content_too_large",
          "input_not_accepted");
  private static final Set<String> CODES = Set.copyOf(codes());

  private RefusalText() {}

  /**
   * Reads what may be a refusal from the text that LangChain4j makes of it; null if it is none.
   * That text may also be an error that the tool chose, after which something was done: nobody
   * takes it for more than text.
   */
  static @Nullable McpRefusal read(@Nullable String text) {
    if (text == null || !text.startsWith("{")) {
      return null;
    }
    try {
      Map<String, Object> members = JSON.readValue(text, OBJECT);
      McpRefusal refusal = McpRefusal.of(members);
      return refusal != null
              && MEMBERS.containsAll(members.keySet())
              && refusal.status() >= BAD_REQUEST
              && (refusal.decision() != null || CODES.contains(refusal.code()))
          ? refusal
          : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** The codes that docs/binding.md has. */
  private static Set<String> codes() {
    Set<String> codes = new HashSet<>(BINDING);
    for (DenialCode code : DenialCode.values()) {
      codes.add(code.text());
    }
    for (ErrorCode code : ErrorCode.values()) {
      codes.add(code.text());
    }
    return codes;
  }
}
