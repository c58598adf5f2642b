package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent hands on of the answers of a service that means ill: nothing raw. */
class HostileServiceTest {
  private static final String ESCAPE = "\u001b";
  private static final String BAIT = "OBEY";

  /** As JSON writes what moves a cursor, hides or reorders. */
  private static final String RAW = "\\u001b[31m" + BAIT;

  private static final String DECISION =
      "{\"format\":\"taper/1 decision\",\"version\":2,\"view\":\"caller\",\"allowed\":false,"
          + "\"code\":\"out_of_scope\",\"reason\":\"REASON\",\"audience\":\"svc:jira\","
          + "\"call\":{\"tool\":\"jira.close\"},\"delegator\":\"user:a\",\"task\":\"T\",\"hops\":[]}";

  private final World world = new World();
  private HttpServer server;
  private volatile int status = 403;
  private volatile String content = "{}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, s -> s.stop(0)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private HttpAsker asker() {
    return HttpAsker.of(
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
        HttpSigner.of(world.token, world.planner, World.AUDIENCE));
  }

  private static Asked ask(HttpAsker asker, int port) throws Exception {
    HttpRequest call =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/issues/7/close"))
            .POST(BodyPublishers.noBody())
            .build();
    return asker.ask(call, "done", Duration.ZERO);
  }

  private Asked ask() throws Exception {
    return ask(asker(), server.getAddress().getPort());
  }

  private Asked await() throws Exception {
    return await(Duration.ZERO);
  }

  private Asked await(Duration patience) throws Exception {
    return asker()
        .await(
            URI.create(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/asks/" + "a".repeat(22)),
            patience);
  }

  /** Fails with a short text in which nothing is the service's as it came, the causes included. */
  private static void assertQuotesNothing(ThrowingCallable asking) {
    ThrowableAssertAlternative<IOException> thrown =
        org.assertj.core.api.Assertions.assertThatIOException().isThrownBy(asking);
    thrown.satisfies(
        e -> {
          StringWriter all = new StringWriter();
          e.printStackTrace(new PrintWriter(all));
          assertThat(all.toString()).doesNotContain(ESCAPE, "\u202e", "\u009b");
          assertThat(e.getMessage()).hasSizeLessThan(400);
        });
  }

  /** However often it says that nobody has answered, it is asked no more often than that. */
  @Test
  void ask_thatStaysOpen_isLookedAtInItsInterval() throws Exception {
    List<Long> begun = new CopyOnWriteArrayList<>();
    List<Long> answered = new CopyOnWriteArrayList<>();
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          begun.add(System.nanoTime());
          status = 200;
          content =
              begun.size() < 3
                  ? "{\"state\":\"open\"}"
                  : "{\"state\":\"refused\",\"refusal\":\"not now\"}";
          answered.add(System.nanoTime());
          answer(exchange);
        });

    assertThat(await(Duration.ofMinutes(1))).isEqualTo(new Asked.Refused("not now"));
    assertThat(begun).hasSize(3);
    for (int look = 1; look < 3; look++) {
      assertThat(Duration.ofNanos(begun.get(look) - answered.get(look - 1)))
          .isGreaterThanOrEqualTo(HttpAsker.INTERVAL);
    }
  }

  /**
   * Who asks waits as long as it has patience, also where the store of asks is away for a while.
   */
  @Test
  void ask_whoseStoreIsAwayAtFirst_isAwaited() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          boolean isAsked = exchange.getRequestMethod().equals("POST");
          status = isAsked ? 201 : looks.getAndIncrement() == 0 ? 503 : 200;
          content = "{\"state\":\"refused\",\"refusal\":\"not now\"}";
          exchange.getResponseHeaders().add("Location", "/v1/asks/" + "a".repeat(22));
          answer(exchange);
        });
    HttpRequest call =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/issues/7"))
            .build();

    assertThat(asker().ask(call, "done", Duration.ofMinutes(1)))
        .isEqualTo(new Asked.Refused("not now"));
    assertThat(looks).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {RAW, "a\\nb", "a\\u202eb", "a\u009b31m", "a\u200bb", ""})
  void refusal_thatIsNoLine_isNotHandedOn(String refusal) {
    status = 200;
    content = "{\"state\":\"refused\",\"refusal\":\"" + refusal + "\"}";
    assertQuotesNothing(this::await);
  }

  @Test
  void refusal_ofAnyLength_isNotHandedOn() {
    status = 200;
    content = "{\"state\":\"refused\",\"refusal\":\"" + "a".repeat(1_000_000) + "\"}";
    assertQuotesNothing(this::await);
    content = "{\"state\":\"refused\",\"refusal\":\"" + "a".repeat(3 << 20) + "\"}";
    assertQuotesNothing(this::await);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31mOBEY",
        "\u000e\u001bOBEY",
        "OBEY\u001bOBEY",
        "{\"\\u001b[31m\":1,\"\\u001b[31m\":2}",
        "{\"\u202eab\":1,\"\u202eab\":2}",
        "{\"state\":\u009b}",
        "{\"state\":\"\\u001b[31m\"}",
        "{\"approvals\":[[\"\\u001b[31m\"]]}",
        "[\"\\u001b[31m\"]"
      })
  void answer_thatIsNoAsk_isNotQuoted(String answer) {
    status = 200;
    content = answer;
    assertQuotesNothing(this::await);
  }

  @ParameterizedTest
  @ValueSource(strings = {RAW, "Out of scope", "a b", "a\\nb", "\u202eab"})
  void code_thatIsNone_isNotHandedOn(String code) throws Exception {
    content = "{\"code\":\"" + code + "\"}";
    assertThat(ask()).isEqualTo(new Asked.NotTaken(403, "", null));
    content = "{\"code\":\"" + "a".repeat(65) + "\"}";
    assertThat(ask()).isEqualTo(new Asked.NotTaken(403, "", null));
  }

  @Test
  void decision_isHandedOnInSafeText() throws Exception {
    String hidden = DECISION.replace("REASON", "a\u202eb\u009b31m");
    content = "{\"code\":\"out_of_scope\",\"decision\":" + hidden + "}";
    Asked.NotTaken notTaken = (Asked.NotTaken) ask();
    assertThat(notTaken.decision()).isNotNull().contains("a\\u202eb\\u009b31m");
    assertThat(notTaken.decision()).doesNotContain("\u202e", "\u009b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\u001b[31mOBEY\"", "{\"a\":\"OBEY\"}", "[\"OBEY\"]", "7", "null"})
  void decision_thatIsNone_isNotHandedOn(String decision) throws Exception {
    content = "{\"code\":\"out_of_scope\",\"decision\":" + decision + "}";
    assertThat(ask()).isEqualTo(new Asked.NotTaken(403, "out_of_scope", null));
  }

  /** The client of the JDK quotes a line that is none. */
  @Test
  void server_thatSpeaksNoHttp_isNotQuoted() throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answering =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = raw.accept()) {
                  int unused = socket.getInputStream().read();
                  String line = ESCAPE + "[31m" + BAIT + "a".repeat(5000) + "\r\n\r\n";
                  socket.getOutputStream().write(line.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertQuotesNothing(() -> ask(asker(), raw.getLocalPort()));
      answering.get();
    }
  }
}
