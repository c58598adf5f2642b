package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.testing.TearDown;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose a session over HTTP is, what its id is good for, and when it ends. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardedSessionsTest {
  private static final String SESSION = "Mcp-Session-Id";
  private static final String[] TOOLS = {"echo", "sample", "update", "logs", "slow"};
  private static final String END = "the stream ended";

  @TempDir Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private Path log;
  private @Nullable HttpGuard running;

  @BeforeEach
  void setUp() throws Exception {
    Node.demand();
    world = new GuardWorld(folder);
    agent = world.agent(grants("mcp.resources.read on test://a"));
    log = folder.resolve("server.log");
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(running);
  }

  private static String[] grants(String... more) {
    List<String> grants = new ArrayList<>(List.of(TOOLS));
    grants.addAll(List.of(more));
    return grants.toArray(new String[0]);
  }

  private AgentClient agent(Duration lifetime, String... grants) {
    return world.agent(world.planner, "agent:planner", "T-4711", lifetime, grants);
  }

  private HttpGuard start(String... server) throws Exception {
    ToolCatalog.Builder catalog = ToolCatalog.of(GuardWorld.AUDIENCE);
    GuardWorld.anyArguments(TOOLS).tools().values().forEach(catalog::tool);
    catalog.tool(
        CatalogTool.of("mcp.resources.read")
            .operation("read")
            .resource("{+uri}")
            .mcp(new CatalogTool.McpRoute("resources/read", null))
            .argument(
                "uri", CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING))));
    catalog.tool(
        CatalogTool.of("listen")
            .operation("read")
            .mcp(new CatalogTool.McpRoute("subscriptions/listen", null))
            .argument("notifications", CatalogTool.Argument.optional(ArgumentType.ANY)));
    List<String> command =
        new ArrayList<>(List.of("--", "env", "ODD_LOG=" + log, "node", Node.script("odd.mjs")));
    command.addAll(List.of(server));
    HttpGuard guard =
        HttpGuard.start(
            world.config(catalog.build(), "client: {sampling: true}"),
            folder.resolve("err.txt"),
            command);
    running = guard;
    return guard;
  }

  private static String session(HttpGuard guard) throws Exception {
    HttpResponse<String> begun =
        guard.post(
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                + "\"2025-11-25\",\"capabilities\":{\"sampling\":{}},\"clientInfo\":{\"name\":\"t\","
                + "\"version\":\"1\"}}}");
    String id = begun.headers().firstValue(SESSION).orElseThrow();
    HttpResponse<String> told =
        guard.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", SESSION, id);
    assertThat(told.statusCode()).isEqualTo(202);
    return id;
  }

  private static String call(AgentClient by, String tool, Object value) {
    return RpcText.write(
        new RpcMessage.Request(
            1L,
            "tools/call",
            McpSigner.of(by)
                .sign("tools/call", Map.of("name", tool, "arguments", Map.of("value", value)))));
  }

  private static RpcMessage answer(HttpResponse<String> response) throws Exception {
    String body = response.body();
    int data = body.lastIndexOf("data: ");
    return RpcText.read(data < 0 ? body : body.substring(data + 6).strip());
  }

  private static String code(HttpResponse<String> response) {
    return response.statusCode()
        + " "
        + McpJson.read(response.body().isEmpty() ? "{}" : response.body(), 1 << 16).get("code");
  }

  private static HttpRequest with(HttpRequest signed, String name, String value) {
    return HttpRequest.newBuilder(signed, (one, other) -> !one.equalsIgnoreCase(name))
        .header(name, value)
        .build();
  }

  @Test
  void sessionsId_isNoCredential() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    String other = session(guard);
    assertThat(Answered.text(answer(guard.post(call(agent, "echo", 1), SESSION, id))))
        .contains("1");
    String answers = "{\"jsonrpc\":\"2.0\",\"id\":\"taper-1\",\"result\":{}}";
    String cancels =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";
    for (String content : List.of(answers, cancels)) {
      assertThat(code(guard.post(content, SESSION, id))).isEqualTo("401 token_required");
    }
    for (String method : List.of("GET", "DELETE")) {
      assertThat(code(guard.send(method, SESSION, id, "Accept", "text/event-stream")))
          .as(method)
          .isEqualTo("401 token_required");
    }
    PrivateKey stolen = PrivateKey.generate(Algorithm.ED25519);
    AgentClient another = world.agent(stolen, "agent:other", TOOLS);
    AgentClient elsewhere =
        world.agent(world.planner, "agent:planner", "T-2", Duration.ofHours(1), TOOLS);
    for (AgentClient by : List.of(another, elsewhere)) {
      assertThat(code(guard.send(by, "DELETE", SESSION, id))).isEqualTo("404 wrong_session");
      assertThat(code(guard.send(by, "GET", SESSION, id, "Accept", "text/event-stream")))
          .isEqualTo("404 wrong_session");
      assertThat(code(guard.post(by, answers, SESSION, id))).isEqualTo("404 wrong_session");
      HttpResponse<String> called = guard.post(call(by, "echo", 2), SESSION, id);
      assertThat(called.statusCode()).isEqualTo(404);
      assertThat(Answered.fault(answer(called))).isEqualTo("wrong_session");
    }
    // A proof is for one session, one place in its stream, one content, and once.
    HttpRequest ends = guard.signed(agent, "DELETE", SESSION, other);
    assertThat(code(guard.send(with(ends, SESSION, id)))).isEqualTo("401 request_mismatch");
    HttpRequest listens =
        guard.signed(
            agent, "GET", SESSION, id, "Accept", "text/event-stream", "Last-Event-ID", "1");
    assertThat(code(guard.send(with(listens, "Last-Event-ID", "2"))))
        .isEqualTo("401 request_mismatch");
    HttpRequest told =
        McpSigner.of(agent)
            .sign(
                HttpRequest.newBuilder(URI.create(guard.url))
                    .header("Content-Type", "application/json")
                    .header(SESSION, id)
                    .POST(BodyPublishers.ofString(cancels))
                    .build());
    HttpRequest changed =
        HttpRequest.newBuilder(told, (name, value) -> true)
            .POST(BodyPublishers.ofString(answers))
            .build();
    assertThat(code(guard.send(changed))).isEqualTo("401 request_mismatch");
    assertThat(guard.send(told).statusCode()).isEqualTo(202);
    assertThat(code(guard.send(told))).isEqualTo("401 proof_replayed");
    assertThat(Answered.text(answer(guard.post(call(agent, "echo", 3), SESSION, id))))
        .contains("3");
    assertThat(guard.send(agent, "DELETE", SESSION, id).statusCode()).isEqualTo(204);
    assertThat(guard.post(call(agent, "echo", 4), SESSION, id).statusCode()).isEqualTo(404);
    assertThat(Files.readString(log)).doesNotContain("\"value\":2");
  }

  /** What needs no token has a session's credential as soon as the session is somebody's. */
  @Test
  void openRequests_inSomebodysSession_areOfItsLineage() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    String ping = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";
    String level =
        "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"logging/setLevel\",\"params\":"
            + "{\"level\":\"%s\"}}";
    assertThat(guard.post(level.formatted("info"), SESSION, id).statusCode()).isEqualTo(200);
    assertThat(guard.post(ping, SESSION, id).statusCode()).isEqualTo(200);
    assertThat(Answered.text(answer(guard.post(call(agent, "echo", 1), SESSION, id))))
        .contains("1");
    long before = pings();

    assertThat(code(guard.post(level.formatted("debug"), SESSION, id)))
        .isEqualTo("401 token_required");
    String again = "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"initialize\",\"params\":{}}";
    String begun = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    assertThat(code(guard.post(again, SESSION, id))).isEqualTo("401 token_required");
    assertThat(code(guard.post(begun, SESSION, id))).isEqualTo("401 token_required");
    AgentClient elsewhere =
        world.agent(world.planner, "agent:planner", "T-2", Duration.ofHours(1), TOOLS);
    for (String content : List.of(level.formatted("debug"), ping, begun)) {
      assertThat(code(guard.post(elsewhere, content, SESSION, id))).isEqualTo("404 wrong_session");
    }
    // Whoever asks whether somebody is there is told by the guard.
    assertThat(Answered.result(answer(guard.post(ping, SESSION, id)))).isEmpty();
    assertThat(pings()).isEqualTo(before);
    assertThat(guard.post(agent, ping, SESSION, id).statusCode()).isEqualTo(200);
    assertThat(pings()).isEqualTo(before + 1);
    assertThat(guard.post(agent, level.formatted("error"), SESSION, id).statusCode())
        .isEqualTo(200);
    assertThat(guard.post(agent, begun, SESSION, id).statusCode()).isEqualTo(202);
    assertThat(Files.readString(log)).contains("info", "error").doesNotContain("debug");
  }

  /** How often the server was asked whether it is there. */
  private long pings() throws Exception {
    return Files.readString(log).lines().filter(line -> line.contains("\"ping\"")).count();
  }

  /** Whoever is first to show a token owns what nobody owned. */
  @Test
  void sessionWithoutALineage_isWhoseTokenIsFirst() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    assertThat(guard.send("DELETE", SESSION, id).statusCode()).isEqualTo(401);
    assertThat(guard.send(agent, "DELETE", SESSION, id).statusCode()).isEqualTo(204);
  }

  /** Lines of a listening client, and what says that the stream ended. */
  private BlockingQueue<String> listen(HttpGuard guard, AgentClient by, String id)
      throws Exception {
    HttpResponse<Stream<String>> stream =
        guard.listen(by, SESSION, id, "Accept", "text/event-stream");
    assertThat(stream.statusCode()).isEqualTo(200);
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                stream.body().filter(line -> line.startsWith("data: ")).forEach(lines::add);
              } finally {
                lines.add(END);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  @Test
  void question_reachesTheOwnersStream_andIsAnsweredByTheOwner() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    BlockingQueue<String> lines = listen(guard, agent, id);
    HttpResponse<Stream<String>> asked = guard.stream(call(agent, "sample", 1), SESSION, id);
    List<String> own = new ArrayList<>();
    var answers = asked.body().filter(line -> line.startsWith("data: ")).iterator();
    own.add(answers.next());
    RpcMessage.Request question = (RpcMessage.Request) RpcText.read(own.get(0).substring(6));
    assertThat(question.method()).isEqualTo("sampling/createMessage");
    String said =
        RpcText.write(
            new RpcMessage.Result(
                question.id(), Map.of("role", "assistant", "model", "m", "content", List.of())));
    assertThat(guard.post(said, SESSION, id).statusCode()).isEqualTo(401);
    String large = said.replace("\"m\"", "\"" + "m".repeat(66_000) + "\"");
    assertThat(guard.post(agent, large, SESSION, id).statusCode()).isEqualTo(413);
    assertThat(guard.post(agent, said, SESSION, id).statusCode()).isEqualTo(202);
    assertThat(Answered.text(RpcText.read(answers.next().substring(6)))).contains("\"m\"");
    assertThat(lines).isEmpty();
  }

  @Test
  void session_endsWithItsNewestToken() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    AgentClient brief = agent(Duration.ofSeconds(6), grants());
    BlockingQueue<String> lines = listen(guard, brief, id);
    assertThat(Answered.text(answer(guard.post(call(brief, "logs", 1), SESSION, id))))
        .isEqualTo("logs");
    String first = lines.take();
    assertThat(first).contains("tick").doesNotContain("secret", "beside");
    String last = first;
    while (!last.equals(END)) { // the server goes on for ever
      last = lines.take();
    }
    // Who still asks is told why; who may call begins a session of its own.
    assertThat(Answered.refusal(answer(guard.post(call(brief, "echo", 1), SESSION, id))))
        .isEqualTo("expired");
    assertThat(code(guard.send(brief, "DELETE", SESSION, id))).isEqualTo("401 expired");
    GuardWorld.eventually(
        () -> guard.send(agent, "GET", SESSION, id, "Accept", "*/*").statusCode() == 404);
    assertThat(guard.post(call(agent, "echo", 1), SESSION, id).statusCode()).isEqualTo(404);
    assertThat(guard.send(agent, "DELETE", SESSION, id).statusCode()).isEqualTo(404);
  }

  /** The list is replaced while somebody listens; nobody presents anything. */
  @Test
  void session_endsWhenItsTokenIsRevoked() throws Exception {
    world.revoke(); // a list of nothing
    HttpGuard guard = start();
    String id = session(guard);
    String other = session(guard);
    AgentClient elsewhere =
        world.agent(world.planner, "agent:planner", "T-2", Duration.ofHours(1), TOOLS);
    assertThat(Answered.text(answer(guard.post(call(elsewhere, "echo", 1), SESSION, other))))
        .contains("1");
    BlockingQueue<String> lines = listen(guard, agent, id);
    assertThat(Answered.text(answer(guard.post(call(agent, "logs", 1), SESSION, id))))
        .isEqualTo("logs");
    assertThat(lines.take()).contains("tick");

    world.revoke(RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711")));

    String last = "";
    while (!last.equals(END)) { // the server goes on for ever
      last = lines.take();
    }
    assertThat(Answered.refusal(answer(guard.post(call(agent, "echo", 2), SESSION, id))))
        .isEqualTo("revoked");
    assertThat(code(guard.send(agent, "DELETE", SESSION, id))).endsWith(" revoked");
    assertThat(Answered.text(answer(guard.post(call(elsewhere, "echo", 3), SESSION, other))))
        .contains("3");
  }

  @Test
  void renewal_keepsASession_andJudgesAnewWhatIsOpen() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    AgentClient brief = agent(Duration.ofSeconds(8), grants("mcp.resources.read on test://a"));
    BlockingQueue<String> lines = listen(guard, brief, id);
    updates(guard, brief, id, "test://b");
    updates(guard, brief, id, "test://a");
    assertThat(lines.take()).contains("test://a").doesNotContain("secret", "beside");
    AgentClient renewed = agent(Duration.ofHours(1), grants("mcp.resources.read on test://b"));
    updates(guard, renewed, id, "test://a");
    updates(guard, renewed, id, "test://b");
    assertThat(lines.take()).contains("test://b");
    GuardWorld.eventually(
        () -> guard.post(call(brief, "echo", 1), SESSION, id).body().contains("\"expired\""));
    updates(guard, renewed, id, "test://b");
    assertThat(lines.take()).contains("test://b");
  }

  @Test
  void notificationThatWasKept_isJudgedWhenItIsDelivered() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    updates(guard, agent, id, "test://a"); // and nobody listens
    AgentClient narrowed = agent(Duration.ofHours(2), grants("mcp.resources.read on test://b"));
    updates(guard, narrowed, id, "test://b");

    BlockingQueue<String> lines = listen(guard, narrowed, id);

    assertThat(lines.take()).contains("test://b");
  }

  private static void updates(HttpGuard guard, AgentClient by, String id, String uri)
      throws Exception {
    // Without a stream of its own, so that it goes to who listens.
    HttpResponse<String> called = guard.whole(call(by, "update", uri), SESSION, id);
    assertThat(Answered.text(answer(called))).isEqualTo("updated");
  }

  @Test
  void listening_withoutASession_endsWithItsToken() throws Exception {
    HttpGuard guard = start("alone");
    AgentClient brief = agent(Duration.ofSeconds(6), "listen");
    Map<String, Object> wanted = Map.of("notifications", Map.of("toolsListChanged", true));
    Map<String, @Nullable Object> params =
        new LinkedHashMap<>(McpSigner.of(brief).sign("subscriptions/listen", wanted));
    Map<String, @Nullable Object> meta = RpcMessage.object(params, "_meta");
    meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
    meta.put("io.modelcontextprotocol/clientCapabilities", Map.of("sampling", Map.of()));
    params.put("_meta", meta);
    HttpResponse<Stream<String>> stream =
        guard.stream(
            RpcText.write(new RpcMessage.Request(7L, "subscriptions/listen", params)),
            "MCP-Protocol-Version",
            "2026-07-28",
            "Mcp-Method",
            "subscriptions/listen");
    List<String> lines = stream.body().filter(line -> line.startsWith("data: ")).toList();
    assertThat(lines).hasSizeGreaterThan(1);
    assertThat(lines.get(0)).contains("acknowledged");
    RpcMessage end = RpcText.read(lines.get(lines.size() - 1).substring(6));
    assertThat(Answered.refusal(end)).isEqualTo("expired");
    assertThat(end.answers()).isEqualTo(7L);
    GuardWorld.eventually(() -> Files.readString(log).contains("notifications/cancelled"));
    assertThat(Files.readString(log)).doesNotContain("sampling");
  }
}
