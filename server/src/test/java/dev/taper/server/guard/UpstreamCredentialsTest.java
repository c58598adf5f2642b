package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.server.mcp.ScriptedServer;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guard's own credentials for a server at a URL: they go with every request to it, and to
 * nobody else.
 */
class UpstreamCredentialsTest {
  private static final String SECRET = "Bearer q7ZkXw93vT";
  private static final String FIELD = "Authorization";
  private static final String SESSION = "Mcp-Session-Id";

  @TempDir Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private ScriptedServer server;
  private final List<HttpResponse<String>> answers = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    world = new GuardWorld(folder);
    agent = world.agent("echo");
    server = new ScriptedServer();
  }

  @AfterEach
  void tearDown() throws Exception {
    TearDown.close(server);
  }

  private Path secret(String value) throws IOException {
    Path file = Files.writeString(folder.resolve("secret.txt"), value);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private HttpGuard start() throws Exception {
    return HttpGuard.start(
        world.config(GuardWorld.anyArguments("echo")),
        folder.resolve("err.txt"),
        List.of(
            "--upstream",
            server.url().toString(),
            "--upstream-header",
            FIELD + "=@" + secret(SECRET + "\n")));
  }

  private HttpResponse<String> post(HttpGuard guard, String content, String... fields)
      throws Exception {
    HttpResponse<String> answer = guard.post(content, fields);
    answers.add(answer);
    return answer;
  }

  private String session(HttpGuard guard) throws Exception {
    String id =
        post(
                guard,
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
                    + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                    + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}")
            .headers()
            .firstValue(SESSION)
            .orElseThrow();
    assertThat(
            post(
                    guard,
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                    SESSION,
                    id)
                .statusCode())
        .isEqualTo(202);
    return id;
  }

  /** Answered as a whole, whatever the server says meanwhile. */
  private HttpResponse<String> call(HttpGuard guard, String session, long id) throws Exception {
    HttpResponse<String> answer =
        guard.whole(
            RpcText.write(
                new RpcMessage.Request(
                    id,
                    "tools/call",
                    McpSigner.of(agent).sign("tools/call", Map.of("name", "echo")))),
            SESSION,
            session);
    answers.add(answer);
    return answer;
  }

  private void assertKept() throws IOException {
    assertThat(answers).isNotEmpty();
    for (HttpResponse<String> answer : answers) {
      assertThat(answer.body() + answer.headers().map()).doesNotContain("q7ZkXw93vT");
    }
    assertThat(Files.readString(folder.resolve("err.txt"))).doesNotContain("q7ZkXw93vT");
  }

  @Test
  void everyRequest_hasThem_andNoAnswerOrLog() throws Exception {
    server.next(
        ScriptedServer.ends("id: 5\n" + ScriptedServer.event(ScriptedServer.CHANGED)),
        ScriptedServer.holds(""));
    server.nextCalls(ScriptedServer.ends("id: 9\n\n"));
    try (HttpGuard guard = start()) {
      String id = session(guard);
      assertThat(server.stream().field("Last-Event-ID")).isEmpty();
      assertThat(server.stream().field("Last-Event-ID")).as("listened again").isEqualTo("5");
      server.next(ScriptedServer.json(500, "text/plain", "no"));
      assertThat(Answered.fault(RpcText.read(call(guard, id, 1).body())))
          .isEqualTo("upstream_invalid");
      assertThat(server.stream().field("Last-Event-ID")).as("resumed").isEqualTo("9");
      assertThat(post(guard, "nonsense", SESSION, id).statusCode()).isEqualTo(400);
    }
    List<String> methods = server.asked.stream().map(ScriptedServer.Asked::method).toList();
    assertThat(methods).contains("POST", "GET", "DELETE");
    assertThat(server.asked).hasSizeGreaterThanOrEqualTo(7);
    assertThat(server.asked)
        .allSatisfy(one -> assertThat(one.field(FIELD)).as("%s", one).isEqualTo(SECRET));
    assertKept();
  }

  @Test
  void redirect_isNotFollowedWithThem() throws Exception {
    try (ScriptedServer other = new ScriptedServer()) {
      String to = "Location: " + other.url() + "\r\n";
      server.nextCalls(ScriptedServer.status(307, to), ScriptedServer.status(302, to));
      server.next(ScriptedServer.status(307, to));
      try (HttpGuard guard = start()) {
        String id = session(guard);
        for (long call = 1; call < 3; call++) {
          assertThat(Answered.fault(RpcText.read(call(guard, id, call).body())))
              .isEqualTo("upstream_invalid");
        }
        var first = server.stream();
        var again = server.stream();
        assertThat(first.field(FIELD)).isEqualTo(again.field(FIELD)).isEqualTo(SECRET);
      }
      assertThat(other.asked).isEmpty();
      assertKept();
    }
  }

  /** What a field cannot carry, is not quoted in the error. */
  @Test
  void secret_thatIsNoField_isNotSaid() throws Exception {
    Path file = secret("Bearer q7ZkXw93vT\nX: y");
    GuardWorld.Ended ended =
        GuardWorld.run(
            new GuardCommand(),
            List.of(
                "--config",
                world.config(GuardWorld.anyArguments("echo")).toString(),
                "--upstream",
                server.url().toString(),
                "--upstream-header",
                FIELD + "=@" + file));
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.output()).contains("(usage)").doesNotContain("q7ZkXw93vT");
    assertThat(server.asked).isEmpty();
  }
}
