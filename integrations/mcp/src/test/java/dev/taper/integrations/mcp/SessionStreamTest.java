package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.integrations.mcp.client.SessionSigner;
import dev.taper.integrations.mcp.client.SigningTransport;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.integrations.mcp.server.SessionFilter;
import dev.taper.integrations.mcp.server.StatusFilter;
import dev.taper.integrations.mcp.server.StrictMapper;
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
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a guarded server sends besides answers, and what stands behind the filter of statuses. */
class SessionStreamTest {
  private final World world = new World();
  private final McpGuard guard = McpGuard.of(world.verifier().build());
  private final HttpServletStreamableServerTransportProvider servlet =
      HttpServletStreamableServerTransportProvider.builder().jsonMapper(StrictMapper.of()).build();

  private final McpStreamableServerTransportProvider guarded = GuardedTransport.of(guard, servlet);
  private final SessionFilter sessions = SessionFilter.of(guarded);

  private McpSyncServer serve() {
    return McpServer.sync(guarded)
        .serverInfo("jira", "1")
        .tools(
            McpServerFeatures.SyncToolSpecification.builder()
                .tool(Tools.definitions().get(0))
                .callHandler(SessionStreamTest::talk)
                .build())
        .build();
  }

  /** Says something, and asks something, before it answers. */
  private static CallToolResult talk(McpSyncServerExchange exchange, CallToolRequest request) {
    exchange.loggingNotification(
        LoggingMessageNotification.builder(LoggingLevel.ERROR, "halfway").logger("jira").build());
    exchange.ping();
    String tool = GuardedTransport.decision(exchange.transportContext()).call().tool();
    return CallToolResult.builder().addTextContent("done: " + tool).build();
  }

  @Test
  void handler_thatAsksItsClient_isAnsweredBeforeItAnswers() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    McpSyncServer server = serve();
    try (HttpService service = HttpService.of(servlet, StatusFilter.of(guard), sessions)) {
      McpSyncClient client =
          McpClient.sync(
                  SigningTransport.of(
                      HttpClientStreamableHttpTransport.builder(service.origin())
                          .addHttpRequestCustomizer(SessionSigner.of(world.agent))
                          .build(),
                      world.agent))
              .requestTimeout(Duration.ofMinutes(1))
              .initializationTimeout(Duration.ofMinutes(2))
              .loggingConsumer(message -> heard.add(String.valueOf(message.data())))
              .build();
      client.initialize();
      CallToolResult result =
          client.callTool(
              CallToolRequest.builder("search")
                  .arguments(Map.of("query", "a", "limit", 5))
                  .build());
      assertThat(result.toString()).contains("done: jira.search");
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("halfway");
      client.close();
      server.closeGracefully();
    }
  }

  private static HttpRequest.Builder to(HttpService service, String session) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service.origin() + "/mcp"))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    return session.isEmpty() ? request : request.header("Mcp-Session-Id", session);
  }

  @Test
  void stream_ofASession_tellsChanges_andEndsWithIt() throws Exception {
    McpSyncServer server = serve();
    HttpClient client = HttpClient.newHttpClient();
    try (HttpService service = HttpService.of(servlet, StatusFilter.of(guard), sessions)) {
      String session = open(client, service);
      McpSigner signer = McpSigner.of(world.agent);
      HttpRequest listen =
          signer.sign(
              HttpRequest.newBuilder(URI.create(service.origin() + "/mcp"))
                  .header("Accept", "text/event-stream")
                  .header("Mcp-Session-Id", session)
                  .build());
      CompletableFuture<HttpResponse<InputStream>> listening =
          client.sendAsync(listen, BodyHandlers.ofInputStream()).orTimeout(60, TimeUnit.SECONDS);
      while (!listening.isDone()) { // a stream has no head before it has a first event
        server.notifyToolsListChanged();
      }
      HttpResponse<InputStream> stream = listening.get();
      assertThat(stream.statusCode()).isEqualTo(200);
      BufferedReader events =
          new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
      String said = "";
      for (String line = events.readLine(); line != null && !said.contains("list_changed"); ) {
        said += line;
        line = events.readLine();
      }
      assertThat(said).contains("notifications/tools/list_changed");

      HttpRequest end = signer.sign(to(service, session).DELETE().build());
      assertThat(client.send(end, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      HttpRequest late =
          to(service, session)
              .POST(BodyPublishers.ofString(Post.message("ping", Map.of())))
              .build();
      assertThat(client.send(late, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
    }
  }

  private static String open(HttpClient client, HttpService service) throws Exception {
    String initialize =
        Post.message(
            "initialize",
            Map.of(
                "protocolVersion", "2025-11-25",
                "capabilities", Map.of(),
                "clientInfo", Map.of("name", "a", "version", "1")));
    HttpResponse<String> opened =
        client.send(
            to(service, "").POST(BodyPublishers.ofString(initialize)).build(),
            BodyHandlers.ofString());
    String session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();
    String ready = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    HttpResponse<String> noted =
        client.send(
            to(service, session).POST(BodyPublishers.ofString(ready)).build(),
            BodyHandlers.ofString());
    assertThat(noted.statusCode()).isEqualTo(202);
    return session;
  }

  /** A servlet of any other kind, which reads in its own way. */
  private static final class Reading extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient List<String> read = new CopyOnWriteArrayList<>();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      List<String> told = new CopyOnWriteArrayList<>();
      ReadListener listener =
          new ReadListener() {
            @Override
            public void onDataAvailable() {
              told.add("there");
            }

            @Override
            public void onAllDataRead() {
              told.add("all");
            }

            @Override
            public void onError(Throwable error) {}
          };
      request.getInputStream().setReadListener(listener);
      assertThat(told).containsExactly("there", "all");
      assertThat(request.getInputStream().isReady()).isTrue();
      assertThat(request.getInputStream().isFinished()).isFalse();
      char first = (char) request.getInputStream().read();
      read.add(first + request.getReader().readLine());
      assertThat(request.getInputStream().isFinished()).isTrue();
    }
  }

  private static HttpResponse<String> post(HttpService service, byte[] content) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(service.origin()))
                .header("Content-Type", "application/json; charset=utf-16")
                .POST(BodyPublishers.ofByteArray(content))
                .build(),
            BodyHandlers.ofString());
  }

  /** What was judged is UTF-8: another charset would make another message of it. */
  @Test
  void reader_behindTheFilter_hasWhatWasJudged() throws Exception {
    Reading reading = new Reading();
    String message = "{\"jsonrpc\":\"2.0\",\"method\":\"é\"}";
    try (HttpService service = HttpService.of(reading, StatusFilter.of(guard))) {
      assertThat(post(service, message.getBytes(StandardCharsets.UTF_8)).statusCode())
          .isEqualTo(200);
      assertThat(reading.read).containsExactly(message);
      HttpResponse<String> latin = post(service, message.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(latin.statusCode()).isEqualTo(400);
      assertThat(latin.body()).contains("invalid_request", "the content is not UTF-8");
      assertThat(reading.read).hasSize(1);
    }
  }

  @Test
  void exchange_thatIsNotHttp_isNotLetThrough() throws Exception {
    Reading reading = new Reading();
    byte[] content = "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    try (HttpService request =
            HttpService.of(
                reading,
                (in, out, chain) -> chain.doFilter(new ServletRequestWrapper(in), out),
                StatusFilter.of(guard));
        HttpService response =
            HttpService.of(
                reading,
                (in, out, chain) -> chain.doFilter(in, new ServletResponseWrapper(out)),
                StatusFilter.of(guard))) {
      assertThat(post(request, content).statusCode()).isEqualTo(500);
      assertThat(post(response, content).statusCode()).isEqualTo(500);
    }
    assertThat(reading.read).isEmpty();
  }

  @Test
  void maxContent_thatIsNoSize_isRefused() {
    for (int bytes : new int[] {-1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> StatusFilter.of(guard).maxContent(bytes))
          .hasMessageContaining("a content has no " + bytes + " bytes");
    }
  }

  @Test
  void maxContent_nothing_isRefusedFromTheFirstByteOn() throws Exception {
    try (HttpService service =
        HttpService.of(new Reading(), StatusFilter.of(guard).maxContent(0))) {
      assertThat(post(service, new byte[0]).statusCode()).isEqualTo(400);
      assertThat(post(service, new byte[1]).statusCode()).isEqualTo(413);
    }
  }

  private static int status(HttpService service, String session, String content) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            to(service, session).POST(BodyPublishers.ofString(content)).build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  private static String padded(String start, String end, int length) {
    return start + "a".repeat(length - start.length() - end.length()) + end;
  }

  /** What is cut off would be another message than the one that was sent. */
  @Test
  void content_inASession_isAsLongAsItMayBeAndNoLonger() throws Exception {
    McpSyncServer server = serve();
    String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":\"";
    String answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"";
    int most = 2 * McpGuard.MAX_ANSWER;
    try (HttpService service = HttpService.of(servlet, sessions.maxContent(1000));
        HttpService larger = HttpService.of(servlet, sessions.maxContent(most))) {
      String session = open(HttpClient.newHttpClient(), service);
      assertThat(status(service, session, padded(ping, "\"}}", 1000))).isEqualTo(200);
      assertThat(status(service, session, padded(ping, "\"}}", 1001))).isEqualTo(413);
      assertThat(status(larger, session, padded(answer, "\"}}", McpGuard.MAX_ANSWER)))
          .as("an answer that nobody signed")
          .isEqualTo(401);
      assertThat(status(larger, session, padded(answer, "\"}}", McpGuard.MAX_ANSWER + 1)))
          .isEqualTo(413);
    } finally {
      server.closeGracefully();
    }
  }
}
