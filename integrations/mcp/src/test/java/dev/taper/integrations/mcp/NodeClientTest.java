package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.testing.Needed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client of {@code testvectors/node}, which was written from docs/binding.md alone. Without
 * Node.js it fails; it is skipped only in a clone that has no published data beside it, unless CI
 * is true.
 */
class NodeClientTest {
  private static final int LARGE = 1 << 20;

  @TempDir Path folder;
  private final World world = new World();

  @Test
  void calls_overStandardInput_areAnsweredAsTheDocumentSays() throws Exception {
    Path reached = folder.resolve("reached");
    assertAnswered(
        Map.of(
            "command", StdioServer.command(world.root.publicKey().toString(), reached.toString())));
    assertThat(Files.readAllLines(reached)).hasSize(4);
  }

  @Test
  void calls_overHttp_areAnsweredAsTheDocumentSays() throws Exception {
    try (HttpService service = HttpService.streamable(McpGuard.of(world.verifier().build()))) {
      assertAnswered(Map.of("url", service.origin() + "/mcp"));
      assertThat(service.reached).hasSize(4);
    }
  }

  @Test
  void calls_overHttpWithoutSessions_areAnsweredAsTheDocumentSays() throws Exception {
    try (HttpService service = HttpService.stateless(McpGuard.of(world.verifier().build()))) {
      assertAnswered(Map.of("url", service.origin() + "/mcp"));
      assertThat(service.reached).hasSize(4);
    }
  }

  private void assertAnswered(Map<String, Object> where) throws Exception {
    ToolCall close =
        World.catalog()
            .call(SentMcp.of("tools/call", "{\"name\":\"close\",\"arguments\":{\"id\":\"7\"}}"));
    Map<String, Object> settings = new LinkedHashMap<>(where);
    settings.put("audience", World.AUDIENCE);
    settings.put("token", world.token.encodeBase64());
    settings.put("algorithm", "ed25519");
    settings.put("secret", HexFormat.of().formatHex(world.planner.secret().exposeCopy()));
    settings.put(
        "approval",
        world
            .token
            .requestApproval(close, World.AUDIENCE, "done")
            .approve(world.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
            .encodeBase64());
    Path file = Files.writeString(folder.resolve("settings.json"), McpJson.write(settings, LARGE));
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                "../../testvectors/node/run",
                "--live-mcp",
                file.toAbsolutePath().toString())
            .redirectErrorStream(true);
    Needed.programs("node", "npm");
    boolean demanded = Needed.demandIn(builder.environment(), "node-packages");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (!demanded) { // its packages cannot be installed
      boolean isThere = !output.contains("node check: skipped");
      Needed.demand(isThere, "node-packages (testvectors/node/install)");
    }

    assertThat(exit).as(output).isZero();
    assertThat(output)
        .contains(
            "tools: close count search",
            "resources: file:///pub/a.txt\n",
            "templates: file:///pub/{name}\n",
            "prompts: greet\n",
            "23 passed, 0 failed");
  }
}
