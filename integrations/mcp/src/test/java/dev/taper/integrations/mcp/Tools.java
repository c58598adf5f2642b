package dev.taper.integrations.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The tools, resources and prompts of a server, which tell what reached them. */
final class Tools {
  /** Gets the method, and the request with the context that it came with. */
  private final BiConsumer<McpTransportContext, Object> reached;

  Tools(BiConsumer<McpTransportContext, Object> reached) {
    this.reached = reached;
  }

  McpSyncServer over(McpStreamableServerTransportProvider transport) {
    return McpServer.sync(transport)
        .serverInfo("jira", "1")
        .tools(tools())
        .resources(
            new McpServerFeatures.SyncResourceSpecification(
                resource(),
                (exchange, request) -> {
                  reached.accept(exchange.transportContext(), request);
                  return contents(request.uri());
                }))
        .prompts(
            new McpServerFeatures.SyncPromptSpecification(
                prompt(),
                (exchange, request) -> {
                  reached.accept(exchange.transportContext(), request);
                  return greeting();
                }))
        .build();
  }

  McpSyncServer over(McpServerTransportProvider transport) {
    return McpServer.sync(transport)
        .serverInfo("jira", "1")
        .tools(tools())
        .resources(
            new McpServerFeatures.SyncResourceSpecification(
                resource(),
                (exchange, request) -> {
                  reached.accept(exchange.transportContext(), request);
                  return contents(request.uri());
                }))
        .prompts(
            new McpServerFeatures.SyncPromptSpecification(
                prompt(),
                (exchange, request) -> {
                  reached.accept(exchange.transportContext(), request);
                  return greeting();
                }))
        .build();
  }

  McpStatelessSyncServer over(McpStatelessServerTransport transport) {
    return McpServer.sync(transport)
        .serverInfo("jira", "1")
        .tools(
            definitions().stream()
                .map(
                    tool ->
                        McpStatelessServerFeatures.SyncToolSpecification.builder()
                            .tool(tool)
                            .callHandler(this::answer)
                            .build())
                .toArray(McpStatelessServerFeatures.SyncToolSpecification[]::new))
        .resources(
            new McpStatelessServerFeatures.SyncResourceSpecification(
                resource(),
                (context, request) -> {
                  reached.accept(context, request);
                  return contents(request.uri());
                }))
        .prompts(
            new McpStatelessServerFeatures.SyncPromptSpecification(
                prompt(),
                (context, request) -> {
                  reached.accept(context, request);
                  return greeting();
                }))
        .build();
  }

  private List<McpServerFeatures.SyncToolSpecification> tools() {
    List<McpServerFeatures.SyncToolSpecification> tools = new ArrayList<>();
    for (Tool tool : definitions()) {
      tools.add(
          McpServerFeatures.SyncToolSpecification.builder()
              .tool(tool)
              .callHandler((exchange, request) -> answer(exchange.transportContext(), request))
              .build());
    }
    return tools;
  }

  private CallToolResult answer(McpTransportContext context, CallToolRequest request) {
    reached.accept(context, request);
    CallToolResult.Builder result = CallToolResult.builder().addTextContent(request.name());
    if (request.name().equals("count")) {
      result.structuredContent(Map.of("count", 7));
    }
    return result.build();
  }

  static List<Tool> definitions() {
    Map<String, Object> text = Map.of("type", "string");
    return List.of(
        tool("search", Map.of("query", text, "limit", Map.of("type", "integer")), "query").build(),
        tool("count", Map.of("query", text), "query")
            .outputSchema(
                Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("count", Map.of("type", "integer")),
                    "required",
                    List.of("count"),
                    "additionalProperties",
                    false))
            .build(),
        tool("close", Map.of("id", text), "id").build(),
        tool("delete", Map.of("id", text), "id").build(),
        tool("unlisted", Map.of()).build());
  }

  private static Tool.Builder tool(
      String name, Map<String, Object> properties, String... required) {
    return Tool.builder(
        name, Map.of("type", "object", "properties", properties, "required", List.of(required)));
  }

  private static Resource resource() {
    return Resource.builder("file:///pub/a.txt", "a").build();
  }

  private static ReadResourceResult contents(String uri) {
    return ReadResourceResult.builder(List.of(TextResourceContents.builder(uri, "content").build()))
        .build();
  }

  private static Prompt prompt() {
    return Prompt.builder("greet").description("greets").build();
  }

  private static GetPromptResult greeting() {
    return GetPromptResult.builder(
            List.of(PromptMessage.builder(Role.USER, TextContent.builder("hello").build()).build()))
        .build();
  }

  static final String CALL = McpSchema.METHOD_TOOLS_CALL;
}
