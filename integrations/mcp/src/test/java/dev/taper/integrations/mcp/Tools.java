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
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
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
import java.util.stream.Stream;

/** The tools, resources and prompts of a server, which tell what reached them. */
final class Tools {
  /** Gets the method, and the request with the context that it came with. */
  private final BiConsumer<McpTransportContext, Object> reached;

  Tools(BiConsumer<McpTransportContext, Object> reached) {
    this.reached = reached;
  }

  McpSyncServer over(McpStreamableServerTransportProvider transport) {
    return over(McpServer.sync(transport));
  }

  McpSyncServer over(McpServerTransportProvider transport) {
    return over(McpServer.sync(transport));
  }

  private McpSyncServer over(McpServer.SyncSpecification<?> server) {
    return server
        .serverInfo("jira", "1")
        .tools(tools())
        .resources(
            resources().stream()
                .map(
                    resource ->
                        new McpServerFeatures.SyncResourceSpecification(
                            resource,
                            (exchange, request) -> read(exchange.transportContext(), request)))
                .toList())
        .resourceTemplates(
            templates().stream()
                .map(
                    template ->
                        new McpServerFeatures.SyncResourceTemplateSpecification(
                            template,
                            (exchange, request) -> read(exchange.transportContext(), request)))
                .toList())
        .prompts(
            prompts().stream()
                .map(
                    prompt ->
                        new McpServerFeatures.SyncPromptSpecification(
                            prompt,
                            (exchange, request) -> greet(exchange.transportContext(), request)))
                .toList())
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
            resources().stream()
                .map(
                    resource ->
                        new McpStatelessServerFeatures.SyncResourceSpecification(
                            resource, this::read))
                .toList())
        .resourceTemplates(
            templates().stream()
                .map(
                    template ->
                        new McpStatelessServerFeatures.SyncResourceTemplateSpecification(
                            template, this::read))
                .toList())
        .prompts(
            prompts().stream()
                .map(
                    prompt ->
                        new McpStatelessServerFeatures.SyncPromptSpecification(prompt, this::greet))
                .toList())
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

  private static List<Resource> resources() {
    return Stream.of("file:///pub/a.txt", "file:///etc/b.txt")
        .map(uri -> Resource.builder(uri, "a").build())
        .toList();
  }

  private static List<ResourceTemplate> templates() {
    return Stream.of("file:///pub/{name}", "file:///etc/{name}")
        .map(template -> ResourceTemplate.builder(template, "a").build())
        .toList();
  }

  private ReadResourceResult read(McpTransportContext context, ReadResourceRequest request) {
    reached.accept(context, request);
    return ReadResourceResult.builder(
            List.of(TextResourceContents.builder(request.uri(), "content").build()))
        .build();
  }

  private static List<Prompt> prompts() {
    return Stream.of("greet", "insult")
        .map(name -> Prompt.builder(name).description(name).build())
        .toList();
  }

  private GetPromptResult greet(McpTransportContext context, GetPromptRequest request) {
    reached.accept(context, request);
    return GetPromptResult.builder(
            List.of(PromptMessage.builder(Role.USER, TextContent.builder("hello").build()).build()))
        .build();
  }

  static final String CALL = McpSchema.METHOD_TOOLS_CALL;
}
