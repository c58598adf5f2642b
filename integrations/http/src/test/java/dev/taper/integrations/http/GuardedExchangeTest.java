package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpServer;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.jdk.TaperFilter;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guarded exchange of the JDK's server does all that the server's own does. */
class GuardedExchangeTest {
  private static final String SEARCH = "/projects/ACME/issues?limit=5";

  private final World world = new World();
  private final Jdk jdk = new Jdk();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private static final class Jdk extends TestService {
    private final HttpServer server;

    Jdk() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  /** Gives a handler other streams, as a filter that compresses does. */
  private static final class Streams extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      byte[] judged = exchange.getRequestBody().readAllBytes();
      exchange.setStreams(null, null); // which leaves both
      exchange.setStreams(
          new ByteArrayInputStream(("before " + judged.length).getBytes(StandardCharsets.UTF_8)),
          new Upper(exchange.getResponseBody()));
      chain.doFilter(exchange);
    }

    @Override
    public String description() {
      return "other streams";
    }
  }

  private static final class Upper extends FilterOutputStream {
    Upper(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
      out.write(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }
  }

  @BeforeEach
  void start() {
    jdk.server.start();
  }

  @AfterEach
  void stop() {
    jdk.close();
  }

  private Answer search() throws Exception {
    return Wire.send(
        jdk,
        "GET " + SEARCH + " HTTP/1.1",
        world.presented(SentHttp.of("GET", jdk.origin(), SEARCH)),
        new byte[0]);
  }

  private HttpContext guarded(HttpHandler handler) {
    HttpContext context = jdk.server.createContext("/", handler);
    context.getFilters().add(TaperFilter.of(world.verifier(jdk.origin()).build()));
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      seen.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      seen.add(String.valueOf(exchange.getPrincipal()));
      seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      seen.add(exchange.getProtocol() + " " + exchange.getHttpContext().getPath());
      seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Connection")));
      exchange.setAttribute("ours", "kept");
      seen.add(String.valueOf(exchange.getAttribute("ours")));
      assertThat(exchange.getLocalAddress()).isEqualTo(jdk.server.getAddress());
      assertThat(exchange.getRemoteAddress().getAddress()).isEqualTo(localHost());
      assertThat(exchange.getResponseCode()).isEqualTo(-1);
      exchange.sendResponseHeaders(201, 0);
      seen.add(Integer.toString(exchange.getResponseCode()));
      exchange.getResponseBody().write("made".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static InetAddress localHost() {
    return InetAddress.getLoopbackAddress();
  }

  @Test
  void handler_behindOtherFilters_findsWhatTheServerSays() throws Exception {
    HttpContext context = guarded(this::answer);
    context.getFilters().add(new Streams());
    Answer answer = search();
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(201);
    assertThat(answer.body()).contains("MADE");
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(seen)
        .containsExactly("before 0", "null", "GET " + SEARCH, "HTTP/1.1 /", "close", "kept", "201");
  }

  /** The server asks an authenticator behind every filter, and about no exchange but its own. */
  @Test
  void handler_behindAnAuthenticator_isNotReached() throws Exception {
    guarded(this::answer)
        .setAuthenticator(
            new Authenticator() {
              @Override
              public Result authenticate(HttpExchange exchange) {
                return new Success(new HttpPrincipal("somebody", "here"));
              }
            });
    assertThat(search().status()).isZero();
    assertThat(seen).isEmpty();
  }

  @Test
  void call_ofAnExchangeThatNoGuardLetThrough_isRefused() throws Exception {
    jdk.server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            assertThatThrownBy(() -> TaperFilter.call(exchange))
                .isInstanceOfSatisfying(
                    TaperException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
            seen.add("refused");
            exchange.sendResponseHeaders(204, -1);
          }
        });
    search();
    assertThat(seen).containsExactly("refused");
  }
}
