package dev.taper.integrations.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.CatalogTool.Argument;
import dev.taper.agent.catalog.CatalogTool.McpRoute;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.integrations.mcp.client.SigningTransport;
import dev.taper.integrations.spring.AgentTools.RefusedCallException;
import dev.taper.testing.TearDown;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.mcp.SyncMcpToolCallbackProvider;
import org.springframework.ai.mcp.ToolContextToMcpMetaConverter;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStreamableServerTransportProvider;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.execution.ToolExecutionException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** A server of MCP on Spring AI that is started for real, and agents that call it. */
class McpServiceTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
  private final AgentToken token =
      Issuer.of(root)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", planner.publicKey()))
                  .task("T-4711")
                  .grant("desk.search read")
                  .grant("desk.count read")
                  .grant("desk.look read")
                  .grant("desk.close close if approved by " + boss.publicKey())
                  .expiresIn(Duration.ofHours(1)));
  private final AgentClient agent = AgentClient.of(token, planner, "svc:desk");

  /** What agents sent over HTTP: each request's target and fields, and its content. */
  private final Queue<String> sentFields = new ConcurrentLinkedQueue<>();

  private final Queue<String> sentBodies = new ConcurrentLinkedQueue<>();

  private @Nullable ConfigurableApplicationContext context;

  @TempDir Path folder;

  private static CatalogTool tool(String name, String operation, String mcp, String argument) {
    return CatalogTool.of(name)
        .operation(operation)
        .mcp(McpRoute.tool(mcp))
        .argument(argument, Argument.required(ArgumentType.of(ArgumentType.Kind.STRING)));
  }

  private String start(String protocol) throws IOException {
    return start(Desk.class, Map.of("spring.ai.mcp.server.protocol", protocol));
  }

  private String start(Class<?> type, Map<String, String> more) throws IOException {
    Desk.ENTERED.clear();
    Path catalog = folder.resolve("catalog.json");
    Files.writeString(
        catalog,
        ToolCatalog.of("svc:desk")
            .tool(tool("desk.search", "read", "search", "query"))
            .tool(tool("desk.count", "read", "count", "query"))
            .tool(tool("desk.look", "read", "look", "id"))
            .tool(tool("desk.close", "close", "close", "id"))
            .build()
            .toJson());
    Map<String, Object> settings = new HashMap<>();
    settings.put("server.port", "0");
    settings.put("taper.audience", "svc:desk");
    settings.put("taper.root-keys", root.publicKey().toString());
    settings.put("taper.revocations", "none");
    settings.put("taper.catalog", catalog.toString());
    settings.putAll(more);
    return run(type, settings);
  }

  private String run(Class<?> type, Map<String, Object> settings) {
    SpringApplication application = new SpringApplication(type);
    application.addListeners(
        (ApplicationListener<ApplicationEnvironmentPreparedEvent>)
            // The build has settings of its own there.
            e -> e.getEnvironment().getPropertySources().remove("systemProperties"));
    application.setDefaultProperties(settings);
    ConfigurableApplicationContext started = application.run();
    context = started;
    return "http://127.0.0.1:" + started.getEnvironment().getProperty("local.server.port");
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(context);
  }

  private McpSyncClient client(String origin, boolean signed) {
    var transport =
        HttpClientStreamableHttpTransport.builder(origin)
            .addHttpRequestCustomizer(
                (builder, method, uri, body, transportContext) -> {
                  HttpRequest request = builder.copy().build();
                  sentFields.add(uri + " " + request.headers().map());
                  sentBodies.add(String.valueOf(body));
                })
            .build();
    McpSyncClient client =
        McpClient.sync(signed ? SigningTransport.of(transport, agent) : transport)
            .requestTimeout(Duration.ofSeconds(30))
            .build();
    client.initialize();
    return client;
  }

  private static McpSchema.CallToolResult call(McpSyncClient client, String tool, String argument) {
    return client.callTool(
        McpSchema.CallToolRequest.builder(tool).arguments(Map.of(argument, "7")).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMABLE", "STATELESS"})
  void tools_ofAServer_areEnteredWithAllowedCallsOnly(String protocol) throws Exception {
    McpSyncClient client = client(start(protocol), true);

    assertThat(client.listTools().tools())
        .extracting(McpSchema.Tool::name)
        .containsExactlyInAnyOrder("search", "count", "look", "close");
    assertThat(call(client, "search", "query").isError()).isNotEqualTo(true);
    assertThat(call(client, "count", "query").isError()).isNotEqualTo(true);
    assertThat(Desk.ENTERED).hasSize(2).last().isEqualTo("count 7");
    assertThat(Desk.ENTERED.peek()).startsWith("search 7 ").doesNotContain("dev.taper");
    Desk.ENTERED.clear();

    McpSchema.CallToolResult close = call(client, "close", "id");
    assertThat(close.isError()).isTrue();
    assertThat(String.valueOf(close.structuredContent())).contains("approval_required");
    McpSchema.CallToolResult look = call(client, "look", "id"); // whose method does another tool
    assertThat(look.isError()).isTrue();
    assertThat(look.toString()).contains("unavailable").doesNotContain("desk.", "taper.int");
    for (String unknown : List.of("secret", "nothing")) { // of which the server has the first
      assertThatThrownBy(() -> call(client, unknown, "id"))
          .isInstanceOf(McpError.class)
          .hasMessageContaining("unknown_tool")
          .hasMessageNotContaining("hunter2");
    }
    assertThatThrownBy(
            () ->
                client.readResource(
                    McpSchema.ReadResourceRequest.builder("file:///etc/passwd").build()))
        .isInstanceOf(McpError.class);
    assertThatThrownBy(() -> client.getPrompt(McpSchema.GetPromptRequest.builder("tell").build()))
        .isInstanceOf(McpError.class);
    assertThat(Desk.ENTERED).isEmpty();
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMABLE", "STATELESS"})
  void calls_withoutAToken_enterNothing(String protocol) throws Exception {
    String origin = start(protocol);
    McpSyncClient client = client(origin, false);
    assertThat(call(client, "search", "query").toString()).contains("token_required");
    assertThat(Desk.ENTERED).isEmpty();

    HttpClient http = HttpClient.newHttpClient();
    for (String target : List.of("/mcp/", "/mcp/x", "/mcp;x", "/%6dcp", "/", "/sse", "/actuator")) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(origin + target))
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(target).isEqualTo(401);
      assertThat(answer.body()).as(target).contains("token_required");
    }
    client.close();
  }

  /** Spring AI sends what stands in a tool's context to the server, unless it is told not to. */
  @Test
  void keys_inAToolsContext_areNeverSentNorLogged() throws Exception {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    String key = Pem.writeUnencrypted(planner);
    McpSyncClient client = client(start("STREAMABLE"), true);
    Logger log = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    log.setLevel(Level.INFO);
    log.addAppender(logged);
    ToolContext secret =
        new ToolContext(Map.of("holderKey", key, "token", token.encodeBase64(), "key", planner));
    try {
      ToolCallback search = tool(AgentTools.of(client), "search");
      assertThat(search.call("{\"query\": \"7\"}", secret)).contains("found 7");
      ToolContextToMcpMetaConverter converter =
          java.util.Objects.requireNonNull(context).getBean(ToolContextToMcpMetaConverter.class);
      ToolCallback springs =
          tool(
              List.of(
                  SyncMcpToolCallbackProvider.builder()
                      .mcpClients(List.of(client))
                      .toolContextToMcpMetaConverter(converter)
                      .build()
                      .getToolCallbacks()),
              "search");
      assertThat(springs.call("{\"query\": \"7\"}", secret)).contains("found 7");

      assertThat(Desk.ENTERED).hasSize(2).allMatch(entered -> !entered.contains("Key"));
      assertThatThrownBy(() -> tool(AgentTools.of(client), "close").call("{\"id\": \"7\"}", secret))
          .isInstanceOf(ToolExecutionException.class)
          .hasMessageContaining("approval_required")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain(token.encodeBase64()))
          .cause()
          .isInstanceOfSatisfying(
              RefusedCallException.class,
              e -> assertThat(e.refusal().code()).isEqualTo("approval_required"));
    } finally {
      log.detachAppender(logged);
      log.setLevel(Level.OFF);
    }
    for (ILoggingEvent event : logged.list) {
      assertThat(event.getFormattedMessage()).doesNotContain(token.encodeBase64(), key);
    }
    assertThat(sentFields).isNotEmpty();
    for (String fields : sentFields) {
      assertThat(fields).doesNotContain(token.encodeBase64(), "holderKey", "BEGIN");
    }
    assertThat(sentBodies).anyMatch(body -> body.contains(token.encodeBase64()));
    for (String body : sentBodies) {
      assertThat(body).doesNotContain("holderKey", "BEGIN", "PRIVATE");
    }
    client.close();
  }

  /** A model writes what it likes; it is told what is wrong, and nothing is entered. */
  @Test
  void input_ofAModel_thatIsNoCall_isRefused() throws Exception {
    McpSyncClient client = client(start("STREAMABLE"), true);
    ToolCallback search = tool(AgentTools.of(client), "search");
    assertThat(search).hasToString("SignedTool(search)");
    for (String input :
        List.of("{", "[]", "{\"query\": \"a\", \"query\": \"b\"}", "", "{\"query\": 7}")) {
      assertThatThrownBy(() -> search.call(input))
          .as(input)
          .isInstanceOf(ToolExecutionException.class);
    }
    assertThat(Desk.ENTERED).isEmpty();
    client.close();
  }

  private static ToolCallback tool(List<ToolCallback> tools, String name) {
    return tools.stream()
        .filter(tool -> tool.getToolDefinition().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Spring AI's own server is not there, and another one takes the transport past its guard. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = McpServerAutoConfiguration.class)
  static class Around {
    @Bean
    McpSyncServer server(WebMvcStreamableServerTransportProvider transport) {
      return McpServer.sync(transport).serverInfo("around", "1").build();
    }
  }

  /** As it should be. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = McpServerAutoConfiguration.class)
  static class Behind {
    @Bean
    McpSyncServer server(McpStreamableServerTransportProvider transport) {
      return McpServer.sync(transport).serverInfo("behind", "1").build();
    }
  }

  @Test
  void server_builtAroundTheGuard_doesNotStart() throws Exception {
    Map<String, String> streamable = Map.of("spring.ai.mcp.server.protocol", "STREAMABLE");

    assertThatThrownBy(() -> start(Around.class, streamable))
        .hasStackTraceContaining("no guard stands before the transport");

    McpSyncClient client = client(start(Behind.class, streamable), true);
    assertThat(client.getServerInfo().name()).isEqualTo("behind");
    client.close();
  }

  /** A server that nobody guards, over what starts it. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Unguarded {}

  @Test
  void server_withoutSettings_doesNotStart() {
    Map<String, Object> stdio =
        Map.of("spring.main.web-application-type", "none", "spring.ai.mcp.server.stdio", "true");

    assertThatThrownBy(() -> run(Unguarded.class, stdio))
        .hasStackTraceContaining("a server of MCP needs settings below taper");
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMABLE", "STATELESS"})
  void message_tooLarge_isNotReadWhole(String protocol) throws Exception {
    // Of more than is skipped, the client would still write when it is answered and cut off.
    String origin =
        start(
            Desk.class,
            Map.of(
                "spring.ai.mcp.server.protocol", protocol, "server.tomcat.max-swallow-size", "-1"));
    byte[] large = (initialize("a") + " ".repeat(4 << 20)).getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> stated = post(origin, BodyPublishers.ofByteArray(large));
    assertThat(stated.statusCode()).isEqualTo(413);
    assertThat(stated.body()).contains("content_too_large");
    HttpResponse<String> chunked =
        post(origin, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));
    assertThat(chunked.statusCode()).as(chunked.body()).isEqualTo(413);
    assertThat(chunked.body()).contains("content_too_large");
    assertThat(post(origin, BodyPublishers.ofString(initialize("a"))).statusCode()).isEqualTo(200);
  }

  private static String initialize(String name) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
        + "\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\""
        + name
        + "\",\"version\":\"1\"}}}";
  }

  private static HttpResponse<String> post(String origin, BodyPublisher content) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(origin + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(content)
                .build(),
            BodyHandlers.ofString());
  }

  /** Over HTTP a session's id is no credential; its lineage's token and proof are. */
  @Test
  void sessionsId_isNoCredential() throws Exception {
    String origin = start("STREAMABLE");
    String id =
        post(origin, BodyPublishers.ofString(initialize("a")))
            .headers()
            .firstValue("Mcp-Session-Id")
            .orElseThrow();
    AgentClient elsewhere =
        AgentClient.of(
            Issuer.of(root)
                .mint(
                    Delegation.by("user:alice@acme.com")
                        .to(Agent.of("agent:planner", planner.publicKey()))
                        .task("T-2")
                        .grant("desk.search read")
                        .expiresIn(Duration.ofHours(1))),
            planner,
            "svc:desk");
    HttpRequest.Builder to =
        HttpRequest.newBuilder(URI.create(origin + "/mcp"))
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .header("Mcp-Session-Id", id);
    List<HttpRequest> requests =
        List.of(
            to.copy().GET().build(),
            to.copy().DELETE().build(),
            to.copy()
                .POST(BodyPublishers.ofString("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}"))
                .build());
    HttpRequest told =
        to.copy()
            .POST(
                BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}"))
            .build();
    assertThat(send(McpSigner.of(agent).sign(told)).statusCode()).isEqualTo(202);
    for (HttpRequest request : requests) {
      HttpResponse<String> nobody = send(request);
      assertThat(nobody.statusCode()).as("%s", request).isEqualTo(401);
      assertThat(nobody.body()).contains("token_required");
      HttpResponse<String> other = send(McpSigner.of(elsewhere).sign(request));
      assertThat(other.statusCode()).as("%s", request).isEqualTo(404);
      assertThat(other.body()).contains("wrong_session");
    }
    HttpRequest spelled = to.copy().header("Mcp_Session_Id", id).DELETE().build();
    assertThat(send(spelled).statusCode()).isEqualTo(400);
    assertThat(send(McpSigner.of(agent).sign(requests.get(1))).statusCode()).isEqualTo(200);
    assertThat(send(McpSigner.of(agent).sign(requests.get(1))).statusCode()).isEqualTo(404);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  /** What strangers say of themselves is kept with their sessions. */
  @Test
  void initialize_large_startsNoSession() throws Exception {
    String large = initialize("a".repeat(65_536));
    HttpResponse<String> answer = post(start("STREAMABLE"), BodyPublishers.ofString(large));
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    assertThat(answer.headers().firstValue("Mcp-Session-Id")).isEmpty();
  }
}
