package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.client.SessionSigner;
import dev.taper.integrations.mcp.client.SigningTransport;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java SDK's client before the guard, and the memory server of npm behind it. */
class JavaClientTest {
  @TempDir Path folder;
  private AgentClient agent;
  private Path config;

  @BeforeEach
  void setUp() throws Exception {
    Node.demand();
    GuardWorld world = new GuardWorld(folder);
    ToolCatalog drafted =
        GuardWorld.draft(folder.resolve("catalog.json"), "node", Node.main("server-memory"));
    assertThat(drafted.tools()).containsKeys("create_entities", "read_graph");
    config = world.configOf("catalog.json");
    agent = world.agent("create_entities", "read_graph read");
  }

  private void useMemory(McpClientTransport transport) {
    McpSyncClient client = McpClient.sync(SigningTransport.of(transport, agent)).build();
    try {
      client.initialize();
      assertThat(client.listTools().tools())
          .extracting(Tool::name)
          .containsExactlyInAnyOrder("create_entities", "read_graph");
      CallToolResult made =
          call(
              client,
              "create_entities",
              Map.of(
                  "entities",
                  List.of(
                      Map.of(
                          "name", "Ada", "entityType", "person", "observations", List.of("x")))));
      assertThat(made.isError()).isNotEqualTo(true);
      CallToolResult graph = call(client, "read_graph", Map.of());
      assertThat(((TextContent) graph.content().get(0)).text()).contains("Ada");
      CallToolResult denied =
          call(client, "delete_entities", Map.of("entityNames", List.of("Ada")));
      assertThat(denied.isError()).isTrue();
      assertThat(denied.meta()).containsKey(McpMeta.REFUSAL);
      assertThat(((TextContent) denied.content().get(0)).text()).startsWith("out_of_scope");
    } finally {
      client.close();
    }
  }

  private static CallToolResult call(
      McpSyncClient client, String tool, Map<String, Object> arguments) {
    return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
  }

  private String[] server() {
    return new String[] {
      "--",
      "env",
      "MEMORY_FILE_PATH=" + folder.resolve("memory.jsonl"),
      "node",
      Node.main("server-memory")
    };
  }

  @Test
  void memoryServer_overStreams() {
    List<String> command = GuardWorld.guard(config, server());
    ServerParameters guard =
        ServerParameters.builder(command.get(0)).args(command.subList(1, command.size())).build();
    useMemory(new StdioClientTransport(guard, McpJsonDefaults.getMapper()));
  }

  @Test
  void memoryServer_overHttp() throws Exception {
    try (HttpGuard guard = HttpGuard.start(config, folder.resolve("err.txt"), List.of(server()))) {
      useMemory(
          HttpClientStreamableHttpTransport.builder(guard.url.replace("/mcp", ""))
              .addHttpRequestCustomizer(SessionSigner.of(agent))
              .build());
      assertThat(Files.readString(folder.resolve("err.txt"))).doesNotContain("token_required");
    }
  }
}
