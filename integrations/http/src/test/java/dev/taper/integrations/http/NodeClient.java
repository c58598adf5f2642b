package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.Needed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The client of {@code testvectors/node}, which was written from docs/binding.md alone. It needs
 * Node.js: see {@link Needed}.
 */
final class NodeClient {

  private NodeClient() {}

  /** Has it call a service as the planner, with an approval of closing an issue. */
  static String callAll(TestService service, World world, String approval, Path folder)
      throws IOException, InterruptedException {
    String more = ", \"approval\": \"" + approval + "\"";
    return run("--live", settings(service, world.token, world.planner, more), folder);
  }

  /** Has it ask a service as the planner, and answer as an approver. */
  static String askAll(TestService service, AskWorld world, Path folder)
      throws IOException, InterruptedException {
    String more = ", \"approver\": {" + key(world.world.boss) + "}";
    return run("--live-asks", settings(service, world.token, world.world.planner, more), folder);
  }

  private static String key(PrivateKey key) {
    return "\"algorithm\": \"ed25519\", \"secret\": \""
        + HexFormat.of().formatHex(key.secret().exposeCopy())
        + "\"";
  }

  private static String settings(
      TestService service, AgentToken token, PrivateKey holder, String more) {
    return "{\"origin\": \"%s\", \"audience\": \"%s\", \"token\": \"%s\", %s%s}"
        .formatted(service.origin(), World.AUDIENCE, token.encodeBase64(), key(holder), more);
  }

  private static String run(String option, String settings, Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("settings.json"), settings);
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash", "../../testvectors/node/run", option, file.toAbsolutePath().toString())
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
    return output;
  }
}
