package dev.taper.integrations.mcp.server;

import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpShown;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListPromptsResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourceTemplatesResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourcesResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.util.List;

/** Cuts a server's lists to what a caller may try. */
final class Lists {
  private static final String READ = McpSchema.METHOD_RESOURCES_READ;
  private static final String PROMPT = McpSchema.METHOD_PROMPT_GET;

  private Lists() {}

  static JSONRPCResponse cut(
      JSONRPCResponse response, McpShown shown, McpGuard guard, Definitions definitions) {
    Object result = response.result();
    if (result == null) {
      return response; // an error, which has no list
    }
    return JSONRPCResponse.result(response.id(), cut(result, shown, guard, definitions));
  }

  private static Object cut(
      Object result, McpShown shown, McpGuard guard, Definitions definitions) {
    if (result instanceof ListToolsResult list) {
      return new ListToolsResult(
          list.tools().stream()
              .filter(tool -> shown.tool(tool.name()))
              .filter(tool -> definitions.isAsPinned(guard.tool(tool.name()), tool))
              .toList(),
          list.nextCursor(),
          list.meta());
    }
    if (result instanceof ListResourcesResult list) {
      return shown.method(READ)
          ? list
          : new ListResourcesResult(List.of(), list.nextCursor(), list.meta());
    }
    if (result instanceof ListResourceTemplatesResult list) {
      return shown.method(READ)
          ? list
          : new ListResourceTemplatesResult(List.of(), list.nextCursor(), list.meta());
    }
    if (result instanceof ListPromptsResult list) {
      return shown.method(PROMPT)
          ? list
          : new ListPromptsResult(List.of(), list.nextCursor(), list.meta());
    }
    throw new IllegalStateException("a list of an unknown kind: " + result.getClass());
  }
}
