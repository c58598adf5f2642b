package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that has sent its last message, and still reads. */
class EndOfInputTest {
  private static final String[] TOOLS = {"slow", "hang"};

  @TempDir private Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private @Nullable LineClient client;

  @BeforeEach
  void setUp() throws IOException {
    Node.demand();
    world = new GuardWorld(folder);
    agent = world.agent(TOOLS);
  }

  @AfterEach
  void end() throws Exception {
    TearDown.close(TearDown.of(client, started -> started.process.destroyForcibly()));
  }

  private LineClient start(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(GuardWorld.guard(world.config(GuardWorld.anyArguments(TOOLS)), more));
    command.addAll(List.of("--", "node", Node.script("odd.mjs")));
    LineClient started = LineClient.start(command, folder.resolve("err.txt"));
    client = started;
    RpcMessage unused = started.initialize("2025-11-25");
    return started;
  }

  @Test
  void clientThatSaysNoMore_getsWhatItIsOwed() throws Exception {
    LineClient guarded = start();
    long id =
        guarded.send(
            "tools/call",
            McpSigner.of(agent).sign("tools/call", Map.of("name", "slow", "arguments", Map.of())));
    guarded.process.getOutputStream().close();
    assertThat(Answered.text(guarded.answer(id))).isEqualTo("done");
    assertThat(guarded.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(guarded.process.exitValue()).isZero();
  }

  @Test
  void clientThatSaysNoMore_waitsNoLongerThanACallMay() throws Exception {
    LineClient guarded = start("--timeout", "3s");
    long id =
        guarded.send(
            "tools/call",
            McpSigner.of(agent).sign("tools/call", Map.of("name", "hang", "arguments", Map.of())));
    guarded.process.getOutputStream().close();
    assertThat(Answered.fault(guarded.answer(id))).isEqualTo("upstream_timeout");
    assertThat(guarded.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(guarded.process.exitValue()).isZero();
  }
}
