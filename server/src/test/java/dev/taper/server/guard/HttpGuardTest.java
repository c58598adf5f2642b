package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard over HTTP, with clients that do what clients should not. */
class HttpGuardTest {
  private static final String[] TOOLS = {"echo", "slow", "hang", "die", "huge", "deaf", "flood"};
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
  private static final String SESSION = "Mcp-Session-Id";

  @TempDir Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private Path log;
  private @Nullable HttpGuard running;

  @BeforeEach
  void setUp() throws IOException {
    Node.demand();
    world = new GuardWorld(folder);
    agent = world.agent(TOOLS);
    log = folder.resolve("server.log");
  }

  @AfterEach
  void nothingIsLeftOver() throws Exception {
    TearDown.close(running);
  }

  private HttpGuard start(String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--", "env", "ODD_LOG=" + log, "node", Node.script("odd.mjs")));
    HttpGuard guard =
        HttpGuard.start(
            world.config(GuardWorld.anyArguments(TOOLS)), folder.resolve("err.txt"), arguments);
    running = guard;
    return guard;
  }

  private static String session(HttpGuard guard) throws Exception {
    HttpResponse<String> begun = guard.post(INITIALIZE);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
    String id = begun.headers().firstValue(SESSION).orElseThrow();
    HttpResponse<String> told =
        guard.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", SESSION, id);
    assertThat(told.statusCode()).isEqualTo(202);
    return id;
  }

  private String call(String tool, Object id) {
    return RpcText.write(
        new RpcMessage.Request(
            id,
            "tools/call",
            McpSigner.of(agent)
                .sign("tools/call", Map.of("name", tool, "arguments", Map.of("value", id)))));
  }

  private static RpcMessage answer(HttpResponse<String> response) throws Exception {
    String body = response.body();
    int data = body.lastIndexOf("data: ");
    return RpcText.read(data < 0 ? body : body.substring(data + 6).strip());
  }

  @Test
  void sessions_areApart_andEnd() throws Exception {
    HttpGuard guard = start();
    String one = session(guard);
    String two = session(guard);
    assertThat(one).isNotEqualTo(two);
    assertThat(Answered.text(answer(guard.post(call("echo", 1L), SESSION, one)))).contains("1");
    assertThat(Answered.text(answer(guard.post(call("echo", 1L), SESSION, two)))).contains("1");
    assertThat(guard.send(agent, "DELETE", SESSION, one).statusCode()).isEqualTo(204);
    assertThat(guard.post(call("echo", 2L), SESSION, one).statusCode()).isEqualTo(404);
    assertThat(guard.post(call("echo", 2L)).statusCode()).isEqualTo(400);
    assertThat(guard.post(call("echo", 2L), SESSION, "made up").statusCode()).isEqualTo(404);
    // A session's server that dies ends that session alone.
    String three = session(guard);
    assertThat(Answered.fault(answer(guard.post(call("die", 3L), SESSION, three))))
        .isEqualTo("upstream_ended");
    assertThat(guard.post(call("echo", 4L), SESSION, three).statusCode()).isEqualTo(404);
    assertThat(Answered.text(answer(guard.post(call("echo", 4L), SESSION, two)))).contains("4");
  }

  @Test
  void whatIsNoMessage_isRefusedWithACode() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    HttpResponse<String> batch = guard.post("[" + call("echo", 1L) + "]", SESSION, id);
    assertThat(batch.statusCode()).isEqualTo(400);
    assertThat(Answered.fault(answer(batch))).isEqualTo("batch_not_accepted");
    assertThat(Answered.fault(answer(guard.post("no JSON", SESSION, id))))
        .isEqualTo("invalid_json");
    // Nobody could write this id in an answer.
    String half = "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"ping\"}";
    assertThat(Answered.fault(answer(guard.post(half, SESSION, id)))).isEqualTo("invalid_message");
    // Of more than is skipped, the client would still write when it is answered and cut off.
    HttpResponse<String> large = guard.post(" ".repeat(4 << 20), SESSION, id);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(guard.post(call("echo", 1L), SESSION, id, "Content-Type", "text/plain").statusCode())
        .isEqualTo(415);
    assertThat(guard.send("GET").statusCode()).isEqualTo(405);
    assertThat(guard.send("PUT").statusCode()).isEqualTo(405);
    assertThat(guard.post(INITIALIZE, "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(raw(guard, "Host: evil.example")).startsWith("HTTP/1.1 403");
    assertThat(guard.post(call("echo", 1L), "MCP-Protocol-Version", "1999-01-01").statusCode())
        .isEqualTo(400);
    HttpResponse<String> good = guard.post(call("echo", 1L), SESSION, id);
    assertThat(Answered.text(answer(good))).contains("1");
    assertThat(good.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(Files.readAllLines(log).stream().filter(l -> l.contains("tools/call"))).hasSize(1);
  }

  private static String raw(HttpGuard guard, String host) throws IOException {
    URI url = URI.create(guard.url);
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String head =
          "POST /mcp HTTP/1.1\r\n"
              + host
              + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
              + INITIALIZE.length()
              + "\r\n\r\n";
      socket.getOutputStream().write((head + INITIALIZE).getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void statusMode_refusesAsServicesDo() throws Exception {
    HttpGuard guard = start("--status-mode");
    String id = session(guard);
    HttpResponse<String> unsigned =
        guard.post(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\"}}",
            SESSION,
            id);
    assertThat(unsigned.statusCode()).isEqualTo(401);
    assertThat(unsigned.headers().firstValue("WWW-Authenticate"))
        .contains("Taper error=\"token_required\"");
    assertThat(McpJson.read(unsigned.body(), 1 << 16).get("code")).isEqualTo("token_required");
    agent = world.agent("slow");
    HttpResponse<String> denied = guard.post(call("echo", 2L), SESSION, id);
    assertThat(denied.statusCode()).isEqualTo(403);
    HttpResponse<String> unknown = guard.post(call("nothing", 3L), SESSION, id);
    assertThat(unknown.statusCode()).isEqualTo(200);
    assertThat(((RpcMessage.Failure) answer(unknown)).code()).isEqualTo(-32602);
    HttpResponse<String> batch = guard.post("[]", SESSION, id);
    assertThat(batch.statusCode()).isEqualTo(400);
    assertThat(McpJson.read(batch.body(), 1 << 16).get("code")).isEqualTo("invalid_request");
  }

  @Test
  void clientThatLeavesInTheMiddle_hurtsNobody() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    URI url = URI.create(guard.url);
    String content = call("slow", 1L);
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String head =
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + SESSION
              + ": "
              + id
              + "\r\nContent-Length: ";
      socket
          .getOutputStream()
          .write((head + content.length() + "\r\n\r\n" + content).getBytes(StandardCharsets.UTF_8));
      Thread.sleep(200);
    }
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{"
                  .getBytes(StandardCharsets.UTF_8));
    }
    Thread.sleep(1000);
    assertThat(Answered.text(answer(guard.post(call("echo", 2L), SESSION, id)))).contains("2");
  }

  @Test
  void wrongSettings_endTheStartWithACode() throws Exception {
    Path config = world.config(GuardWorld.anyArguments(TOOLS));
    String url = "http://127.0.0.1:1/";
    assertFails(2, "(usage)", config);
    assertFails(2, "(usage)", config, "--upstream", "http://h/", "--", "node");
    assertFails(5, "(io)", config, "--", "no-such-program");
    assertFails(2, "(usage)", config, "--listen", "0.0.0.0:0", "--", "node", "x");
    assertFails(2, "(usage)", config, "--upstream", "http://192.0.2.1/");
    assertFails(2, "(usage)", config, "--upstream", url, "--upstream-header", "A=secret");
    assertFails(2, "(usage)", config, "--upstream", url, "--upstream-header", "Host=@x");
    assertFails(2, "(usage)", config, "--upstream", "ftp://127.0.0.1/");
    assertFails(2, "(usage)", config, "--status-mode", "--", "node", "x");
    assertFails(2, "(usage)", config, "--max-message", "1", "--", "node", "x");
    Path open = Files.writeString(folder.resolve("open.txt"), "secret");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertFails(
        2, "(secret_exposed)", config, "--upstream", url, "--upstream-header", "A=@" + open);
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "audience: svc:x\nnonsense: 1\n");
    assertFails(2, "(invalid_config)", bad, "--", "node");
    Path none =
        Files.writeString(
            folder.resolve("none.yaml"),
            "audience: svc:x\nroot-keys: root.pub\ncatalog: none\nrevocations: none\n");
    assertFails(2, "(usage)", none, "--", "node");
  }

  private static void assertFails(int exit, String code, Path config, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--config", config.toString()));
    arguments.addAll(List.of(more));
    GuardWorld.Ended ended = GuardWorld.run(new GuardCommand(), arguments);
    assertThat(ended.exit()).as("%s: %s", arguments, ended.output()).isEqualTo(exit);
    assertThat(ended.output()).contains(code).doesNotContain("secret\n", "\tat ");
  }

  @Test
  void serverAtAUrl_isGuardedWithItsOwnCredentials() throws Exception {
    HttpGuard inner = start();
    Path secret = Files.writeString(folder.resolve("secret.txt"), "Bearer xyz\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    GuardWorld outerWorld = new GuardWorld(Files.createDirectory(folder.resolve("outer")));
    // The inner guard stands for any server: it takes what is open, and refuses the rest.
    try (HttpGuard outer =
        HttpGuard.start(
            outerWorld.config(GuardWorld.anyArguments(TOOLS)),
            folder.resolve("err2.txt"),
            List.of("--upstream", inner.url, "--upstream-header", "Authorization=@" + secret))) {
      String id = session(outer);
      AgentClient mine = agent;
      agent = outerWorld.agent(TOOLS);
      RpcMessage answer = answer(outer.post(call("echo", 1L), SESSION, id));
      AgentClient outside = agent;
      agent = mine;
      // Its refusal is not taken for one of the outer guard, and Taper's metadata went no further.
      assertThat(String.valueOf(Objects.requireNonNull(answer))).contains("token_required");
      assertThat(Answered.text(answer)).contains("token_required");
      assertThat(outer.send(outside, "DELETE", SESSION, id).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void strangerWhoSendsMuch_isRefused_beforeItIsKept() throws Exception {
    HttpGuard guard = start();
    String large =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\",\"params\":{\"x\":\""
            + "x".repeat(600_000)
            + "\"}}";
    String id = session(guard);
    HttpResponse<String> refused = guard.post(large, SESSION, id);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(Answered.fault(answer(refused))).isEqualTo("message_too_long");
    assertThat(Answered.text(answer(guard.post(call("echo", 1L), SESSION, id)))).contains("1");
    assertThat(guard.post(agent, large, SESSION, id).statusCode()).isEqualTo(413);
  }

  @Test
  void serverThatReadsNoMore_keepsNobodyElseWaiting() throws Exception {
    HttpGuard guard = start("--timeout", "5s");
    String deaf = session(guard);
    String other = session(guard);
    assertThat(Answered.text(answer(guard.post(call("echo", 1L), SESSION, other)))).contains("1");
    assertThat(Answered.text(answer(guard.post(call("deaf", 1L), SESSION, deaf))))
        .isEqualTo("deaf");
    List<CompletableFuture<?>> much = sendsMuch(guard, deaf);
    Thread.sleep(300);
    long since = System.nanoTime();
    assertThat(Answered.text(answer(guard.post(call("echo", 9L), SESSION, other)))).contains("9");
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
    for (CompletableFuture<?> one : much) {
      one.get(1, TimeUnit.MINUTES);
    }
    for (long i = 30; i < 32; i++) {
      assertThat(Answered.fault(answer(guard.post(call("hang", i), SESSION, other))))
          .isEqualTo("upstream_timeout");
    }
    assertThat(Answered.text(answer(guard.post(call("echo", 40L), SESSION, other)))).contains("40");
  }

  @Test
  void flood_toAClientThatReadsLater_arrives() throws Exception {
    HttpGuard guard = start();
    String id = session(guard);
    URI url = URI.create(guard.url);
    String content = call("flood", 1L);
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
      socket.setSoTimeout(20_000);
      String head =
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Accept: application/json, text/event-stream\r\nConnection: close\r\n"
              + SESSION
              + ": "
              + id
              + "\r\nContent-Length: "
              + content.length()
              + "\r\n\r\n";
      socket.getOutputStream().write((head + content).getBytes(StandardCharsets.UTF_8));
      Thread.sleep(2000);
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(all).contains("\"data\":19999", "flooded");
    }
    assertThat(Files.readString(folder.resolve("err.txt"))).doesNotContain("StackOverflow");
  }

  @Test
  void serverThatReadsNoMore_underAShell_isEndedWithItsSession() throws Exception {
    String script = "ODD_LOG=" + log + " node " + Node.script("odd.mjs") + "; true";
    HttpGuard guard =
        HttpGuard.start(
            world.config(GuardWorld.anyArguments(TOOLS)),
            folder.resolve("err.txt"),
            List.of("--", "sh", "-c", script));
    running = guard;
    String deaf = session(guard);
    assertThat(Answered.text(answer(guard.post(call("deaf", 1L), SESSION, deaf))))
        .isEqualTo("deaf");
    List<ProcessHandle> servers = guard.process.descendants().toList();
    var unused = sendsMuch(guard, deaf);
    Thread.sleep(1000);
    assertThat(guard.send(agent, "DELETE", SESSION, deaf).statusCode()).isEqualTo(204);
    for (ProcessHandle server : servers) {
      server.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  /** More calls at once than there are threads, and more bytes than a pipe takes. */
  private List<CompletableFuture<?>> sendsMuch(HttpGuard guard, String session) {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (long i = 100; i < 200; i++) {
      String content =
          RpcText.write(
              new RpcMessage.Request(
                  i,
                  "tools/call",
                  McpSigner.of(agent)
                      .sign(
                          "tools/call",
                          Map.of(
                              "name", "echo", "arguments", Map.of("value", "x".repeat(30_000))))));
      sent.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  var unused = guard.post(content, SESSION, session);
                } catch (Exception e) {
                  // Nobody looks at it.
                }
              },
              task -> {
                Thread thread = new Thread(task, "stuck");
                thread.setDaemon(true);
                thread.start();
              }));
    }
    return sent;
  }
}
