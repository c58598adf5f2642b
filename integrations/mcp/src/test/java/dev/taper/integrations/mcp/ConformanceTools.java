package dev.taper.integrations.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** All that the conformance tests of MCP call by name. */
public final class ConformanceTools {
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
  private static final String SOUND =
      "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQAAAAA=";
  private static final Map<String, Object> NOTHING =
      Map.of("type", "object", "properties", Map.of());
  private static final Map<String, Object> TEXT = Map.of("type", "string");

  private ConformanceTools() {}

  static McpSyncServer over(McpStreamableServerTransportProvider transport) {
    return McpServer.sync(transport)
        .serverInfo("conformance", "1")
        .capabilities(
            ServerCapabilities.builder()
                .completions()
                .resources(true, false)
                .tools(false)
                .prompts(false)
                .build())
        .tools(tools())
        .prompts(prompts())
        .resources(
            List.of(
                resource("test://static-text", text("test://static-text", "static")),
                resource("test://watched-resource", text("test://watched-resource", "watched")),
                resource(
                    "test://static-binary",
                    BlobResourceContents.builder("test://static-binary", PIXEL)
                        .mimeType("image/png")
                        .build())))
        .resourceTemplates(
            new SyncResourceTemplateSpecification(
                ResourceTemplate.builder("test://template/{id}/data", "template")
                    .mimeType("application/json")
                    .build(),
                (exchange, request) -> {
                  String id =
                      request
                          .uri()
                          .replaceFirst("^test://template/", "")
                          .replaceFirst("/data$", "");
                  return contents(
                      text(request.uri(), "{\"id\":\"" + id + "\",\"data\":\"of it\"}"));
                }))
        .completions(
            List.of(
                new SyncCompletionSpecification(
                    new PromptReference("test_prompt_with_arguments"),
                    (exchange, request) ->
                        new CompleteResult(
                            new CompleteResult.CompleteCompletion(List.of("paris"), 1, false)))))
        .build();
  }

  /** What the server says of its tools. */
  public static List<Tool> definitions() {
    return tools().stream().map(SyncToolSpecification::tool).toList();
  }

  private static List<SyncToolSpecification> tools() {
    List<SyncToolSpecification> tools = new ArrayList<>();
    tools.add(tool("test_simple_text", says(TextContent.builder("simple").build())));
    tools.add(tool("test_image_content", says(image())));
    tools.add(tool("test_audio_content", says(AudioContent.builder(SOUND, "audio/wav").build())));
    tools.add(tool("test_embedded_resource", says(embedded("test://embedded-resource"))));
    tools.add(
        tool(
            "test_multiple_content_types",
            says(
                TextContent.builder("several").build(),
                image(),
                embedded("test://mixed-content-resource"))));
    tools.add(
        tool(
            "test_error_handling",
            (exchange, request) ->
                CallToolResult.builder()
                    .addTextContent("This tool intentionally returns an error for testing")
                    .isError(true)
                    .build()));
    tools.add(tool("test_tool_with_logging", ConformanceTools::logging));
    tools.add(tool("test_tool_with_progress", ConformanceTools::progress));
    tools.add(tool("test_sampling", Map.of("prompt", TEXT), ConformanceTools::sampling));
    tools.add(
        tool(
            "test_elicitation",
            Map.of("message", TEXT),
            (exchange, request) ->
                elicit(
                    exchange,
                    String.valueOf(request.arguments().get("message")),
                    Map.of("username", TEXT, "email", TEXT))));
    tools.add(
        tool(
            "test_elicitation_sep1034_defaults",
            (exchange, request) -> elicit(exchange, "defaults", defaults())));
    tools.add(
        tool(
            "test_elicitation_sep1330_enums",
            (exchange, request) -> elicit(exchange, "enums", enums())));
    tools.add(schemaTool());
    return tools;
  }

  private static SyncToolSpecification schemaTool() {
    Map<String, Object> address =
        Map.of("type", "object", "properties", Map.of("street", TEXT, "city", TEXT));
    return SyncToolSpecification.builder()
        .tool(
            Tool.builder(
                    "json_schema_2020_12_tool",
                    Map.of(
                        "$schema",
                        "https://json-schema.org/draft/2020-12/schema",
                        "type",
                        "object",
                        "$defs",
                        Map.of("address", address),
                        "properties",
                        Map.of("name", TEXT, "address", Map.of("$ref", "#/$defs/address")),
                        "additionalProperties",
                        false))
                .description("has a schema")
                .build())
        .callHandler(says(TextContent.builder("schema").build()))
        .build();
  }

  private static SyncToolSpecification tool(
      String name, BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
    return SyncToolSpecification.builder()
        .tool(Tool.builder(name, NOTHING).description(name).build())
        .callHandler(handler)
        .build();
  }

  private static SyncToolSpecification tool(
      String name,
      Map<String, Object> properties,
      BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
    return SyncToolSpecification.builder()
        .tool(
            Tool.builder(name, Map.of("type", "object", "properties", properties))
                .description(name)
                .build())
        .callHandler(handler)
        .build();
  }

  private static BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> says(
      Content... contents) {
    return (exchange, request) -> CallToolResult.builder().content(Arrays.asList(contents)).build();
  }

  private static CallToolResult said(String text) {
    return CallToolResult.builder().addTextContent(text).build();
  }

  private static CallToolResult logging(McpSyncServerExchange exchange, CallToolRequest request) {
    for (String line : List.of("started", "going on", "done")) {
      exchange.loggingNotification(
          LoggingMessageNotification.builder(LoggingLevel.INFO, line).build());
    }
    return said("logged");
  }

  private static CallToolResult progress(McpSyncServerExchange exchange, CallToolRequest request) {
    Object token = request.meta() == null ? null : request.meta().get("progressToken");
    for (double done : token == null ? new double[0] : new double[] {0, 50, 100}) {
      exchange.progressNotification(ProgressNotification.builder(token, done).total(100.0).build());
    }
    return said("progressed");
  }

  private static CallToolResult sampling(McpSyncServerExchange exchange, CallToolRequest request) {
    String prompt = String.valueOf(request.arguments().get("prompt"));
    var answer =
        exchange.createMessage(
            CreateMessageRequest.builder(
                    List.of(
                        SamplingMessage.builder(Role.USER, TextContent.builder(prompt).build())
                            .build()),
                    100)
                .build());
    return said("LLM response: " + ((TextContent) answer.content()).text());
  }

  private static CallToolResult elicit(
      McpSyncServerExchange exchange, String message, Map<String, Object> properties) {
    var answer =
        exchange.createElicitation(
            ElicitFormRequest.builder(
                    message,
                    Map.of(
                        "type",
                        "object",
                        "properties",
                        properties,
                        "required",
                        List.copyOf(properties.keySet())))
                .build());
    return said("action=" + answer.action() + ", content=" + answer.content());
  }

  private static Map<String, Object> defaults() {
    return Map.of(
        "name", Map.of("type", "string", "default", "John Doe"),
        "age", Map.of("type", "integer", "default", 30),
        "score", Map.of("type", "number", "default", 95.5),
        "status",
            Map.of(
                "type", "string",
                "enum", List.of("active", "inactive", "pending"),
                "default", "active"),
        "verified", Map.of("type", "boolean", "default", true));
  }

  private static Map<String, Object> enums() {
    Map<String, Object> plain =
        Map.of("type", "string", "enum", List.of("option1", "option2", "option3"));
    List<Map<String, Object>> titled =
        List.of(
            Map.of("const", "value1", "title", "First"),
            Map.of("const", "value2", "title", "Second"),
            Map.of("const", "value3", "title", "Third"));
    return Map.of(
        "untitledSingle", plain,
        "titledSingle", Map.of("type", "string", "oneOf", titled),
        "legacyEnum",
            Map.of(
                "type", "string",
                "enum", List.of("opt1", "opt2", "opt3"),
                "enumNames", List.of("One", "Two", "Three")),
        "untitledMulti", Map.of("type", "array", "items", plain),
        "titledMulti", Map.of("type", "array", "items", Map.of("anyOf", titled)));
  }

  private static Content image() {
    return ImageContent.builder(PIXEL, "image/png").build();
  }

  private static Content embedded(String uri) {
    return EmbeddedResource.builder(text(uri, "embedded")).build();
  }

  private static ResourceContents text(String uri, String text) {
    return TextResourceContents.builder(uri, text).mimeType("text/plain").build();
  }

  private static SyncResourceSpecification resource(String uri, ResourceContents contents) {
    return new SyncResourceSpecification(
        Resource.builder(uri, uri).description(uri).mimeType("text/plain").build(),
        (exchange, request) -> contents(contents));
  }

  private static ReadResourceResult contents(ResourceContents contents) {
    return ReadResourceResult.builder(List.of(contents)).build();
  }

  private static List<SyncPromptSpecification> prompts() {
    return List.of(
        prompt("test_simple_prompt", request -> List.of(TextContent.builder("simple").build())),
        prompt(
            "test_prompt_with_arguments",
            request -> List.of(TextContent.builder(String.valueOf(request.arguments())).build()),
            "arg1",
            "arg2"),
        prompt(
            "test_prompt_with_embedded_resource",
            request ->
                List.of(
                    embedded(String.valueOf(request.arguments().get("resourceUri"))),
                    TextContent.builder("look").build()),
            "resourceUri"),
        prompt(
            "test_prompt_with_image",
            request -> List.of(image(), TextContent.builder("look").build())));
  }

  private static SyncPromptSpecification prompt(
      String name, Function<GetPromptRequest, List<Content>> contents, String... arguments) {
    return new SyncPromptSpecification(
        Prompt.builder(name)
            .description(name)
            .arguments(
                Arrays.stream(arguments)
                    .map(a -> PromptArgument.builder(a).description(a).required(true).build())
                    .toList())
            .build(),
        (exchange, request) ->
            GetPromptResult.builder(
                    contents.apply(request).stream()
                        .map(content -> PromptMessage.builder(Role.USER, content).build())
                        .toList())
                .build());
  }
}
