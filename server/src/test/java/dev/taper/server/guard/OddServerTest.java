package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guard between a client and a server of which one or the other misbehaves: every outcome has a
 * code, nothing reaches the server that was not judged, and no process is left over.
 */
class OddServerTest {
  private static final String[] TOOLS = {
    "die",
    "hang",
    "flood",
    "broken",
    "duplicate",
    "huge",
    "ask",
    "slow",
    "orphan",
    "forge",
    "data",
    "ignore",
    "echo",
    "deaf",
    "change"
  };

  @TempDir static Path common;
  private static @Nullable GuardWorld shared;
  private static @Nullable LineClient sharedClient;

  @TempDir Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private Path log;
  private long before;
  private @Nullable LineClient client;

  /** The guard that all tests share which leave it as it was. */
  @BeforeAll
  static void startShared() throws Exception {
    Node.demand();
    shared = new GuardWorld(common);
    sharedClient = start(shared, GuardWorld.anyArguments(TOOLS), common.resolve("server.log"));
  }

  @AfterAll
  static void stopShared() throws Exception {
    TearDown.close(TearDown.of(sharedClient, OddServerTest::assertNothingIsLeftOver));
  }

  private LineClient common() throws IOException {
    world = Objects.requireNonNull(shared);
    agent = world.agent(TOOLS);
    log = common.resolve("server.log");
    before = Files.size(log);
    return Objects.requireNonNull(sharedClient);
  }

  @BeforeEach
  void setUp() throws IOException {
    world = new GuardWorld(folder);
    agent = world.agent(TOOLS);
    log = folder.resolve("server.log");
  }

  @AfterEach
  void nothingIsLeftOver() throws Exception {
    TearDown.close(TearDown.of(client, OddServerTest::assertNothingIsLeftOver));
  }

  private static void assertNothingIsLeftOver(LineClient started) throws Exception {
    List<ProcessHandle> below = started.process.descendants().toList();
    started.close();
    for (ProcessHandle process : below) {
      process.onExit().get(30, TimeUnit.SECONDS);
    }
  }

  private LineClient start(String... more) throws Exception {
    client = start(world, GuardWorld.anyArguments(TOOLS), log, more);
    return client;
  }

  private static LineClient start(GuardWorld world, ToolCatalog catalog, Path log, String... more)
      throws Exception {
    List<String> command = GuardWorld.guard(world.config(catalog), more);
    command.addAll(
        List.of("--", "env", "ODD_TELLS=1", "ODD_LOG=" + log, "node", Node.script("odd.mjs")));
    LineClient started = LineClient.start(command, world.folder.resolve("err.txt"));
    RpcMessage unused = started.initialize("2025-11-25");
    return started;
  }

  private String logged() throws IOException {
    return Files.readString(log).substring((int) before);
  }

  private List<String> reached() throws IOException {
    return logged().lines().filter(line -> line.contains("tools/call")).toList();
  }

  private static Map<String, Object> call(String tool) {
    return Map.of("name", tool, "arguments", Map.of());
  }

  @Test
  void serverThatDies_isSaidAndEndsTheGuard() throws Exception {
    LineClient guarded = start();
    long hangs = guarded.send("tools/call", McpSigner.of(agent).sign("tools/call", call("hang")));
    RpcMessage died = guarded.call(agent, "die", Map.of());
    assertThat(Answered.fault(died)).isEqualTo("upstream_ended");
    assertThat(guarded.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(guarded.process.exitValue()).isEqualTo(5);
    assertThat(hangs).isPositive();
  }

  @Test
  void serverThatHangs_isCancelledInTime_unlessItSaysThatItGoesOn() throws Exception {
    LineClient guarded = start("--timeout", "3s");
    assertThat(Answered.fault(guarded.call(agent, "hang", Map.of()))).isEqualTo("upstream_timeout");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of("value", 1)))).contains("1");
    // The caller is answered before the server is told.
    GuardWorld.eventually(() -> logged().contains("notifications/cancelled"));
    Map<String, Object> params = new HashMap<>(call("slow"));
    params.put(
        "_meta", Map.of("progressToken", "mine", "com.example/secret", "no", "traceparent", "t"));
    RpcMessage answer = guarded.ask(agent, "tools/call", params);
    assertThat(Answered.text(answer)).isEqualTo("done");
    RpcMessage.Notification progress =
        (RpcMessage.Notification) guarded.other("notifications/progress");
    assertThat(String.valueOf(progress.params())).contains("progressToken=mine");
    assertThat(reached().get(2))
        .contains("traceparent")
        .doesNotContain("mine", "secret", "dev.taper");
  }

  @Test
  void flood_isHandedOnOrDropped_andTheAnswerComes() throws Exception {
    LineClient guarded = common();
    assertThat(Answered.text(guarded.call(agent, "flood", Map.of()))).isEqualTo("flooded");
  }

  @Test
  void brokenLines_areDropped() throws Exception {
    LineClient guarded = common();
    assertThat(Answered.text(guarded.call(agent, "broken", Map.of()))).isEqualTo("after");
  }

  @Test
  void duplicateAnswers_areDropped() throws Exception {
    LineClient guarded = common();
    assertThat(Answered.text(guarded.call(agent, "duplicate", Map.of()))).isEqualTo("once");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
  }

  @Test
  void answerOfTenMegabytes_isRefusedWithACode() throws Exception {
    LineClient guarded = common();
    assertThat(Answered.fault(guarded.call(agent, "huge", Map.of()))).isEqualTo("upstream_invalid");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
  }

  @Test
  void messageOfTenMegabytes_isRefusedWithACode() throws Exception {
    LineClient guarded = common();
    guarded.sendRaw(
        "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"" + "x".repeat(10 << 20) + "\"}");
    assertThat(Answered.fault(guarded.answer(null))).isEqualTo("message_too_long");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
  }

  @Test
  void whatIsNoMessage_isRefusedWithACode() throws Exception {
    LineClient guarded = common();
    Map<String, @Nullable Object> signed = McpSigner.of(agent).sign("tools/call", call("echo"));
    String one =
        dev.taper.server.mcp.RpcText.write(new RpcMessage.Request(70L, "tools/call", signed));
    guarded.sendRaw("[" + one + "]");
    assertThat(Answered.fault(guarded.answer(null))).isEqualTo("batch_not_accepted");
    guarded.sendRaw("no JSON");
    assertThat(Answered.fault(guarded.answer(null))).isEqualTo("invalid_json");
    guarded.sendRaw(one.replace("\"id\":70", "\"id\":70,\"id\":71"));
    assertThat(Answered.fault(guarded.answer(null))).isEqualTo("invalid_json");
    guarded.sendRaw(one.replace("\"id\":70", "\"id\":null"));
    assertThat(Answered.fault(guarded.answer(null))).isEqualTo("invalid_message");
    // Without an id it is a notification, and there is none of that name.
    guarded.sendRaw(one.replace("\"id\":70,", ""));
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of("value", "last"))))
        .contains("last");
    assertThat(reached()).hasSize(1);
    assertThat(logged()).doesNotContain("dev.taper");
  }

  @Test
  void idInUse_isRefused() throws Exception {
    LineClient guarded = common();
    Map<String, @Nullable Object> slow = McpSigner.of(agent).sign("tools/call", call("slow"));
    guarded.send(new RpcMessage.Request("same", "tools/call", slow));
    guarded.send(new RpcMessage.Request("same", "tools/call", slow));
    assertThat(Answered.fault(guarded.answer("same"))).isEqualTo("duplicate_id");
    assertThat(Answered.text(guarded.answer("same"))).isEqualTo("done");
  }

  @Test
  void argumentsThatChangedAfterTheProof_areRefused() throws Exception {
    LineClient guarded = common();
    Map<String, @Nullable Object> signed =
        McpSigner.of(agent)
            .sign("tools/call", Map.of("name", "echo", "arguments", Map.of("value", 1)));
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(signed);
    changed.put("arguments", Map.of("value", 2));
    assertThat(Answered.refusal(guarded.ask("tools/call", changed))).isEqualTo("request_mismatch");
    assertThat(Answered.refusal(guarded.ask("resources/read", signed)))
        .isEqualTo("request_mismatch");
    assertThat(Answered.text(guarded.ask("tools/call", signed))).contains("1");
    assertThat(Answered.refusal(guarded.ask("tools/call", signed))).isEqualTo("proof_replayed");
    assertThat(reached()).hasSize(1);
  }

  @Test
  void numbers_thatServersReadOtherwise_areRefused() throws Exception {
    LineClient guarded = common();
    for (String other : List.of("99.99999999999999999", "1e400", "5e-324", "0.30000000000000001")) {
      Map<String, Object> value = Map.of("value", Map.of("deep", List.of(new BigDecimal(other))));
      assertThat(Answered.refusal(guarded.call(agent, "echo", value)))
          .as(other)
          .isEqualTo("invalid_argument_value");
    }
    for (String same :
        List.of("0.1", "1764180000000000123", "1e21", "5e-300", "0.30000000000000004")) {
      assertThat(Answered.text(guarded.call(agent, "echo", Map.of("value", new BigDecimal(same)))))
          .as(same)
          .contains("value");
    }
    assertThat(reached()).hasSize(5);
  }

  @Test
  void twoAgentsOverOneConnection_areEachHeldToTheirOwn() throws Exception {
    LineClient guarded = common();
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    AgentClient narrow = world.agent(key, "agent:narrow", "slow");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
    assertThat(Answered.refusal(guarded.call(narrow, "echo", Map.of()))).isEqualTo("out_of_scope");
    assertThat(Answered.names(guarded.ask(narrow, "tools/list", Map.of()), "tools"))
        .containsExactly("slow");
    // One agent's token with the other's proof.
    Map<String, @Nullable Object> mixed = McpSigner.of(narrow).sign("tools/call", call("echo"));
    Map<String, @Nullable Object> meta = RpcMessage.object(mixed, "_meta");
    meta.put(
        "dev.taper/token",
        RpcMessage.object(McpSigner.of(agent).sign("tools/call", call("echo")), "_meta")
            .get("dev.taper/token"));
    mixed.put("_meta", meta);
    assertThat(Answered.refusal(guarded.ask("tools/call", mixed))).isEqualTo("proof_mismatch");
    assertThat(reached()).hasSize(1);
  }

  @Test
  void cancelledCall_isCancelledAtTheServer() throws Exception {
    LineClient guarded = common();
    long id = guarded.send("tools/call", McpSigner.of(agent).sign("tools/call", call("hang")));
    guarded.send(new RpcMessage.Notification("notifications/cancelled", Map.of("requestId", id)));
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
    assertThat(logged()).contains("notifications/cancelled");
  }

  @Test
  void serversQuestions_areClosed() throws Exception {
    LineClient guarded = common();
    long id = guarded.send("tools/call", McpSigner.of(agent).sign("tools/call", call("ask")));
    // The client would answer, and is not asked.
    assertThat(Answered.text(guarded.answer(id))).contains("-32601").doesNotContain("roots\"");
    assertThat(guarded.others).isEmpty();
    assertThat(logged()).contains("\"id\":\"q0\"", "\"id\":\"q1\"").doesNotContain("dev.taper");
  }

  @Test
  void forgedRefusals_areNotRefusals() throws Exception {
    LineClient guarded = common();
    assertThat(Answered.text(guarded.call(agent, "forge", Map.of()))).isEqualTo("forged");
    RpcMessage.Failure failure = (RpcMessage.Failure) guarded.call(agent, "data", Map.of());
    assertThat(failure.data()).isEqualTo(Map.of("code", "out_of_scope"));
  }

  @Test
  void changedTool_isRefusedUntilItIsPinnedAgain() throws Exception {
    Path catalog = folder.resolve("catalog.json");
    String unusedOutput = run(0, "--audience", GuardWorld.AUDIENCE, "-o", catalog.toString());
    ToolCatalog drafted = ToolCatalog.parse(Files.readString(catalog));
    AgentClient writer = world.agent("change", "echo", "mcp.resources.read on test://a");
    LineClient guarded = start(world, drafted, log);
    client = guarded;
    assertThat(Answered.text(guarded.call(writer, "change", Map.of()))).isEqualTo("changed");
    RpcMessage unused = guarded.other("notifications/tools/list_changed");
    assertThat(Answered.refusal(guarded.call(writer, "change", Map.of())))
        .isEqualTo("unknown_tool");
    assertThat(Answered.names(guarded.ask(writer, "tools/list", Map.of()), "tools"))
        .containsExactly("echo");
    CatalogTool old = GuardWorld.tool(drafted, "change").definition("0".repeat(64));
    ToolCatalog.Builder other = ToolCatalog.of(GuardWorld.AUDIENCE).tool(old.operation("read"));
    Files.writeString(catalog, other.build().toJson());
    assertThat(run(1, "--check", catalog.toString())).contains("CHANGED change", "NEW echo");
    assertThat(run(0, "--pin", catalog.toString())).contains("pinned");
    ToolCatalog pinned = ToolCatalog.parse(Files.readString(catalog));
    assertThat(GuardWorld.tool(pinned, "change").operation()).isEqualTo("read");
    assertThat(GuardWorld.tool(pinned, "change").definition())
        .isEqualTo(GuardWorld.tool(drafted, "change").definition());
    assertThat(run(0, "--check", catalog.toString())).contains(" 0 findings");
  }

  private static String run(int exit, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--", "node", Node.script("odd.mjs")));
    GuardWorld.Ended ended = GuardWorld.run(new CatalogCommand(), command);
    assertThat(ended.exit()).as(ended.output()).isEqualTo(exit);
    return ended.output();
  }

  @Test
  void whatTheServerSaysOnStandardError_isLoggedAsItsWords() throws Exception {
    String forged = "{\"level\":\"INFO\",\"formattedMessage\":\"all is well\"}";
    List<String> command = GuardWorld.guard(world.config(GuardWorld.anyArguments(TOOLS)));
    command.addAll(List.of("--", "env", "ODD_SAYS=" + forged, "node", Node.script("odd.mjs")));
    LineClient guarded = LineClient.start(command, folder.resolve("err.txt"));
    client = guarded;
    RpcMessage unused = guarded.initialize("2025-11-25");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
    Path errors = folder.resolve("err.txt");
    // It is read by a thread of its own.
    GuardWorld.eventually(
        () -> Files.readString(errors).contains("says: {\\\"level\\\":\\\"INFO\\\""));
    assertThat(Files.readAllLines(errors)).doesNotContain(forged);
  }

  @Test
  void killedGuard_leavesNothingOver() throws Exception {
    LineClient guarded = start();
    long child = Long.parseLong(Answered.text(guarded.call(agent, "orphan", Map.of())));
    long server = Long.parseLong(Answered.text(guarded.call(agent, "ignore", Map.of())));
    guarded.send("tools/call", McpSigner.of(agent).sign("tools/call", call("hang")));
    guarded.process.destroyForcibly();
    assertEnds(server);
    assertEnds(child);
  }

  @Test
  void stoppedGuard_leavesNothingOver() throws Exception {
    LineClient guarded = start();
    long child = Long.parseLong(Answered.text(guarded.call(agent, "orphan", Map.of())));
    long server = Long.parseLong(Answered.text(guarded.call(agent, "ignore", Map.of())));
    guarded.process.destroy();
    assertThat(guarded.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertEnds(server);
    assertEnds(child);
  }

  private static void assertEnds(long pid) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    if (process != null) {
      process.onExit().get(30, TimeUnit.SECONDS);
    }
  }
}
