package dev.taper.integrations.langchain4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.TaperException;
import dev.taper.agent.CallDecision;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refusals in words for a model, and read from what LangChain4j makes of them. */
final class RefusalText {
  private static final McpRefusal.Words WORDS = McpRefusal.Words.plain();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private RefusalText() {}

  /** Says a refusal of a server. */
  static String of(String tool, McpRefusal refusal) {
    return WORDS.of(tool, refusal);
  }

  /** Says a denial of a verifier in this process. */
  static String of(String tool, CallDecision.Denied denied) {
    return WORDS.of(tool, denied);
  }

  /** Says why a call has no meaning. */
  static String of(String tool, TaperException error) {
    return WORDS.of(tool, error);
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
}
