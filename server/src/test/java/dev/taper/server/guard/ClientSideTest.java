package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.testing.TearDown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server gets from its client, and what its client is offered. */
class ClientSideTest {
  private static final String[] TOOLS = {
    "echo", "ask", "sample", "form", "link", "later", "sooner"
  };
  private static final Map<String, Object> ALL =
      Map.of(
          "roots",
          Map.of("listChanged", true),
          "sampling",
          Map.of("tools", Map.of()),
          "elicitation",
          Map.of("form", Map.of(), "url", Map.of()),
          "tasks",
          Map.of("list", Map.of()),
          "experimental",
          Map.of("own", Map.of()));

  @TempDir Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private Path log;
  private @Nullable LineClient client;

  @BeforeEach
  void setUp() throws Exception {
    Node.demand();
    world = new GuardWorld(folder);
    agent = world.agent(TOOLS);
    log = folder.resolve("server.log");
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(client);
  }

  private LineClient start(String revision, String... settings) throws Exception {
    List<String> command =
        GuardWorld.guard(world.config(GuardWorld.anyArguments(TOOLS), settings), "--");
    command.addAll(List.of("env", "ODD_LOG=" + log, "node", Node.script("odd.mjs")));
    LineClient started = LineClient.start(command, folder.resolve("err.txt"));
    client = started;
    RpcMessage begun = started.initialize(revision, ALL);
    Map<String, @Nullable Object> result = Answered.result(begun);
    assertThat(RpcMessage.object(result, "capabilities"))
        .containsOnlyKeys("tools", "resources", "prompts", "logging", "experimental");
    assertThat(RpcMessage.object(RpcMessage.object(result, "capabilities"), "experimental"))
        .containsOnlyKeys("dev.taper");
    return started;
  }

  /** What the server was told that its client can do. */
  private String told() throws Exception {
    String line =
        Files.readAllLines(log).stream()
            .filter(one -> one.contains("\"initialize\""))
            .findFirst()
            .orElseThrow();
    Map<String, @Nullable Object> params = RpcMessage.object(McpJson.read(line, 1 << 20), "params");
    return McpJson.write(
        Map.of("capabilities", RpcMessage.object(params, "capabilities")), 1 << 16);
  }

  private RpcMessage call(LineClient guarded, String tool) throws Exception {
    return guarded.call(agent, tool, Map.of());
  }

  @Test
  void server_isToldOfNothing_thatTheOperatorDidNotOpen() throws Exception {
    LineClient guarded = start("2025-11-25");
    for (String tool : List.of("ask", "sample", "form", "link")) {
      assertThat(Answered.text(call(guarded, tool))).as(tool).contains("-32601");
    }
    guarded.send(new RpcMessage.Notification("notifications/roots/list_changed", null));
    assertThat(Answered.text(call(guarded, "echo"))).isNotEmpty();
    assertThat(guarded.others).isEmpty();
    assertThat(told()).isEqualTo("{\"capabilities\":{}}");
    assertThat(Files.readString(log)).doesNotContain("list_changed", "tasks", "own");
  }

  @Test
  void roots_areThoseOfTheConfiguration_whateverTheClientWouldAnswer() throws Exception {
    LineClient guarded = start("2025-06-18", "client: {roots: [/srv/files, 'file:///srv/b%20c']}");
    assertThat(Answered.text(call(guarded, "ask")))
        .contains("file:///srv/files", "file:///srv/b%20c");
    assertThat(guarded.others).isEmpty();
    assertThat(told()).isEqualTo("{\"capabilities\":{\"roots\":{}}}");
  }

  @Test
  void openedQuestion_isRebuilt_andAnsweredOnce() throws Exception {
    LineClient guarded = start("2025-11-25", "client: {sampling: true, elicitation: form}");
    assertThat(told()).contains("\"sampling\":{\"tools\":{}}", "\"elicitation\":{\"form\":{}}");
    assertThat(told()).doesNotContain("url", "roots");
    long id = guarded.send("tools/call", signed("sample"));
    RpcMessage.Request asked = (RpcMessage.Request) guarded.other("sampling/createMessage");
    assertThat(Objects.requireNonNull(asked.params())).containsOnlyKeys("messages", "maxTokens");
    Map<String, @Nullable Object> said =
        Map.of(
            "role",
            "assistant",
            "model",
            "m",
            "content",
            Map.of("type", "text", "text", "hi"),
            "beside",
            1,
            "_meta",
            Map.of("dev.taper/token", "t"));
    guarded.send(new RpcMessage.Result("taper-77", said)); // nobody asked that
    guarded.send(new RpcMessage.Result(asked.id(), said));
    guarded.send(new RpcMessage.Result(asked.id(), said));
    assertThat(Answered.text(guarded.answer(id)))
        .contains("\"model\":\"m\"")
        .doesNotContain("beside", "dev.taper");
    assertThat(Answered.text(call(guarded, "echo"))).isNotEmpty();
    assertThat(Files.readAllLines(log).stream().filter(line -> line.contains("\"model\":\"m\"")))
        .hasSize(1);
    assertThat(Answered.text(call(guarded, "link"))).contains("-32601");
    long form = guarded.send("tools/call", signed("form"));
    asked = (RpcMessage.Request) guarded.other("elicitation/create");
    guarded.send(
        new RpcMessage.Result(
            asked.id(), Map.of("action", "accept", "content", Map.of("x", "y".repeat(66_000)))));
    assertThat(Answered.text(guarded.answer(form))).contains("65536 bytes").doesNotContain("yyy");
  }

  @Test
  void older_revisions_haveNoCapabilityOfLaterOnes() throws Exception {
    LineClient guarded =
        start("2025-03-26", "client: {sampling: true, elicitation: [form, url], roots: /srv}");
    assertThat(told()).isEqualTo("{\"capabilities\":{\"roots\":{},\"sampling\":{}}}");
    assertThat(Answered.text(call(guarded, "form"))).contains("-32601");
  }

  /** Nobody is offered what would be refused, and what is refused is an error that parsers know. */
  @Test
  void tasks_areNeitherOfferedNorTaken() throws Exception {
    LineClient guarded = start("2025-11-25");
    RpcMessage list = guarded.ask(agent, "tools/list", Map.of());
    assertThat(Answered.names(list, "tools")).contains("sooner").doesNotContain("later");
    assertThat(String.valueOf(Answered.result(list))).doesNotContain("taskSupport", "execution");
    RpcMessage refused =
        guarded.ask(
            "tools/call",
            McpSigner.of(agent)
                .sign("tools/call", Map.of("name", "echo", "task", Map.of("ttl", 1))));
    assertThat(refused).isInstanceOf(RpcMessage.Failure.class);
    assertThat(((RpcMessage.Failure) refused).code()).isEqualTo(-32602);
    assertThat(Answered.refusal(refused)).isEqualTo("unknown_argument");
    RpcMessage unread =
        guarded.ask(
            "tools/call", Map.<String, @Nullable Object>of("name", "echo", "task", Map.of()));
    assertThat(Answered.refusal(unread)).isEqualTo("unknown_argument");
    for (String method : List.of("tasks/get", "tasks/result", "tasks/list", "tasks/cancel")) {
      RpcMessage missing = guarded.ask(agent, method, Map.of("taskId", "1"));
      assertThat(((RpcMessage.Failure) missing).code()).as(method).isEqualTo(-32601);
    }
    assertThat(Files.readString(log)).doesNotContain("tasks/", "\"task\"");
  }

  private Map<String, @Nullable Object> signed(String tool) {
    return McpSigner.of(agent).sign("tools/call", Map.of("name", tool, "arguments", Map.of()));
  }

  /** The guide's own example: an agent that may read files says itself which folders there are. */
  @Test
  void filesystemServer_whoseClientNamesOtherRoots_servesNoneOfThem() throws Exception {
    Path files = Files.createDirectory(folder.resolve("files"));
    Path secret = Files.createDirectory(folder.resolve("secret"));
    Files.writeString(secret.resolve("s.txt"), "of others");
    Files.writeString(files.resolve("a.txt"), "hello");
    String[] server = {"node", Node.main("server-filesystem"), files.toString()};
    ToolCatalog unused = GuardWorld.draft(folder.resolve("catalog.json"), server);
    List<String> command = new ArrayList<>(GuardWorld.guard(world.configOf("catalog.json"), "--"));
    command.addAll(List.of(server));
    AgentClient reader = world.agent("read_text_file read");
    LineClient guarded = LineClient.start(command, folder.resolve("err.txt"));
    client = guarded;
    RpcMessage begun =
        guarded.initialize("2025-11-25", Map.of("roots", Map.of("listChanged", true)));
    assertThat(begun).isInstanceOf(RpcMessage.Result.class);
    guarded.answerRootsWith(secret.toUri().toString());
    assertThat(Answered.text(read(guarded, reader, files.resolve("a.txt")))).isEqualTo("hello");
    guarded.send(new RpcMessage.Notification("notifications/roots/list_changed", null));
    assertThat(Answered.text(read(guarded, reader, files.resolve("a.txt")))).isEqualTo("hello");
    assertThat(Answered.text(read(guarded, reader, secret.resolve("s.txt"))))
        .contains("denied")
        .doesNotContain("of others");
  }

  private static RpcMessage read(LineClient guarded, AgentClient reader, Path file)
      throws Exception {
    return guarded.call(reader, "read_text_file", Map.of("path", file.toString()));
  }
}
