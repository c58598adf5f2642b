package dev.taper.examples.mcp.server;

import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.integrations.mcp.server.StrictMapper;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A server of MCP on standard input and output: {@code Issues CONFIGURATION}. */
public final class Issues {
  private static final Map<String, Object> ID =
      Map.of(
          "type", "object",
          "properties", Map.of("id", Map.of("type", "integer")),
          "required", List.of("id"));

  private Issues() {}

  private static CallToolResult close(CallToolRequest request) {
    return CallToolResult.builder()
        .addTextContent("closed issue " + request.arguments().get("id"))
        .build();
  }

  private static CallToolResult delete(CallToolRequest request) {
    return CallToolResult.builder()
        .addTextContent("deleted issue " + request.arguments().get("id"))
        .build();
  }

  /** Serves until its input ends. */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    ConfiguredVerifier taper = TaperConfig.load(file, Clock.systemUTC()).open();
    Runtime.getRuntime().addShutdownHook(new Thread(taper::close));
    McpServerTransportProvider transport =
        GuardedTransport.of(
            McpGuard.of(taper::verifier), new StdioServerTransportProvider(StrictMapper.of()));
    McpServer.sync(transport)
        .serverInfo("issues", "1")
        .toolCall(Tool.builder("close", ID).build(), (exchange, request) -> close(request))
        .toolCall(Tool.builder("delete", ID).build(), (exchange, request) -> delete(request))
        .build();
  }
}
