package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a call came from is known, whatever the guard asks its server before it decides. */
class GuardPlacesTest {
  private static final String SESSION = "Mcp-Session-Id";
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";

  @TempDir private Path folder;

  /** Of a pinned tool, a session's first call waits for the server's list of tools. */
  @Test
  void firstCallOfASession_countsForItsNetwork() throws Exception {
    Node.demand();
    GuardWorld world = new GuardWorld(folder);
    String[] server = {"node", Node.script("odd.mjs")};
    assertThat(GuardWorld.draft(folder.resolve("catalog.json"), server).tools().get("echo"))
        .extracting(tool -> tool.definition())
        .isNotNull();
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    Path config =
        world.configOf(
            "catalog.json",
            "audit: {log: audit.jsonl, key: audit.key}",
            "findings: {limits: {place: {replays: 3}, token: {replays: 60}}}");
    String call =
        RpcText.write(
            new RpcMessage.Request(
                1L,
                "tools/call",
                McpSigner.of(world.agent("echo"))
                    .sign("tools/call", Map.of("name", "echo", "arguments", Map.of()))));
    try (HttpGuard guard =
        HttpGuard.start(config, folder.resolve("err.txt"), List.of("--", server[0], server[1]))) {
      for (int i = 0; i < 4; i++) { // good once, and then a replay
        String id = guard.post(INITIALIZE).headers().firstValue(SESSION).orElseThrow();
        HttpResponse<String> told =
            guard.post(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", SESSION, id);
        assertThat(told.statusCode()).isEqualTo(202);
        assertThat(guard.post(call, SESSION, id).body())
            .contains(i == 0 ? "content" : "proof_replayed");
      }
    }
    assertThat(Files.readAllLines(folder.resolve("audit.jsonl")))
        .filteredOn(line -> line.contains("\"kind\":\"finding\""))
        .singleElement()
        .asString()
        .contains("replays", "127.0.0.0/24");
  }
}
