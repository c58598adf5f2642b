package dev.taper.operations.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.testing.FreePort;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server says that is no guarded service, or a hostile one. */
class ServiceAskTest {
  private static final String PATH = "/v1/asks/AAAAAAAAAAAAAAAAAAAAAA";

  private HttpServer server;
  private volatile int status = 200;
  private volatile String body = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/v1/asks/BBBBBBBBBBBBBBBBBBBBBA");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, s -> s.stop(0)));
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  private static void refused(String code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void refused(String code, int answered, String text) {
    status = answered;
    body = text;
    refused(code, () -> ServiceAsk.read(url(), false));
  }

  private static String request() {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", root.publicKey()))
                    .task("T-4711")
                    .grant("jira.close")
                    .expiresIn(Duration.ofHours(1)));
    return token.requestApproval(ToolCall.of("jira.close"), "svc:jira", "done").encode();
  }

  @Test
  void read_whatIsNoAsk_isRefused() {
    for (String none :
        List.of(
            "",
            "[]",
            "<html>",
            "{}",
            "{\"format\":\"taper/1 ask\"}",
            "{\"format\":\"taper/1 ask\",\"state\":\"open\"}",
            "{\"format\":\"taper/2 ask\",\"state\":\"open\",\"request\":{}}",
            "{\"format\":\"taper/1 ask\",\"state\":\"closed\",\"request\":{}}",
            "{\"format\":\"taper/1 ask\",\"state\":\"open\",\"state\":\"open\",\"request\":{}}")) {
      refused("malformed_ask", 200, none);
    }
    assertThatThrownBy(
            () ->
                refused("x", 200, "{\"format\":\"taper/1 ask\",\"state\":\"open\",\"request\":{}}"))
        .hasMessageContaining("request for approval");
  }

  /** An agent made the request, in words of its own. */
  @Test
  void read_requestWithoutCatalog_isRefused() {
    refused(
        "malformed_ask",
        200,
        "{\"format\":\"taper/1 ask\",\"state\":\"open\",\"request\":" + request() + "}");
  }

  @Test
  void read_answerThatIsTooLong_isCutOff() {
    refused("io", 200, "x".repeat((2 << 20) + 1));
  }

  @Test
  void read_redirect_isNotFollowed() {
    refused("io", 302, "");
    refused("io", 502, "<html>");
  }

  @Test
  void read_codeOfTheService_isTold() {
    refused("unknown_ask", 404, "{\"status\":404,\"code\":\"unknown_ask\"}");
    refused("io", 404, "{\"code\":\"\\u001b[2J\"}");
    refused("io", 404, "{\"code\":7}");
  }

  @Test
  void read_nobodyThere_isIo() throws IOException {
    int port = FreePort.next();
    refused("io", () -> ServiceAsk.read("http://localhost:" + port + PATH, false));
  }

  @Test
  void url_thatIsNoAsks_isRefused() {
    for (String url :
        List.of(
            "ask.json",
            "https://jira.example.com",
            "https://jira.example.com/v1/asks/",
            "https://jira.example.com" + PATH + "A",
            "https://jira.example.com" + PATH + "?x=1",
            "https://jira.example.com" + PATH + "#x",
            "https://user:secret@jira.example.com" + PATH,
            "https:" + PATH,
            "ftp://jira.example.com" + PATH,
            "file://" + PATH,
            "https://a b" + PATH)) {
      refused("usage", () -> ServiceAsk.url(url, true));
    }
    assertThat(ServiceAsk.url("https://jira.example.com/jira" + PATH, false)).isNotNull();
  }

  @Test
  void url_withoutEncryption_isOfThisMachineOrSpelledOut() {
    for (String here : List.of("localhost", "127.0.0.1:8080", "127.1.2.3", "[::1]:80")) {
      assertThat(ServiceAsk.url("http://" + here + PATH, false)).isNotNull();
    }
    for (String beyond :
        List.of("jira.example.com", "10.0.0.1", "127.0.0.1.example.com", "[::2]", "0.0.0.0")) {
      refused("usage", () -> ServiceAsk.url("http://" + beyond + PATH, false));
      assertThat(ServiceAsk.url("http://" + beyond + PATH, true)).isNotNull();
    }
  }
}
