package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.asking.ServiceAsk;
import dev.taper.testing.Needed;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents in other languages, through the keeper, against a service that judges every call. */
class ClientsTest {
  @TempDir Path folder;

  @Test
  void node_agentWithoutAKey_works() throws Exception {
    Needed.programs("node");
    agent(List.of("node", path("src/test/clients/agent.mjs"), path("../clients/node/taper.mjs")));
  }

  @Test
  void python_agentWithoutAKey_works() throws Exception {
    Needed.programs("python3");
    agent(
        List.of(
            "python3",
            "-B",
            path("src/test/clients/agent.py"),
            path("../clients/python/taper.py")));
  }

  private static String path(String file) {
    return Path.of(file).toAbsolutePath().normalize().toString();
  }

  private void agent(List<String> program) throws Exception {
    PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
    try (RunningKeeper keeper = RunningKeeper.start(folder);
        GuardedService service = GuardedService.start(keeper.root.publicKey(), keeper.clock)) {
      keeper.keepToken("planner", GuardedService.AUDIENCE);
      List<String> command = new java.util.ArrayList<>(program);
      command.add(service.origin);
      command.add(researcher.publicKey().toString());
      Path err = folder.resolve("err.txt");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
      builder.environment().put("TAPER_KEEPER", keeper.client.socket().toString());
      Process agent = builder.start();
      try (BufferedReader out = agent.inputReader()) {
        String ask = String.valueOf(out.readLine());
        assertThat(ask).as(Files.readString(err)).startsWith(service.origin + "/v1/asks/");
        ServiceAsk asked = ServiceAsk.read(ask, false);
        asked.approve(
            asked
                .request()
                .approve(
                    GuardedService.BOSS,
                    Approval.Terms.lasting(Duration.ofMinutes(5)),
                    Clock.systemUTC()));
        String token = out.readLine();
        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).as(Files.readString(err)).isZero();
        AgentToken handed = AgentToken.decode(String.valueOf(token));
        assertThat(handed.token().holderKey()).isEqualTo(researcher.publicKey());
      } finally {
        agent.destroyForcibly();
      }
      assertThat(service.calls)
          .anyMatch(call -> call.startsWith("mcp ") && call.contains("\"limit\":3"))
          .anyMatch(call -> call.contains("jira.close"))
          .hasSize(4);
    }
  }
}
