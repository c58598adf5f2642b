package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients on Node.js before the guard: the TypeScript SDK's, and one of revision 2026-07-28 without
 * a library.
 */
class ScriptedClientsTest {
  private static final String[] ODD = {"echo", "slow", "input", "mirrored", "listen"};

  @TempDir Path folder;
  private GuardWorld world;

  @BeforeEach
  void setUp() throws Exception {
    Node.demand();
    world = new GuardWorld(folder);
  }

  private Map<String, @Nullable Object> run(String script, Map<String, Object> input)
      throws Exception {
    Path output = folder.resolve("out.json");
    Path errors = folder.resolve("script.txt");
    Process process =
        new ProcessBuilder("node", Node.script(script))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try (var in = process.getOutputStream()) {
      in.write(McpJson.write(input, 1 << 20).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(process.waitFor()).as("%s", Files.readString(errors)).isZero();
    return McpJson.read(Files.readString(output), 1 << 20);
  }

  private Map<String, Object> caller(AgentClient agent) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("token", agent.token().encodeBase64());
    input.put("seed", world.planner.exposeText().replaceFirst(".*/", ""));
    input.put("audience", GuardWorld.AUDIENCE);
    return input;
  }

  private Path everythingConfig() throws Exception {
    ToolCatalog unused =
        GuardWorld.draft(folder.resolve("catalog.json"), "node", Node.main("server-everything"));
    return world.configOf("catalog.json", "client: {sampling: true, elicitation: form}");
  }

  private AgentClient mostOfEverything() throws Exception {
    ToolCatalog catalog = ToolCatalog.parse(Files.readString(folder.resolve("catalog.json")));
    return world.agent(
        catalog.tools().keySet().stream()
            .filter(tool -> !tool.equals("get-env"))
            .toArray(String[]::new));
  }

  private static Map<?, ?> seen(Map<String, @Nullable Object> all, String what) {
    return (Map<?, ?>) Objects.requireNonNull(all.get(what), what);
  }

  private static void assertEverything(Map<String, @Nullable Object> seen) {
    assertThat(seen.get("service")).isEqualTo(GuardWorld.AUDIENCE);
    assertThat(String.valueOf(seen.get("tools")))
        .contains("echo", "trigger-elicitation-request")
        .doesNotContain("get-env");
    assertThat(seen(seen, "echo").get("text")).isEqualTo("Echo: hi");
    assertThat(String.valueOf(seen(seen, "sum").get("text"))).contains("3");
    assertThat(seen(seen, "denied").get("refusal")).isEqualTo("out_of_scope");
    assertThat(seen(seen, "unsigned").get("refusal")).isEqualTo("token_required");
    assertThat(String.valueOf(seen(seen, "long").get("text"))).contains("completed");
    // The SDK forgets whom to tell of the second one if it comes together with the answer.
    assertThat((Integer) seen.get("progress")).isPositive();
    assertThat(String.valueOf(seen(seen, "sampling").get("text"))).contains("sampled");
    assertThat(String.valueOf(seen(seen, "elicitation").get("text"))).contains("declined");
    assertThat((Integer) seen.get("resources")).isPositive();
    assertThat((Integer) seen.get("prompts")).isPositive();
    for (String allowed : List.of("resource", "prompt", "subscribe", "level", "ping")) {
      assertThat(seen(seen, allowed).get("error")).as("%s: %s", allowed, seen).isNull();
    }
  }

  @Test
  void typeScriptClient_overStreams() throws Exception {
    Path config = everythingConfig();
    Map<String, Object> input = caller(mostOfEverything());
    List<String> command = GuardWorld.guard(config, "--", "node", Node.main("server-everything"));
    input.put("command", command);
    assertEverything(run("client.mjs", input));
  }

  @Test
  void typeScriptClient_overHttp() throws Exception {
    Path config = everythingConfig();
    Map<String, Object> input = caller(mostOfEverything());
    try (HttpGuard guard =
        HttpGuard.start(
            config,
            folder.resolve("err.txt"),
            List.of("--", "node", Node.main("server-everything")))) {
      input.put("url", guard.url);
      assertEverything(run("client.mjs", input));
    }
  }

  private Map<String, Object> oddCaller() {
    Map<String, Object> input = caller(world.agent(ODD));
    input.put("odd", true);
    input.put("tool", "echo");
    input.put("args", Map.of("value", 1));
    input.put("denied", "die");
    input.put("slow", "slow");
    input.put("slowArgs", Map.of());
    return input;
  }

  private Path oddConfig() throws Exception {
    ToolCatalog.Builder catalog = ToolCatalog.of(GuardWorld.AUDIENCE);
    GuardWorld.anyArguments("echo", "slow", "input", "mirrored", "die")
        .tools()
        .values()
        .forEach(catalog::tool);
    catalog.tool(
        CatalogTool.of("listen")
            .operation("read")
            .mcp(new CatalogTool.McpRoute("subscriptions/listen", null))
            .argument("notifications", CatalogTool.Argument.optional(ArgumentType.ANY)));
    return world.config(catalog.build());
  }

  private static void assertAlone(Map<String, @Nullable Object> seen) {
    assertThat(String.valueOf(seen.get("discover")))
        .contains("versions=[2026-07-28]", GuardWorld.AUDIENCE, "complete");
    assertThat(seen(seen, "list").get("scope")).isEqualTo("private");
    assertThat(seen(seen, "list").get("ttl")).isEqualTo(0);
    assertThat(seen(seen, "call").get("type")).isEqualTo("complete");
    assertThat(seen(seen, "call").get("refusal")).isNull();
    assertThat(seen(seen, "denied").get("refusal")).isEqualTo("out_of_scope");
    assertThat(seen(seen, "denied").get("type")).isEqualTo("complete");
    assertThat(seen(seen, "unsigned").get("refusal")).isEqualTo("token_required");
    assertThat(seen(seen, "input").get("refusal")).isEqualTo("input_not_accepted");
    assertThat(seen(seen, "ping").get("code")).isEqualTo(-32601);
    assertThat(String.valueOf(seen(seen, "progress").get("events")))
        .contains("notifications/progress");
    assertThat(seen(seen, "version").get("code")).isEqualTo(-32022);
  }

  private static void assertFields(Map<String, @Nullable Object> seen) {
    assertThat(seen(seen, "call").get("cache")).isEqualTo("no-store");
    assertThat(seen(seen, "ping").get("status")).isEqualTo(404);
    assertThat(seen(seen, "version").get("status")).isEqualTo(400);
    for (String wrong : List.of("method", "name", "noVersion")) {
      assertThat(seen(seen, wrong).get("code")).as(wrong).isEqualTo(-32020);
      assertThat(seen(seen, wrong).get("status")).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void clientWithoutSession_overHttp_beforeSuchAServer() throws Exception {
    Map<String, Object> input = oddCaller();
    Path log = folder.resolve("odd.log");
    input.put("listens", true);
    try (HttpGuard guard =
        HttpGuard.start(
            oddConfig(),
            folder.resolve("err.txt"),
            List.of("--", "env", "ODD_LOG=" + log, "node", Node.script("odd.mjs"), "alone"))) {
      input.put("url", guard.url);
      Map<String, @Nullable Object> seen = run("alone.mjs", input);
      assertAlone(seen);
      assertFields(seen);
      assertThat(seen(seen, "asksInput").get("fault")).isEqualTo("input_not_accepted");
      assertThat(seen(seen, "mirrored").get("text")).isEqualTo("{\"region\":\"eu\"}");
      assertThat(seen(seen, "unmirrored").get("code")).isEqualTo(-32020);
      assertThat(seen(seen, "otherwise").get("code")).isEqualTo(-32020);
      assertThat(seen(seen, "listened").get("own")).isEqualTo(true);
      assertThat(String.valueOf(seen(seen, "listened").get("methods")))
          .contains("subscriptions/acknowledged", "tools/list_changed");
    }
    assertThat(Files.readString(log))
        .contains("io.modelcontextprotocol/protocolVersion")
        .doesNotContain("elicitation", "dev.taper");
  }

  @Test
  void clientWithoutSession_overStreams_beforeSuchAServer() throws Exception {
    Map<String, Object> input = oddCaller();
    input.put(
        "command", GuardWorld.guard(oddConfig(), "--", "node", Node.script("odd.mjs"), "alone"));
    Map<String, @Nullable Object> seen = run("alone.mjs", input);
    assertAlone(seen);
    assertThat(seen(seen, "mirrored").get("text")).isEqualTo("{\"region\":\"eu\"}");
  }

  @Test
  void clientWithoutSession_overHttp_beforeAServerWithSessions() throws Exception {
    Path config = everythingConfig();
    Map<String, Object> input = caller(mostOfEverything());
    input.put("tool", "echo");
    input.put("args", Map.of("message", "hi"));
    input.put("denied", "get-env");
    input.put("slow", "trigger-long-running-operation");
    input.put("slowArgs", Map.of("duration", 1, "steps", 2));
    try (HttpGuard guard =
        HttpGuard.start(
            config,
            folder.resolve("err.txt"),
            List.of("--", "node", Node.main("server-everything")))) {
      input.put("url", guard.url);
      Map<String, @Nullable Object> seen = run("alone.mjs", input);
      assertAlone(seen);
      assertFields(seen);
      assertThat(seen(seen, "call").get("text")).isEqualTo("Echo: hi");
    }
  }
}
