package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The TypeScript SDK's client against our guarded server, and our client against its server. */
class TypeScriptTest {
  private static final int LARGE = 1 << 20;

  @TempDir Path folder;
  private final World world = new World();

  @BeforeEach
  void demand() {
    Node.demand();
  }

  @Test
  void clientOverHttp_seesWhatTheTokenAllows() throws Exception {
    try (HttpService service = HttpService.streamable(McpGuard.of(world.verifier().build()))) {
      assertSeen(client(Map.of("url", service.origin() + "/mcp")));

      assertThat(service.reached).hasSize(4);
    }
  }

  @Test
  void clientOverHttpWithoutSessions_seesWhatTheTokenAllows() throws Exception {
    try (HttpService service = HttpService.stateless(McpGuard.of(world.verifier().build()))) {
      assertSeen(client(Map.of("url", service.origin() + "/mcp")));

      assertThat(service.reached).hasSize(4);
    }
  }

  @Test
  void clientOverStandardInput_seesWhatTheTokenAllows() throws Exception {
    Path reached = folder.resolve("reached");

    assertSeen(
        client(
            Map.of(
                "command",
                StdioServer.command(world.root.publicKey().toString(), reached.toString()))));

    assertThat(Files.readAllLines(reached)).hasSize(4);
  }

  /** What the client of the TypeScript SDK saw, by what it did. */
  private Map<String, @Nullable Object> client(Map<String, Object> where) throws Exception {
    ToolCall close =
        World.catalog()
            .call(SentMcp.of("tools/call", "{\"name\":\"close\",\"arguments\":{\"id\":\"7\"}}"));
    Map<String, Object> input = new LinkedHashMap<>(where);
    input.put("token", world.token.encodeBase64());
    input.put("seed", world.planner.exposeText().replaceFirst(".*/", ""));
    input.put("audience", World.AUDIENCE);
    input.put(
        "approval",
        world
            .token
            .requestApproval(close, World.AUDIENCE, "done")
            .approve(world.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
            .encodeBase64());
    Node.Result result = Node.runWith(McpJson.write(input, LARGE), "client.mjs");
    assertThat(result.exit()).as(result.output()).isZero();
    return McpJson.read(result.output().strip(), LARGE);
  }

  private static void assertSeen(Map<String, @Nullable Object> seen) {
    assertThat(String.valueOf(seen.get("service"))).contains("svc:jira");
    assertThat(seen.get("tools")).isEqualTo(List.of("close", "count", "search"));
    assertThat(seen.get("resources")).isEqualTo(List.of("file:///pub/a.txt"));
    assertThat(seen.get("templates")).isEqualTo(List.of("file:///pub/{name}"));
    assertThat(seen.get("prompts")).isEqualTo(List.of("greet"));
    for (String allowed : List.of("allowed", "approved", "fraction", "resource")) {
      assertThat(seen(seen, allowed).get("refusal")).as(allowed).isNull();
      assertThat(seen(seen, allowed).get("isError")).as(allowed).isEqualTo(false);
    }
    assertThat(seen(seen, "resource").get("text")).isEqualTo("content");
    assertRefusedResult(seen, "replayed", 401, "proof_replayed");
    assertRefusedResult(seen, "denied", 403, "out_of_scope");
    assertRefusedResult(seen, "approvalNeeded", 403, "approval_required");
    assertRefusedResult(seen, "changed", 401, "request_mismatch");
    assertRefusedResult(seen, "unsigned", 401, "token_required");
    McpRefusal withSchema = McpRefusal.of(seen(seen, "withSchema").get("refusal"));
    assertThat(Objects.requireNonNull(withSchema).code()).isEqualTo("invalid_argument_type");
    assertThat(seen(seen, "withSchema").get("structured")).isNull();
    assertThat(seen(seen, "unknown").get("error")).isEqualTo(-32602);
  }

  private static Map<?, ?> seen(Map<String, @Nullable Object> all, String what) {
    return (Map<?, ?>) Objects.requireNonNull(all.get(what), what);
  }

  private static void assertRefusedResult(
      Map<String, @Nullable Object> all, String what, int status, String code) {
    Map<?, ?> one = seen(all, what);
    McpRefusal refusal = Objects.requireNonNull(McpRefusal.of(one.get("refusal")), what);
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(McpRefusal.of(one.get("structured"))).isEqualTo(refusal);
    assertThat(one.get("isError")).isEqualTo(true);
    assertThat(String.valueOf(one.get("text"))).startsWith(code);
  }

  @Test
  void ourClient_againstItsServer_sendsWhatAGuardTakes() {
    ServerParameters server =
        ServerParameters.builder("node").args(Node.FOLDER.resolve("server.mjs").toString()).build();
    try (Clients clients = new Clients()) {
      McpSyncClient client =
          clients.over(new StdioClientTransport(server, McpJsonDefaults.getMapper()), world.agent);

      CallToolResult result =
          client.callTool(
              CallToolRequest.builder("search")
                  .arguments(Map.of("query", "ä\u2028", "limit", 5L, "weight", Math.pow(2, -44)))
                  .build());
      String list = Objects.requireNonNull(client.listTools().tools().get(0).description());

      McpGuard guard = McpGuard.of(world.verifier().build());
      String call = ((TextContent) result.content().get(0)).text();
      assertThat(guard.judge("tools/call", McpJson.read(call, LARGE)))
          .isInstanceOf(McpJudgement.Called.class);
      assertThat(guard.judge("tools/list", McpJson.read(list, LARGE)))
          .isInstanceOf(McpJudgement.Listed.class);
    }
  }
}
