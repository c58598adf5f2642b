package dev.taper.integrations.mcp;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.http.HttpRefusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as a message of MCP, as docs/binding.md has it: an error, or the result of a tool.
 * Immutable if what it holds is not changed.
 *
 * @param errorCode of JSON-RPC; null if it is a result
 * @param text for people, and for a model: the code and why
 * @param refusal all of it, as an object
 */
public record McpAnswer(
    @Nullable Integer errorCode, String text, Map<String, @Nullable Object> refusal) {
  private static final String UNKNOWN = "unknown_tool";
  private static final int METHOD_NOT_FOUND = -32601;
  private static final int INVALID_PARAMS = -32602;

  /**
   * Makes the answer to a message that is refused.
   *
   * @param method of the message
   */
  public static McpAnswer of(HttpRefusal refusal, String method) {
    Map<String, @Nullable Object> object = McpJson.read(refusal.toJson(), Integer.MAX_VALUE);
    String text =
        refusal.detail() == null ? refusal.code() : refusal.code() + ": " + refusal.detail();
    boolean isToolCall = method.equals(CatalogTool.McpRoute.CALL);
    if (isToolCall && !isUnknown(refusal)) {
      return new McpAnswer(null, text, object);
    }
    int code =
        !isUnknown(refusal) ? refusal.status() : isToolCall ? INVALID_PARAMS : METHOD_NOT_FOUND;
    return new McpAnswer(code, text, object);
  }

  /** True for a refusal that says that nobody has the tool or method. */
  public static boolean isUnknown(HttpRefusal refusal) {
    return refusal.code().equals(UNKNOWN);
  }

  /**
   * The result of a tool.
   *
   * @param hasOutputSchema whether clients hold what is structured against a schema of the tool
   */
  public Map<String, @Nullable Object> result(boolean hasOutputSchema) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("content", List.of(Map.of("type", "text", "text", text)));
    result.put("isError", true);
    if (!hasOutputSchema) {
      result.put("structuredContent", refusal);
    }
    result.put(McpMeta.MEMBER, Map.of(McpMeta.REFUSAL, refusal));
    return result;
  }
}
