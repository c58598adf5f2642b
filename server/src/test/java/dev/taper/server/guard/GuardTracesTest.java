package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.process.SpanCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trace that a message of MCP names, in a guard that sends spans. */
class GuardTracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  @TempDir private Path folder;

  private static Map<String, @Nullable Object> echo(AgentClient agent, Object traceparent) {
    Map<String, @Nullable Object> signed =
        McpSigner.of(agent).sign("tools/call", Map.of("name", "echo", "arguments", Map.of()));
    Map<String, @Nullable Object> meta = RpcMessage.object(signed, "_meta");
    meta.put("traceparent", traceparent);
    signed.put("_meta", meta);
    return signed;
  }

  @Test
  void decision_belongsToTheTraceThatItsMessageNames_ifThatIsOne() throws Exception {
    Node.demand();
    GuardWorld world = new GuardWorld(folder);
    AgentClient agent = world.agent("echo");
    String named = "00-" + TRACE + "-" + PARENT + "-01";
    List<@Nullable String> proofs = new ArrayList<>();
    try (SpanCollector collector = SpanCollector.start()) {
      List<String> command = new ArrayList<>(collector.before());
      command.addAll(GuardWorld.guard(world.config(GuardWorld.anyArguments("echo"))));
      command.addAll(List.of("--", "node", Node.script("odd.mjs")));
      try (LineClient client = LineClient.start(command, folder.resolve("err.txt"))) {
        RpcMessage unused = client.initialize("2025-11-25");
        for (Object given :
            List.of(named, named + "x".repeat(100_000), List.of(named), 7, Map.of())) {
          Map<String, @Nullable Object> signed = echo(agent, given);
          assertThat(Answered.text(client.ask("tools/call", signed))).contains("echo");
          proofs.add((String) RpcMessage.object(signed, "_meta").get("dev.taper/proof"));
        }
        client.process.getOutputStream().close();
        assertThat(client.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(collector.count("taper decide")).isEqualTo(5);
      assertThat(collector.countId(TRACE)).isEqualTo(1);
      assertThat(collector.countId(PARENT)).isEqualTo(1);
      assertThat(proofs).hasSize(5).allMatch(proof -> collector.count(proof) == 0);
    }
  }
}
