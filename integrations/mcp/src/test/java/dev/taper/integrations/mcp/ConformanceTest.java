package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.RootKeys;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance tests of MCP, against a server and against the same server with a guard: nothing
 * that passes without the guard fails with it. They sign nothing, so a filter signs for them.
 */
class ConformanceTest {
  @TempDir Path folder;
  private final World world = new World();

  @Test
  void guardedServer_passesWhatTheServerPasses() throws Exception {
    Node.demand();
    Set<String> bare;
    try (HttpService service = HttpService.conformance(null)) {
      bare = passed(service, folder.resolve("bare"));
    }
    Set<String> guarded;
    try (HttpService service = HttpService.conformance(guard(), new SigningFilter(agent()))) {
      guarded = passed(service, folder.resolve("guarded"));
    }

    assertThat(bare).hasSizeGreaterThanOrEqualTo(40);
    assertThat(guarded).containsAll(bare);
  }

  private static Set<String> passed(HttpService service, Path results) throws Exception {
    Node.Result result =
        Node.run(
            "--import",
            "./oldnode.mjs",
            "node_modules/@modelcontextprotocol/conformance/dist/index.js",
            "server",
            "--url",
            service.origin().replace("127.0.0.1", "localhost") + "/mcp",
            "--output-dir",
            results.toString());
    Set<String> passed = new TreeSet<>();
    try (Stream<Path> files = Files.walk(results)) {
      for (Path file : files.filter(f -> f.endsWith("checks.json")).toList()) {
        collect(file, passed);
      }
    } catch (IOException e) {
      throw new IOException(result.output(), e);
    }
    return passed;
  }

  private static void collect(Path file, Set<String> passed) throws IOException {
    String json = Files.readString(file);
    Map<String, ?> checks = McpJson.read("{\"checks\":" + json + "}", 1 << 24);
    Path run = Objects.requireNonNull(file.getParent());
    String scenario = run.getFileName().toString().replaceAll("-\\d{4}-\\d\\d-.*$", "");
    for (Object check : (List<?>) Objects.requireNonNull(checks.get("checks"))) {
      Map<?, ?> one = (Map<?, ?>) check;
      if ("SUCCESS".equals(one.get("status"))) {
        passed.add(scenario + " " + one.get("id"));
      }
    }
  }

  private static ToolCatalog catalog() throws IOException {
    String list =
        McpJsonDefaults.getMapper()
            .writeValueAsString(ListToolsResult.builder(ConformanceTools.definitions()).build());
    ToolCatalog.Builder catalog = ToolCatalog.of(World.AUDIENCE);
    ToolCatalog.draft(World.AUDIENCE, list).tools().values().forEach(catalog::tool);
    CatalogTool.Argument any = CatalogTool.Argument.optional(ArgumentType.ANY);
    for (String method :
        List.of("resources/read", "resources/subscribe", "resources/unsubscribe")) {
      catalog.tool(method(method).argument("uri", any));
    }
    catalog.tool(method("prompts/get").argument("name", any).argument("arguments", any));
    catalog.tool(
        method("completion/complete")
            .argument("ref", any)
            .argument("argument", any)
            .argument("context", any));
    return catalog.build();
  }

  private static CatalogTool method(String method) {
    return CatalogTool.of("mcp." + method.replace('/', '.'))
        .operation("read")
        .mcp(new CatalogTool.McpRoute(method, null));
  }

  private McpGuard guard() throws IOException {
    return McpGuard.of(
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(World.AUDIENCE)
            .catalog(catalog())
            .withoutRevocation()
            .build());
  }

  private AgentClient agent() throws IOException {
    return AgentClient.of(
        Issuer.of(world.root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", world.planner.publicKey()))
                    .task("T-4711")
                    .grant(String.join(", ", catalog().tools().keySet()))
                    .expiresIn(Duration.ofHours(1))),
        world.planner,
        World.AUDIENCE);
  }
}
