package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.client.Refusals;
import dev.taper.integrations.mcp.client.SessionSigner;
import dev.taper.integrations.mcp.client.SigningTransport;
import dev.taper.integrations.mcp.server.ClientFeature;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.integrations.mcp.server.SessionFilter;
import dev.taper.integrations.mcp.server.StrictMapper;
import dev.taper.testing.TearDown;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.ResourcesUpdatedNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose a session of the SDK's server is, what its id is good for, and when it ends. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeldSessionsTest {
  private static final String SESSION = "Mcp-Session-Id";
  private static final String CALL = "tools/call";
  private static final String CANCELS =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";
  private static final String BEGUN =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
  private static final String END = "the stream ended";

  private final World world = new World();
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
  private final HttpServletStreamableServerTransportProvider servlet =
      HttpServletStreamableServerTransportProvider.builder().jsonMapper(StrictMapper.of()).build();
  private final BlockingQueue<String> reached = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Callable<?>> meanwhile = new AtomicReference<>();
  private @Nullable McpStreamableServerTransportProvider guarded;
  private @Nullable McpSyncServer server;
  private @Nullable HttpService service;
  private @Nullable McpSyncClient client;

  private HttpService serve(Set<ClientFeature> opened, boolean isFiltered) throws Exception {
    Clock clock = InstantSource.system().withZone(ZoneOffset.UTC);
    Clock moved =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return clock.instant().plus(later.get());
          }
        };
    McpGuard guard = McpGuard.of(world.verifier().clock(moved).build());
    McpStreamableServerTransportProvider made = GuardedTransport.of(guard, servlet, opened);
    guarded = made;
    server =
        McpServer.sync(made)
            .serverInfo("jira", "1")
            .requestTimeout(Duration.ofSeconds(30))
            .tools(
                McpServerFeatures.SyncToolSpecification.builder()
                    .tool(Tools.definitions().get(0))
                    .callHandler(this::ask)
                    .build())
            .build();
    HttpService started =
        isFiltered
            ? HttpService.of(servlet, SessionFilter.of(made), this::between)
            : HttpService.of(servlet);
    service = started;
    return started;
  }

  /** What happens once a message was let through, and before the server has it. */
  private void between(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Callable<?> happens = meanwhile.getAndSet(null);
    if (happens != null) {
      try {
        Object unused = happens.call();
      } catch (Exception e) {
        throw new ServletException(e);
      }
    }
    chain.doFilter(request, response);
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(
        TearDown.of(client, McpSyncClient::close),
        TearDown.of(server, McpSyncServer::closeGracefully),
        service);
  }

  /** A tool that asks the client's model, if the query says so. */
  private CallToolResult ask(McpSyncServerExchange exchange, CallToolRequest request) {
    String query = String.valueOf(request.arguments().get("query"));
    reached.add(query);
    if (!query.equals("ask")) {
      return CallToolResult.builder().addTextContent("found").build();
    }
    try {
      CreateMessageResult said =
          exchange.createMessage(
              CreateMessageRequest.builder(
                      List.of(
                          new SamplingMessage(Role.USER, TextContent.builder("which?").build())),
                      10)
                  .build());
      return CallToolResult.builder().addTextContent(String.valueOf(said.content())).build();
    } catch (RuntimeException e) {
      return CallToolResult.builder().addTextContent("not asked: " + e.getMessage()).build();
    }
  }

  private AgentClient agent(PrivateKey key, String name, String task) {
    return AgentClient.of(
        Issuer.of(world.root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of(name, key.publicKey()))
                    .task(task)
                    .grant("jira.search read")
                    .expiresIn(Duration.ofHours(1))),
        key,
        World.AUDIENCE);
  }

  private AgentClient otherHolder() {
    return agent(PrivateKey.generate(Algorithm.ED25519), "agent:other", "T-4711");
  }

  private AgentClient otherTask() {
    return agent(world.planner, "agent:planner", "T-2");
  }

  /** The owner, on the SDK's own client; it notes the session's id. */
  private McpSyncClient owner(
      HttpService at,
      BlockingQueue<String> ids,
      Function<CreateMessageRequest, CreateMessageResult> model) {
    McpSyncClient made =
        McpClient.sync(
                SigningTransport.of(
                    HttpClientStreamableHttpTransport.builder(at.origin())
                        .addHttpRequestCustomizer(SessionSigner.of(world.agent))
                        .addHttpRequestCustomizer(
                            (builder, method, uri, body, context) ->
                                builder
                                    .copy()
                                    .uri(uri)
                                    .build()
                                    .headers()
                                    .firstValue(SESSION)
                                    .ifPresent(ids::add))
                        .build(),
                    world.agent))
            .requestTimeout(Duration.ofMinutes(1))
            .initializationTimeout(Duration.ofMinutes(2))
            .capabilities(ClientCapabilities.builder().sampling().build())
            .sampling(model)
            .build();
    client = made;
    made.initialize();
    return made;
  }

  private static CreateMessageResult says(String text) {
    return CreateMessageResult.builder(Role.ASSISTANT, TextContent.builder(text).build(), "m")
        .build();
  }

  private static CallToolRequest search(String query) {
    return CallToolRequest.builder("search").arguments(Map.of("query", query, "limit", 5)).build();
  }

  private static HttpRequest.Builder to(HttpService at, String session) {
    return HttpRequest.newBuilder(URI.create(at.origin() + "/mcp"))
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .header(SESSION, session);
  }

  private String send(HttpRequest request) throws Exception {
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    String body = answer.body();
    return answer.statusCode()
        + " "
        + (body.startsWith("{\"") ? String.valueOf(McpJson.read(body, 1 << 16).get("code")) : "");
  }

  private static HttpRequest post(HttpService at, String session, String content) {
    return to(at, session).POST(BodyPublishers.ofString(content)).build();
  }

  private static HttpRequest get(HttpService at, String session) {
    return to(at, session).GET().build();
  }

  private static HttpRequest delete(HttpService at, String session) {
    return to(at, session).DELETE().build();
  }

  private String call(AgentClient by, HttpService at, String session, String query)
      throws Exception {
    Map<String, Object> params =
        Map.of("name", "search", "arguments", Map.of("query", query, "limit", 5));
    String message = Post.message(CALL, McpSigner.of(by).sign(CALL, params));
    return http.send(post(at, session, message), BodyHandlers.ofString()).body();
  }

  private String open(HttpService at) throws Exception {
    String id = begin(at);
    assertThat(send(post(at, id, BEGUN))).isEqualTo("202 ");
    return id;
  }

  private static String begin(HttpService at) throws Exception {
    Post.Answer begun =
        Post.to(
            at.origin(),
            Post.message(
                "initialize",
                Map.of(
                    "protocolVersion", "2025-11-25",
                    "capabilities", Map.of("sampling", Map.of(), "roots", Map.of()),
                    "clientInfo", Map.of("name", "a", "version", "1"))));
    return begun.response().headers().firstValue(SESSION).orElseThrow();
  }

  @Test
  void question_isAnsweredByTheOwnerAlone() throws Exception {
    HttpService at = serve(Set.of(ClientFeature.SAMPLING), true);
    BlockingQueue<String> ids = new LinkedBlockingQueue<>();
    BlockingQueue<String> attempts = new LinkedBlockingQueue<>();
    AgentClient other = otherHolder();
    AgentClient elsewhere = otherTask();
    McpSyncClient made =
        owner(
            at,
            ids,
            request -> {
              // The question is open: whoever knows the session's id guesses the question's.
              String id = ids.element();
              try {
                for (int i = 0; i < 3; i++) {
                  HttpRequest forged =
                      post(
                          at,
                          id,
                          "{\"jsonrpc\":\"2.0\",\"id\":\""
                              + id
                              + "-"
                              + i
                              + "\",\"result\":{\"role\":\"assistant\",\"model\":\"x\",\"content\":"
                              + "{\"type\":\"text\",\"text\":\"forged\"}}}");
                  attempts.add(send(forged));
                  attempts.add(send(McpSigner.of(other).sign(forged)));
                  attempts.add(send(McpSigner.of(elsewhere).sign(forged)));
                }
              } catch (Exception e) {
                attempts.add(e.toString());
              }
              return says("the owner's");
            });

    CallToolResult result = made.callTool(search("ask"));

    assertThat(result.toString()).contains("the owner's").doesNotContain("forged");
    assertThat(attempts).hasSize(9).containsOnly("401 token_required", "404 wrong_session");
  }

  /** A client says that it has begun, and listens at the same time: nobody knows what is first. */
  @Test
  void begun_isTakenThoughTheSessionBecomesSomebodysMeanwhile() throws Exception {
    HttpService at = serve(Set.of(), true);
    String id = begin(at);
    meanwhile.set(() -> call(world.agent, at, id, "mine"));

    assertThat(send(post(at, id, BEGUN))).isEqualTo("202 ");

    assertThat(reached).containsExactly("mine");
    assertThat(send(post(at, id, BEGUN))).isEqualTo("401 token_required");
  }

  /** The same for a request that needs no token. */
  @Test
  void openRequest_isAnsweredThoughTheSessionBecomesSomebodysMeanwhile() throws Exception {
    HttpService at = serve(Set.of(), true);
    String id = open(at);
    HttpRequest level = post(at, id, Post.message("logging/setLevel", Map.of("level", "warning")));
    meanwhile.set(() -> call(world.agent, at, id, "mine"));

    String answer = http.send(level, BodyHandlers.ofString()).body();

    assertThat(reached).containsExactly("mine");
    assertThat(answer).doesNotContain("token_required");
    assertThat(send(level)).isEqualTo("401 token_required");
  }

  @Test
  void sessionsId_isNoCredential() throws Exception {
    HttpService at = serve(Set.of(), true);
    String id = open(at);
    assertThat(call(world.agent, at, id, "mine")).contains("found");
    for (HttpRequest request : List.of(get(at, id), delete(at, id), post(at, id, CANCELS))) {
      assertThat(send(request)).as("%s", request).isEqualTo("401 token_required");
      for (AgentClient by : List.of(otherHolder(), otherTask())) {
        assertThat(send(McpSigner.of(by).sign(request)))
            .as("%s", request)
            .isEqualTo("404 wrong_session");
        HttpRequest resumes =
            McpSigner.of(by).sign(to(at, id).header("Last-Event-ID", "1").GET().build());
        assertThat(send(resumes)).isEqualTo("404 wrong_session");
      }
    }
    assertThat(call(otherHolder(), at, id, "theirs")).contains("wrong_session");
    assertThat(call(otherTask(), at, id, "theirs")).contains("wrong_session");
    assertThat(reached).containsExactly("mine");
    HttpRequest told = McpSigner.of(world.agent).sign(post(at, id, CANCELS));
    assertThat(send(told)).isEqualTo("202 ");
    assertThat(send(told)).isEqualTo("401 proof_replayed");
    assertThat(send(McpSigner.of(world.agent).sign(delete(at, id)))).isEqualTo("200 ");
    assertThat(send(McpSigner.of(world.agent).sign(delete(at, id)))).isEqualTo("404 wrong_session");
    assertThat(send(post(at, id, Post.message("ping", Map.of())))).startsWith("404");
  }

  /** What needs no token has a session's credential as soon as the session is somebody's. */
  @Test
  void openRequests_inSomebodysSession_areOfItsLineage() throws Exception {
    HttpService at = serve(Set.of(), true);
    String id = open(at);
    String ping = Post.message("ping", Map.of());
    String level = Post.message("logging/setLevel", Map.of("level", "info"));
    assertThat(send(post(at, id, ping))).startsWith("200");
    assertThat(send(post(at, id, level))).startsWith("200");
    assertThat(call(world.agent, at, id, "mine")).contains("found");
    String begun = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    for (String content : List.of(level, begun)) {
      assertThat(send(post(at, id, content))).isEqualTo("401 token_required");
      assertThat(send(McpSigner.of(otherTask()).sign(post(at, id, content))))
          .isEqualTo("404 wrong_session");
      assertThat(send(McpSigner.of(world.agent).sign(post(at, id, content)))).startsWith("20");
    }
    assertThat(send(post(at, id, ping))).startsWith("200");
    assertThat(send(McpSigner.of(otherTask()).sign(post(at, id, ping))))
        .isEqualTo("404 wrong_session");
    assertThat(send(McpSigner.of(world.agent).sign(post(at, id, ping)))).startsWith("200");
  }

  @Test
  void openRequests_ofTheSdksClient_areSigned() throws Exception {
    HttpService at = serve(Set.of(), true);
    McpSyncClient made = owner(at, new LinkedBlockingQueue<>(), request -> says("nothing"));
    assertThat(made.callTool(search("mine")).toString()).contains("found");
    made.setLoggingLevel(LoggingLevel.DEBUG);
    assertThat(made.ping()).isNotNull();
    assertThat(made.callTool(search("again")).toString()).contains("found");
  }

  /** Without the filter nobody can be verified, so that nobody goes on with a session. */
  @Test
  void withoutTheFilter_nobodyGoesOnWithASession() throws Exception {
    HttpService at = serve(Set.of(ClientFeature.SAMPLING), false);
    String id = open(at);
    assertThat(call(world.agent, at, id, "mine")).contains("found");
    for (HttpRequest request :
        List.of(
            get(at, id),
            delete(at, id),
            post(at, id, CANCELS),
            post(at, id, "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "-0\",\"result\":{}}"))) {
      assertThat(send(request)).as("%s", request).startsWith("500");
      assertThat(send(McpSigner.of(world.agent).sign(request))).startsWith("500");
    }
    String level = Post.message("logging/setLevel", Map.of("level", "info"));
    assertThat(http.send(post(at, id, level), BodyHandlers.ofString()).body())
        .contains("token_required");
    assertThat(call(world.agent, at, id, "again")).contains("found"); // it was not ended
  }

  @Test
  void model_isNotAsked_unlessThatIsOpen() throws Exception {
    HttpService at = serve(Set.of(), true);
    McpSyncClient made = owner(at, new LinkedBlockingQueue<>(), request -> says("asked"));

    CallToolResult result = made.callTool(search("ask"));

    assertThat(result.toString()).contains("not asked").doesNotContain("asked\"");
    assertThat(Refusals.in(result)).isNull();
  }

  /** Lines of a stream, and what says that it ended. */
  private BlockingQueue<String> listen(HttpService at, AgentClient by, String id) {
    CompletableFuture<HttpResponse<InputStream>> listening =
        http.sendAsync(McpSigner.of(by).sign(get(at, id)), BodyHandlers.ofInputStream());
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(
                      new InputStreamReader(listening.join().body(), StandardCharsets.UTF_8))) {
                in.lines().filter(line -> line.startsWith("data:")).forEach(lines::add);
              } catch (Exception e) {
                lines.add(e.toString());
              } finally {
                lines.add(END);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  private void updates(String uri) {
    Objects.requireNonNull(guarded)
        .notifyClients(
            "notifications/resources/updated",
            new ResourcesUpdatedNotification(uri, Map.of("secret", 1)))
        .block();
  }

  @Test
  void notification_goesToWhoMayReadTheThing_andTheStreamEndsWithTheToken() throws Exception {
    HttpService at = serve(Set.of(), true);
    String id = open(at);
    BlockingQueue<String> lines = listen(at, world.agent, id);
    while (lines.isEmpty()) { // until the stream is open
      updates("file:///etc/b.txt"); // which nobody may read
      updates("file:///pub/a.txt");
    }
    later.set(Duration.ofHours(2)); // the token ends
    String last = "";
    do {
      assertThat(last).doesNotContain("/etc/", "secret");
      last = lines.take();
    } while (!last.equals(END));
    assertThat(send(McpSigner.of(world.agent).sign(delete(at, id)))).isEqualTo("401 expired");
    assertThat(call(world.agent, at, id, "late")).contains("expired");
  }

  @Test
  void field_inAnotherSpelling_orTwice_isRefused() throws Exception {
    HttpService at = serve(Set.of(), true);
    String id = open(at);
    String ping = Post.message("ping", Map.of());
    for (String name :
        List.of(
            "Mcp_Session_Id",
            "mcp-session_id",
            "Mcp_Protocol_Version",
            "Mcp_Param-Region",
            "Last_Event_ID",
            "Taper_Token")) {
      HttpRequest request =
          to(at, id).header(name, "x").POST(BodyPublishers.ofString(ping)).build();
      assertThat(send(request)).as(name).isEqualTo("400 invalid_request");
    }
    for (String name : List.of(SESSION, "Authorization", "Mcp-Method", "Taper-Token")) {
      HttpRequest request =
          to(at, id)
              .header(name, "x")
              .header(name, "y")
              .POST(BodyPublishers.ofString(ping))
              .build();
      assertThat(send(request)).as(name).isEqualTo("400 invalid_request");
    }
    assertThat(send(post(at, id, ping))).startsWith("200");
  }
}
