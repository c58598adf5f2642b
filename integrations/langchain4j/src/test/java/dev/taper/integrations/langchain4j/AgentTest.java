package dev.taper.integrations.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.mcp.McpToolProvider;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.server.StatusFilter;
import dev.taper.testing.TearDown;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent of LangChain4j, at a guarded server. */
class AgentTest {
  /** The agent's face. */
  interface Assistant {
    String chat(String message);
  }

  private final World world = new World();
  private final ScriptedModel model = new ScriptedModel();
  private final LogLines log = new LogLines();
  private final List<String> approvals = new CopyOnWriteArrayList<>();
  private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(100);
  private JiraServer server;
  private McpClient client;
  private Assistant assistant;

  @BeforeEach
  void start() throws Exception {
    connect(new JiraServer(McpGuard.of(world.verifier(true))));
  }

  private void connect(JiraServer to) {
    server = to;
    client =
        DefaultMcpClient.builder()
            .transport(
                StreamableHttpMcpTransport.builder()
                    .url(server.address())
                    .logRequests(true)
                    .logResponses(true)
                    .logger(QuietLog.of(log.logger()))
                    .build())
            .autoHealthCheck(false)
            .metaSupplier(McpCredentials.of(world.agent).approvals(() -> approvals))
            .build();
    assistant =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .chatMemory(memory)
            .toolProvider(
                McpToolProvider.builder()
                    .mcpClients(client)
                    .toolWrapper(ReadableRefusals::of)
                    .failIfOneServerFails(true)
                    .build())
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(client, server);
  }

  @Test
  void call_granted_reachesTheTool() {
    model.calls("search", "{\"query\": \"open\", \"limit\": 5.0}");

    assertThat(assistant.chat("search")).isEqualTo("done");
    assertThat(model.lastResult()).isEqualTo("did search");
    assertThat(server.reached).hasSize(1);
    assertThat(server.reached.get(0).arguments()).containsEntry("query", "open");
  }

  @Test
  void call_twiceTheSame_hasAProofOfItsOwnEachTime() {
    model.calls("search", "{\"query\": \"a\"}").calls("search", "{\"query\": \"a\"}");

    // without a limit, no grant covers it: refused twice for that, and never as a replay
    assistant.chat("search twice");

    assertThat(model.lastResult()).contains("out_of_scope").doesNotContain("replay");

    model
        .calls("search", "{\"query\": \"a\", \"limit\": 1}")
        .calls("search", "{\"query\": \"a\", \"limit\": 1}");
    assistant.chat("search twice, a little");

    assertThat(server.reached).hasSize(2);
  }

  @Test
  void call_notGranted_tellsTheModelWhatToDo() {
    model.calls("search", "{\"query\": \"a\", \"limit\": 51}");

    assertThat(assistant.chat("search")).isEqualTo("done");
    assertThat(model.lastResult())
        .startsWith("The call of search failed, and it is not known whether it was carried out.")
        .contains("(out_of_scope)");
    assertThat(server.reached).isEmpty();
  }

  @Test
  void call_waitingForAnApproval_goesOnWhenItIsGiven() {
    String arguments = "{\"id\": \"ACME-1\"}";
    model.calls("close", arguments);
    assistant.chat("close");

    assertThat(model.lastResult()).contains("approval_required", "It needs an approval");
    assertThat(server.reached).isEmpty();

    ToolCall call =
        World.catalog(true)
            .call(
                SentMcp.of(
                    "tools/call", "{\"name\": \"close\", \"arguments\": " + arguments + "}"));
    approvals.add(world.approval(call));
    model.calls("close", arguments);
    assistant.chat("it was approved");

    assertThat(model.lastResult()).isEqualTo("did close");

    model.calls("close", "{\"id\": \"ACME-2\"}");
    assistant.chat("close another one");

    assertThat(server.reached).hasSize(1);
  }

  @Test
  void call_refusedByStatus_tellsTheModelSo() throws Exception {
    stop();
    McpGuard guard = McpGuard.of(world.verifier(true));
    connect(new JiraServer(guard, StatusFilter.of(guard)));
    model.calls("search", "{\"query\": \"a\", \"limit\": 51}");
    assistant.chat("search");

    assertThat(model.lastResult())
        .startsWith("The call of search failed, and it is not known whether it was carried out.")
        .contains("(403)");
    assertThat(server.reached).isEmpty();

    model.calls("search", "{\"query\": \"a\", \"limit\": 5}");
    assistant.chat("search less");

    assertThat(server.reached).hasSize(1);
  }

  @Test
  void tools_offered_areThoseThatTheTokenCanUse() {
    assistant.chat("hello");

    assertThat(model.offered()).containsExactlyInAnyOrder("search", "close");
  }

  @Test
  void argument_namedLikeACredential_isRefused() {
    model.calls(
        "search", "{\"query\": \"a\", \"limit\": 1, \"_meta\": {\"dev.taper/token\": \"x\"}}");
    assistant.chat("search");

    assertThat(model.lastResult()).contains("unknown_argument");
    assertThat(server.reached).isEmpty();
  }

  @Test
  void secrets_reachNeitherModelNorMemoryNorLog() {
    model
        .calls("search", "{\"query\": \"a\", \"limit\": 1}")
        .calls("search", "{\"query\": \"a\", \"limit\": 51}")
        .calls("close", "{\"id\": \"ACME-1\"}");
    assistant.chat("everything");

    assertThat(server.reached).hasSize(1);
    String seen = model.shown() + memory.messages() + log.text();
    assertThat(log.text()).contains("tools/call", "dev.taper/token");
    assertThat(seen)
        .doesNotContain(world.token.encodeBase64())
        .doesNotContain(world.token.encodeBase64().substring(0, 40))
        .doesNotContain(secretDigits(world));
    assertThat(model.shown() + memory.messages())
        .doesNotContain("dev.taper/")
        .doesNotContain(world.boss.publicKey().toString());
  }

  private static String secretDigits(World world) {
    String text = world.planner.exposeText();
    return text.substring(text.lastIndexOf('/') + 1);
  }
}
