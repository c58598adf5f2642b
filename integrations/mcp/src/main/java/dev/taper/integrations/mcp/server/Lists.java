package dev.taper.integrations.mcp.server;

import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpShown;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListPromptsResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourceTemplatesResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourcesResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.util.List;
import java.util.function.Predicate;

/** Cuts a server's lists to what a caller may try. */
final class Lists {
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
          left(
              list.tools(),
              tool ->
                  shown.tool(tool.name()) && definitions.isAsPinned(guard.tool(tool.name()), tool)),
          list.nextCursor(),
          list.meta());
    }
    if (result instanceof ListResourcesResult list) {
      return new ListResourcesResult(
          left(list.resources(), resource -> shown.resource(resource.uri())),
          list.nextCursor(),
          list.meta());
    }
    if (result instanceof ListResourceTemplatesResult list) {
      return new ListResourceTemplatesResult(
          left(
              list.resourceTemplates(), template -> shown.resourceTemplate(template.uriTemplate())),
          list.nextCursor(),
          list.meta());
    }
    if (result instanceof ListPromptsResult list) {
      return new ListPromptsResult(
          left(list.prompts(), prompt -> shown.prompt(prompt.name())),
          list.nextCursor(),
          list.meta());
    }
    throw new IllegalStateException("a list of an unknown kind: " + result.getClass());
  }

  private static <E> List<E> left(List<E> entries, Predicate<E> shown) {
    return entries.stream().filter(shown).toList();
  }
}
