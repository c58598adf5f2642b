package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.testing.TearDown;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lines of one client, with the server in this process: those that no SDK would send too. */
class DuplexTest {
  private static final int LARGE = 1 << 20;
  private static final String CALL = Tools.CALL;

  private final World world = new World();
  private final List<String> reached = new CopyOnWriteArrayList<>();
  private Socket client;
  private Socket service;
  private BufferedReader lines;
  private McpSyncServer server;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client = new Socket(one.getInetAddress(), one.getLocalPort());
      service = one.accept();
    }
    client.setSoTimeout(60_000);
    lines =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    server =
        new Tools(
                (context, request) -> reached.add(GuardedTransport.decision(context).call().tool()))
            .over(
                GuardedTransport.of(
                    McpGuard.of(world.verifier().build()),
                    new StdioServerTransportProvider(
                        McpJsonDefaults.getMapper(),
                        service.getInputStream(),
                        service.getOutputStream())));
    send(
        Post.message(
            "initialize",
            Map.of(
                "protocolVersion", "2025-11-25",
                "capabilities", Map.of(),
                "clientInfo", Map.of("name", "a", "version", "1"))));
    assertThat(line()).contains("svc:jira", "\"id\":1");
    send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, McpSyncServer::closeGracefully), client, service);
  }

  private void send(String line) throws IOException {
    client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    client.getOutputStream().flush();
  }

  private String line() throws IOException {
    return String.valueOf(lines.readLine());
  }

  private static String withId(String message, String id) {
    return message.replaceFirst("\"id\":1", "\"id\":" + id);
  }

  private String search(String id) {
    Map<String, Object> params =
        Map.of("name", "search", "arguments", Map.of("query", "a", "limit", 5));
    return withId(Post.message(CALL, McpSigner.of(world.agent).sign(CALL, params)), id);
  }

  private @Nullable McpRefusal refusal(String line) {
    Map<String, @Nullable Object> message = McpJson.read(line, LARGE);
    if (message.get("error") instanceof Map<?, ?> error) {
      return McpRefusal.in(error.get("data"));
    }
    return message.get("result") instanceof Map<?, ?> result
            && result.get(McpMeta.MEMBER) instanceof Map<?, ?> meta
        ? McpRefusal.of(meta.get(McpMeta.REFUSAL))
        : null;
  }

  /** The server knows messages by names of its own: who sends a name twice mixes nothing up. */
  @Test
  void answers_haveTheClientsNames_whateverThoseAre() throws IOException {
    for (String id : new String[] {"\"x\"", "7", "7", "\"7\""}) {
      send(search(id));
      String answer = line();
      assertThat(answer).contains("\"id\":" + id);
      assertThat(refusal(answer)).isNull();
    }
    assertThat(reached).hasSize(4).containsOnly("jira.search");
  }

  @Test
  void refusals_haveTheClientsNames() throws IOException {
    Map<String, Object> params = Map.of("name", "delete", "arguments", Map.of("id", "7"));
    send(withId(Post.message(CALL, McpSigner.of(world.agent).sign(CALL, params)), "\"d\""));
    String denied = line();
    assertThat(denied).contains("\"id\":\"d\"");
    assertThat(refusal(denied)).extracting(McpRefusal::code).isEqualTo("out_of_scope");

    send(withId(Post.message("tools/list", Map.of()), "8"));
    String anybody = line();
    assertThat(anybody).contains("\"id\":8");
    assertThat(refusal(anybody)).extracting(McpRefusal::code).isEqualTo("token_required");
    assertThat(reached).isEmpty();
  }

  /** Nobody asked the client anything, so that no answer of its means anything. */
  @Test
  void client_thatAnswersWhatNobodyAsked_isNotHeard() throws IOException {
    send("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}");
    send("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":1,\"message\":\"no\"}}");
    send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/nothing\"}");
    send(search("2"));
    assertThat(line()).contains("\"id\":2", "\"search\"");
    assertThat(reached).hasSize(1);
  }

  @Test
  void method_thatTheServerDoesNotHave_isRefused_andOthersGoOn() throws IOException {
    send(withId(Post.message("nothing/here", Map.of()), "3"));
    assertThat(line()).contains("\"id\":3", "\"error\"");
    send(withId(Post.message("ping", Map.of()), "4"));
    assertThat(line()).contains("\"id\":4", "\"result\"");
    assertThat(reached).isEmpty();
  }

  @Test
  void server_whoseToolsChange_tellsItsClient() throws IOException {
    send(search("2")); // whose token says who hears of it
    assertThat(line()).contains("\"id\":2");
    server.notifyToolsListChanged();
    assertThat(line()).contains("notifications/tools/list_changed").doesNotContain("\"id\"");
  }
}
