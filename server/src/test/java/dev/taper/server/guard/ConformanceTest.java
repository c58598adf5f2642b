package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.HttpService;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.operations.config.ClientAccess;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import dev.taper.server.mcp.CallerCheck;
import dev.taper.server.mcp.HttpFront;
import dev.taper.server.mcp.UrlUpstream;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance tests of MCP, against a server and against the guard before it: nothing that
 * passes without the guard fails with it. They sign nothing, so a handler signs for them.
 */
class ConformanceTest {
  private static final int LARGE = 1 << 24;

  @TempDir Path folder;

  @Test
  void guardedServer_passesWhatTheServerPasses() throws Exception {
    Node.demand();
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    ExecutorService later = Executors.newCachedThreadPool();
    Set<String> bare;
    Set<String> guarded;
    try (HttpService service = HttpService.conformance(null)) {
      String url = service.origin().replace("127.0.0.1", "localhost") + "/mcp";
      bare = passed(url, folder.resolve("bare"));
      UrlUpstream upstream = new UrlUpstream(URI.create(url), Map::of, 4 << 20, null);
      ToolCatalog catalog =
          CatalogDraft.of(
              GuardWorld.AUDIENCE, ServerListing.of(upstream, Duration.ofSeconds(60), timers));
      GuardWorld world = new GuardWorld(folder);
      McpGuard guard =
          McpGuard.of(
              Verifier.trusting(RootKeys.of(world.root.publicKey()))
                  .audience(GuardWorld.AUDIENCE)
                  .catalog(catalog)
                  .withoutRevocation()
                  .build());
      AgentClient agent = world.agent(catalog.tools().keySet().toArray(new String[0]));
      GuardHost host =
          new GuardHost(
              guard,
              upstream,
              new Metrics(),
              false,
              true,
              Duration.ofSeconds(30),
              timers,
              later,
              new WaitingCalls(),
              new ClientAccess(List.of(), true, Set.of("form", "url")),
              guard.holders());
      try (HttpFront front =
              new HttpFront(
                  host,
                  new HttpFront.Settings(
                      "/mcp", 4 << 20, 64, false, new CallerCheck(true, Set.of())),
                  timers);
          Listener listener =
              Listener.start(
                  ListenAddress.parse("127.0.0.1:0"), null, new SigningHandler(agent, front))) {
        guarded =
            passed(
                "http://localhost:" + listener.address().getPort() + "/mcp",
                folder.resolve("guarded"));
      }
    } finally {
      timers.shutdownNow();
      later.shutdownNow();
    }
    assertThat(bare).hasSizeGreaterThanOrEqualTo(40);
    assertThat(guarded).containsAll(bare);
  }

  private Set<String> passed(String url, Path results) throws Exception {
    Path output = folder.resolve("conformance.txt");
    Process process =
        new ProcessBuilder(
                "node",
                "--import",
                "../../../../integrations/mcp/node/oldnode.mjs",
                "node_modules/@modelcontextprotocol/conformance/dist/index.js",
                "server",
                "--url",
                url,
                "--output-dir",
                results.toString())
            .directory(Node.FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int unused = process.waitFor();
    Set<String> passed = new TreeSet<>();
    try (Stream<Path> files = Files.walk(results)) {
      for (Path file : files.filter(f -> f.endsWith("checks.json")).toList()) {
        collect(file, passed);
      }
    } catch (IOException e) {
      throw new IOException(Files.readString(output), e);
    }
    return passed;
  }

  private static void collect(Path file, Set<String> passed) throws IOException {
    Map<String, ?> checks = McpJson.read("{\"checks\":" + Files.readString(file) + "}", LARGE);
    Path run = Objects.requireNonNull(file.getParent());
    String scenario = run.getFileName().toString().replaceAll("-\\d{4}-\\d\\d-.*$", "");
    for (Object check : (List<?>) Objects.requireNonNull(checks.get("checks"))) {
      Map<?, ?> one = (Map<?, ?>) check;
      // What the protocol leaves open, such as an answer that is no stream, is said as information.
      if ("SUCCESS".equals(one.get("status")) || "INFO".equals(one.get("status"))) {
        passed.add(scenario + " " + one.get("id"));
      }
    }
  }
}
