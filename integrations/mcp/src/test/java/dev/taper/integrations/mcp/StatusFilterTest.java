package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.memory.Budgets;
import dev.taper.integrations.mcp.Post.Answer;
import dev.taper.integrations.mcp.server.StatusFilter;
import dev.taper.testing.TearDown;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Refusals by status. */
class StatusFilterTest {
  private static final String CALL = "tools/call";

  private final World world = new World();
  private final Clients clients = new Clients();
  private @Nullable HttpService service;

  @BeforeEach
  void start() throws Exception {
    McpGuard guard = McpGuard.of(world.verifier().build());
    service = HttpService.streamable(guard, StatusFilter.of(guard).maxContent(100_000));
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(clients, service);
  }

  private HttpService service() {
    return Objects.requireNonNull(service);
  }

  private static Map<String, Object> params(String tool) {
    return Map.of("name", tool, "arguments", arguments(tool));
  }

  @Test
  void client_allowed_seesWhatItMay() {
    McpSyncClient client = clients.http(service().origin(), world.agent);

    assertThat(client.listTools().tools())
        .extracting(Tool::name)
        .containsExactlyInAnyOrder("search", "count", "close");
    assertThat(client.callTool(call("search")).isError()).isNotEqualTo(true);
    assertThat(service().reached).hasSize(1);
  }

  private static Map<String, Object> arguments(String tool) {
    return tool.equals("search") ? Map.of("query", "a", "limit", 5) : Map.of("id", "7");
  }

  private static CallToolRequest call(String tool) {
    return CallToolRequest.builder(tool).arguments(arguments(tool)).build();
  }

  @Test
  void client_denied_getsTheStatus() {
    McpSyncClient client = clients.http(service().origin(), world.agent);

    Throwable error = catchThrowable(() -> client.callTool(call("delete")));

    int status = 0;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof McpHttpClientTransportAuthorizationException refused) {
        status = refused.getResponseInfo().statusCode();
      }
    }
    assertThat(status).isEqualTo(403);
    assertThat(service().reached).isEmpty();
  }

  @Test
  void post_denied_hasProblemAndChallenge() throws Exception {
    Map<String, @Nullable Object> signed = McpSigner.of(world.agent).sign(CALL, params("delete"));

    Answer denied = Post.to(service().origin(), Post.message(CALL, signed));
    assertThat(denied.status()).isEqualTo(403);
    assertThat(Objects.requireNonNull(denied.refusal()).decision()).isNotNull();
    assertThat(denied.response().headers().firstValue("Content-Type"))
        .hasValue("application/problem+json");
    assertThat(denied.response().headers().allValues("Cache-Control")).containsExactly("no-store");

    Answer anybody = Post.to(service().origin(), Post.message(CALL, params("delete")));
    assertThat(anybody.status()).isEqualTo(401);
    assertThat(anybody.response().headers().firstValue("WWW-Authenticate"))
        .hasValue("Taper error=\"token_required\"");
    assertThat(service().reached).isEmpty();
  }

  @Test
  void post_noOneMessage_isRefused() throws Exception {
    String good = Post.message(CALL, McpSigner.of(world.agent).sign(CALL, params("search")));
    for (String bad : new String[] {"[" + good + "]", "{", "", good + good, "{\"a\":1,\"a\":1}"}) {
      Answer answer = Post.to(service().origin(), bad);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("invalid_request");
    }
    assertThat(service().reached).isEmpty();
  }

  @Test
  void post_ofTheMostBytes_isTaken_andOfOneMoreIsNot() throws Exception {
    String call = Post.message(CALL, McpSigner.of(world.agent).sign(CALL, params("search")));
    String most = call + " ".repeat(100_000 - call.length());

    assertThat(Post.to(service().origin(), most).response().body())
        .contains("Session ID required"); // by the SDK
    Answer large = Post.to(service().origin(), most + " ");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.code()).isEqualTo("content_too_large");
  }

  @Test
  void post_ofManyBytesWithoutAGoodToken_isNotRead() throws Exception {
    String ping = Post.message("ping", Map.of());

    Answer padded = Post.to(service().origin(), ping + " ".repeat(40_000));
    Answer parts = Post.to(service().origin(), Post.message(CALL, Map.of("a", many(1000))));
    Answer few = Post.to(service().origin(), Post.message("ping", Map.of("a", many(100))));

    assertThat(padded.code()).isEqualTo("token_required");
    assertThat(parts.code()).isEqualTo("token_required");
    assertThat(few.response().body()).contains("Session ID required");
  }

  private static List<Integer> many(int count) {
    return Collections.nCopies(count, 0);
  }

  @Test
  void client_unknownTool_staysAnErrorOfMcp() {
    McpSyncClient client = clients.http(service().origin(), world.agent);

    assertThat(GuardContract.unknown(client, "nothing").code()).isEqualTo(-32602);
  }

  @Test
  void post_unknownTool_staysAMessage_whetherTheServerHasItOrNot() throws Exception {
    McpGuard guard = McpGuard.of(world.verifier().build());
    try (HttpService stateless = HttpService.stateless(guard, StatusFilter.of(guard))) {
      for (String tool : new String[] {"unlisted", "nothing"}) {
        Map<String, @Nullable Object> signed = McpSigner.of(world.agent).sign(CALL, params(tool));
        Answer holder = Post.to(stateless.origin(), Post.message(CALL, signed));
        assertThat(holder.status()).as(tool).isEqualTo(200);
        assertThat(holder.error()).as(tool).isEqualTo(-32602);
        assertThat(holder.code()).as(tool).isEqualTo("unknown_tool");
        assertThat(holder.response().headers().firstValue("WWW-Authenticate")).isEmpty();

        Answer anybody = Post.to(stateless.origin(), Post.message(CALL, params(tool)));
        assertThat(anybody.status()).as(tool).isEqualTo(401);
        assertThat(anybody.code()).as(tool).isEqualTo("token_required");
      }
      assertThat(stateless.reached).isEmpty();
    }
  }

  @Test
  void field_inAnotherSpelling_orTwice_isRefused() throws Exception {
    McpGuard guard = McpGuard.of(world.verifier().build());
    try (HttpService stateless = HttpService.stateless(guard, StatusFilter.of(guard))) {
      for (List<String> fields :
          List.of(
              List.of("Mcp_Name", "x"),
              List.of("MCP-Protocol-Version", "x", "mcp-protocol-version", "y"),
              List.of("Authorization", "x", "Authorization", "x"))) {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create(stateless.origin() + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(Post.message("ping", Map.of())));
        for (int i = 0; i < fields.size(); i += 2) {
          request.header(fields.get(i), fields.get(i + 1));
        }
        HttpResponse<String> answer =
            HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s", fields).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_request");
      }
    }
  }

  @Test
  void answers_areNotKept() throws Exception {
    String initialize =
        Post.message(
            "initialize",
            Map.of(
                "protocolVersion", "2025-11-25",
                "capabilities", Map.of(),
                "clientInfo", Map.of("name", "a", "version", "1")));

    Answer answer = Post.to(service().origin(), initialize);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.response().headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(answer.response().body()).contains("svc:jira");
  }

  /** A message that was allowed, and that the SDK refuses: its handler was never entered. */
  @Test
  void post_allowedButRefusedByTheSdk_usesNoBudgetUp() throws Exception {
    AgentToken twice =
        Issuer.of(world.root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", world.planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.search read")
                    .budget(Budget.ofCalls("calls", 2, "main"))
                    .expiresIn(Duration.ofHours(1)));
    AgentClient agent = AgentClient.of(twice, world.planner, World.AUDIENCE);
    McpGuard guard =
        McpGuard.of(world.verifier().budgets("main", Budgets.forThisProcessOnly()).build());
    try (HttpService counted = HttpService.streamable(guard, StatusFilter.of(guard))) {
      for (int i = 0; i < 4; i++) {
        Map<String, @Nullable Object> signed = McpSigner.of(agent).sign(CALL, params("search"));
        Answer answer = Post.to(counted.origin(), Post.message(CALL, signed));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.response().body()).contains("Session ID required");
      }
      McpSyncClient client = clients.http(counted.origin(), agent);
      assertThat(client.callTool(call("search")).isError()).isNotEqualTo(true);
      assertThat(counted.reached).hasSize(1);
    }
  }
}
