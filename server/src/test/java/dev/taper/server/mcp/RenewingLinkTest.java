package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of an agent's session that its server has forgotten. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RenewingLinkTest {
  private static final Map<String, @Nullable Object> BEGINS =
      Map.of("protocolVersion", "2025-11-25", "clientInfo", Map.of("name", "the agent"));

  /** What a server asks first in each of its sessions. */
  private static final String QUESTION =
      "{\"jsonrpc\":\"2.0\",\"id\":\"taper-1\",\"method\":\"elicitation/create\"}";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private HttpServer server;
  private Link link;
  private volatile String live = "s-1";
  private volatile boolean takesLevels = true;
  private volatile String revision = "2025-11-25";
  private final Semaphore silent = new Semaphore(0);
  private final AtomicInteger begun = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    link =
        new UrlUpstream(url, Map::of, 1 << 20, null)
            .forAgent(UnaryOperator.identity())
            .open(
                new Link.Receiver() {
                  @Override
                  public void received(RpcMessage message, @Nullable Object about) {
                    heard.add(message);
                  }

                  @Override
                  public void broken(RpcFault fault, @Nullable Object about) {
                    heard.add(fault.code() + " of " + about + ": " + fault.detail());
                  }

                  @Override
                  public void ended(String reason) {
                    heard.add("ended: " + reason);
                  }
                });
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(
        link,
        TearDown.of(server, s -> s.stop(0)),
        TearDown.of(threads, ExecutorService::shutdownNow));
  }

  /** A server with one session at a time; it knows nothing of any other. */
  private void serve(HttpExchange exchange) throws IOException {
    String content = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String session = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
    String answer = "";
    int status = 202;
    if (content.contains("\"silent\"")) {
      silent.release();
      return; // and never answers
    }
    if (content.contains("\"half\"")) {
      live = "none";
      answerHalf(exchange);
      return;
    }
    if (exchange.getRequestMethod().equals("GET")) {
      status = exchange.getRequestHeaders().containsKey("Last-Event-ID") ? 404 : 405;
    } else if (content.contains("\"initialize\"")) {
      said.add(content);
      live = "s-" + begun.incrementAndGet();
      exchange.getResponseHeaders().add("Mcp-Session-Id", live);
      answer = "{\"protocolVersion\":\"" + revision + "\"}";
    } else if (!takesLevels && content.contains("setLevel")) {
      status = 500;
    } else if (!live.equals(session)) {
      status = 404;
    } else {
      said.add(session + " " + content);
      boolean isAsked = content.contains("\"id\"") && content.contains("\"method\"");
      answer = isAsked ? "{\"in\":\"" + session + "\"}" : "";
    }
    if (!answer.isEmpty()) {
      RpcMessage.Request asked = request(content);
      answer =
          RpcText.write(
              new RpcMessage.Result(asked.id(), Map.of("r", answer, "protocolVersion", revision)));
      status = 200;
      boolean isStream = content.contains("\"ask\"");
      exchange
          .getResponseHeaders()
          .add("Content-Type", isStream ? "text/event-stream" : "application/json");
      answer = isStream ? "data: " + QUESTION + "\n\ndata: " + answer + "\n\n" : answer;
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** The rest of the answer can be asked for at once. */
  private static void answerHalf(HttpExchange exchange) throws IOException {
    byte[] begins = "id: 7\nretry: 0\ndata: \n\n".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, begins.length);
    exchange.getResponseBody().write(begins);
    exchange.close();
  }

  private static RpcMessage.Request request(String content) throws IOException {
    try {
      return (RpcMessage.Request) RpcText.read(content);
    } catch (RpcFault e) {
      throw new IOException(e);
    }
  }

  private void send(RpcMessage message) throws RpcFault {
    link.send(message, Map.of());
  }

  private Object next() throws InterruptedException {
    return Objects.requireNonNull(heard.poll(30, TimeUnit.SECONDS), "nothing is heard");
  }

  private void begin() throws Exception {
    send(new RpcMessage.Request(1L, "initialize", BEGINS));
    assertThat(next()).asString().contains("Result[id=1");
    send(new RpcMessage.Notification("notifications/initialized", null));
    send(new RpcMessage.Request(2L, "tools/call", Map.of("name", "first")));
    assertThat(next()).asString().contains("Result[id=2", "s-1");
  }

  @Test
  void session_thatIsForgotten_beginsAgain_andTheCallWasNotCarriedOut() throws Exception {
    begin();
    live = "none"; // the server was started again

    send(new RpcMessage.Request(3L, "tools/call", Map.of("name", "second")));
    assertThat(next())
        .asString()
        .startsWith("UPSTREAM_UNAVAILABLE of 3")
        .contains("the call was not carried out");
    send(new RpcMessage.Request(4L, "tools/call", Map.of("name", "third")));
    assertThat(next()).asString().contains("Result[id=4", "s-2");

    assertThat(heard).isEmpty();
    assertThat(said)
        .filteredOn(one -> one.contains("\"initialize\""))
        .hasSize(2)
        .allMatch(one -> one.contains("the agent"));
    assertThat(said).filteredOn(one -> one.contains("initialized")).hasSize(2);
    assertThat(said).filteredOn(one -> one.contains("second")).isEmpty(); // and is not sent again
    int again = said.indexOf(said.stream().filter(one -> one.startsWith("s-2")).findFirst().get());
    assertThat(said.get(again)).contains("notifications/initialized");
  }

  @Test
  void calls_ofASessionThatIsForgotten_areNotKnown_exceptTheOneThatWasRefused() throws Exception {
    begin();
    send(new RpcMessage.Request(3L, "tools/call", Map.of("name", "silent")));
    assertThat(silent.tryAcquire(30, TimeUnit.SECONDS)).isTrue(); // the server has it
    live = "none";

    send(new RpcMessage.Request(4L, "tools/call", Map.of("name", "second")));
    assertThat(List.of(next(), next()))
        .map(String::valueOf)
        .anySatisfy(
            one ->
                assertThat(one)
                    .startsWith("UPSTREAM_ENDED of 3")
                    .contains("not known whether the call was carried out"))
        .anySatisfy(one -> assertThat(one).startsWith("UPSTREAM_UNAVAILABLE of 4"));
  }

  /** The server had the call, and only what is left of its answer is asked for in vain. */
  @Test
  void call_whoseAnswerIsResumedInASessionThatIsForgotten_isNotKnown() throws Exception {
    begin();
    send(new RpcMessage.Request(3L, "tools/call", Map.of("name", "half")));
    assertThat(next())
        .asString()
        .startsWith("UPSTREAM_ENDED of 3")
        .contains("not known whether the call was carried out");
  }

  @Test
  void session_thatBeginsInAnotherRevision_ends() throws Exception {
    begin();
    live = "none";
    revision = "2025-06-18";

    send(new RpcMessage.Request(3L, "tools/call", Map.of("name", "second")));
    assertThat(next()).asString().startsWith("UPSTREAM_UNAVAILABLE of 3");
    assertThat(next()).asString().startsWith("ended: the server begins no other session");
  }

  /** A server counts its questions from the beginning in each session. */
  @Test
  void answer_ofASessionThatIsForgotten_isNotSentInTheNextOne() throws Exception {
    begin();
    RpcMessage.Request old = question(3L);
    live = "none";
    send(new RpcMessage.Request(4L, "tools/call", Map.of("name", "second")));
    assertThat(next())
        .isEqualTo(
            new RpcMessage.Notification("notifications/cancelled", Map.of("requestId", old.id())));
    assertThat(next()).asString().contains(" of 4");
    RpcMessage.Request present = question(5L);

    send(new RpcMessage.Result(old.id(), Map.of("action", "accept of the old one")));
    send(new RpcMessage.Result(present.id(), Map.of("action", "decline")));
    send(new RpcMessage.Result(present.id(), Map.of("action", "accept after that")));
    send(new RpcMessage.Request(6L, "tools/call", Map.of("name", "third")));
    assertThat(next()).asString().contains("Result[id=6", "s-2");
    assertThat(said)
        .filteredOn(one -> one.contains("\"action\""))
        .singleElement()
        .asString()
        .startsWith("s-2 ")
        .contains("taper-1", "decline");
  }

  private RpcMessage.Request question(long id) throws Exception {
    send(new RpcMessage.Request(id, "tools/call", Map.of("name", "ask")));
    RpcMessage.Request question = (RpcMessage.Request) next();
    assertThat(next()).asString().contains("Result[id=" + id);
    return question;
  }

  /** Nobody would hear that there are no updates any more, and the agent signed but one asking. */
  @Test
  void session_withASubscription_endsWhenItIsForgotten_andSaysWhy() throws Exception {
    begin();
    ask(3L, "resources/subscribe", Map.of("uri", "file:///a"));
    live = "none";
    send(new RpcMessage.Request(4L, "tools/call", Map.of("name", "second")));
    assertThat(next())
        .asString()
        .startsWith("ended: the server has forgotten the session")
        .contains("subscribed");
    assertThat(begun).hasValue(1);
  }

  @Test
  void session_withoutASubscriptionAnyMore_beginsAgain() throws Exception {
    begin();
    ask(3L, "resources/subscribe", Map.of("uri", "file:///a"));
    ask(4L, "resources/unsubscribe", Map.of("uri", "file:///a"));
    live = "none";
    send(new RpcMessage.Request(5L, "tools/call", Map.of("name", "second")));
    assertThat(next()).asString().startsWith("UPSTREAM_UNAVAILABLE of 5");
  }

  @Test
  void level_thatWasSet_isSetInTheNextSession_andItsAnswerIsNobodys() throws Exception {
    begin();
    ask(3L, "logging/setLevel", Map.of("level", "debug"));
    ask(4L, "logging/setLevel", Map.of("level", "error"));
    live = "none";
    send(new RpcMessage.Request(5L, "tools/call", Map.of("name", "second")));
    assertThat(next()).asString().startsWith("UPSTREAM_UNAVAILABLE of 5");
    ask(6L, "tools/call", Map.of("name", "third"));
    while (said.stream().noneMatch(one -> one.startsWith("s-2") && one.contains("setLevel"))) {
      Thread.onSpinWait();
    }
    assertThat(said)
        .filteredOn(one -> one.startsWith("s-2") && one.contains("setLevel"))
        .singleElement()
        .asString()
        .contains("error");
    assertThat(heard).isEmpty();
  }

  @Test
  void session_thatDoesNotTakeTheLevelAgain_ends() throws Exception {
    begin();
    ask(3L, "logging/setLevel", Map.of("level", "debug"));
    live = "none";
    takesLevels = false;
    send(new RpcMessage.Request(5L, "tools/call", Map.of("name", "second")));
    assertThat(next()).asString().startsWith("UPSTREAM_UNAVAILABLE of 5");
    assertThat(next()).asString().startsWith("ended: ").contains("logging/setLevel");
  }

  private void ask(long id, String method, Map<String, @Nullable Object> params) throws Exception {
    send(new RpcMessage.Request(id, method, params));
    assertThat(next()).asString().contains("Result[id=" + id);
  }

  /** Nothing goes round and round. */
  @Test
  void session_thatIsForgottenAtOnce_ends() throws Exception {
    begin();
    live = "none";
    send(new RpcMessage.Request(3L, "tools/call", Map.of("name", "second")));
    assertThat(next()).asString().startsWith("UPSTREAM_UNAVAILABLE of 3");
    while (said.stream().noneMatch(one -> one.startsWith("s-2"))) {
      Thread.onSpinWait();
    }
    live = "none";
    send(new RpcMessage.Request(4L, "tools/call", Map.of("name", "third")));
    assertThat(next()).asString().startsWith("ended: the server has forgotten the session");
    assertThat(begun).hasValue(2);
  }
}
