package dev.taper.examples.mcp.agent;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.client.Refusals;
import dev.taper.integrations.mcp.client.SigningTransport;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An agent that closes an issue: {@code Closer TOKEN KEY AUDIENCE ID COMMAND...}. */
public final class Closer {
  private Closer() {}

  /** Starts the server, looks at its tools, and calls each with the issue. */
  public static void main(String[] arguments) throws IOException {
    List<String> command = List.of(arguments).subList(4, arguments.length);
    ServerParameters server =
        ServerParameters.builder(command.get(0)).args(command.subList(1, command.size())).build();
    AgentToken token = AgentToken.decode(Files.readString(Path.of(arguments[0])).strip());
    PrivateKey key = PrivateKey.load(Path.of(arguments[1]));
    McpClientTransport transport =
        SigningTransport.of(
            new StdioClientTransport(server, McpJsonDefaults.getMapper()),
            AgentClient.of(token, key, arguments[2]));
    try (McpSyncClient client =
        McpClient.sync(transport).initializationTimeout(Duration.ofMinutes(2)).build()) {
      client.initialize();
      System.out.println(client.listTools().tools().stream().map(Tool::name).toList());
      for (String tool : List.of("close", "delete")) {
        System.out.println(answer(client, tool, Integer.parseInt(arguments[3])));
      }
    }
  }

  private static String answer(McpSyncClient client, String tool, int id) {
    CallToolResult result =
        client.callTool(CallToolRequest.builder(tool).arguments(Map.of("id", id)).build());
    McpRefusal refusal = Refusals.in(result);
    if (refusal != null) {
      return "refused: " + refusal.code();
    }
    return ((TextContent) result.content().get(0)).text();
  }
}
