package dev.taper.server.connect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tool for the model answers.
 *
 * @param text for the model to read
 * @param isError true if the tool failed or was refused
 * @param members the same for programs; empty if there is nothing
 */
record ToolAnswer(String text, boolean isError, Map<String, @Nullable Object> members) {
  static ToolAnswer of(String text) {
    return new ToolAnswer(text, false, Map.of());
  }

  static ToolAnswer of(String text, Map<String, @Nullable Object> members) {
    return new ToolAnswer(text, false, members);
  }

  static ToolAnswer mistake(String text) {
    return new ToolAnswer(text, true, Map.of());
  }

  /** The answer as the result of {@code tools/call}. */
  Map<String, @Nullable Object> result() {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("content", List.of(Map.of("type", "text", "text", text)));
    if (!members.isEmpty()) {
      result.put("structuredContent", members);
    }
    result.put("isError", isError);
    return result;
  }
}
