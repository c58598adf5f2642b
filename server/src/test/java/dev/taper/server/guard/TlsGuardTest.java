package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.testing.Certificates;
import dev.taper.testing.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards that listen over TLS, before servers that are dialled over TLS; certificates are real. */
class TlsGuardTest {
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
  private static final String SESSION = "Mcp-Session-Id";

  @TempDir Path folder;
  private GuardWorld world;
  private Certificates own;
  private Path certificate;
  private Path key;

  @BeforeEach
  void setUp() throws Exception {
    Node.demand();
    world = new GuardWorld(folder);
    own = Certificates.make(folder, "guard", "EC");
    certificate = folder.resolve("tls.pem");
    key = folder.resolve("tls.key");
    own.writeCertificate(certificate);
    own.writeKey(key);
  }

  private static HttpClient trusting(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).build();
  }

  /** A guard over TLS, before a server that it starts. */
  private HttpGuard guard(HttpClient client, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(tls());
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--", "node", Node.script("odd.mjs")));
    return HttpGuard.start(
        world.config(GuardWorld.anyArguments("echo")),
        folder.resolve("err.txt"),
        arguments,
        client);
  }

  private List<String> tls() {
    return List.of("--tls-certificate", certificate.toString(), "--tls-key", key.toString());
  }

  private static String session(HttpGuard guard) throws Exception {
    HttpResponse<String> begun = guard.post(INITIALIZE);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
    return begun.headers().firstValue(SESSION).orElseThrow();
  }

  private static RpcMessage call(HttpGuard guard, AgentClient agent, String session)
      throws Exception {
    Map<String, Object> echo = Map.of("name", "echo", "arguments", Map.of("value", "over TLS"));
    String request =
        RpcText.write(
            new RpcMessage.Request(1L, "tools/call", McpSigner.of(agent).sign("tools/call", echo)));
    String body = guard.post(request, SESSION, session).body();
    int data = body.lastIndexOf("data: ");
    return RpcText.read(data < 0 ? body : body.substring(data + 6).strip());
  }

  @Test
  void listener_servesThoseWhoTrustIt_andReadsItsCertificateAgain() throws Exception {
    HttpClient client = trusting(own.trustedBy(null));
    try (HttpGuard guard = guard(client)) {
      assertThat(guard.url).startsWith("https://127.0.0.1:");
      String id = session(guard);
      assertThat(Answered.text(call(guard, world.agent("echo"), id))).contains("over TLS");
      assertThat(Answered.refusal(call(guard, world.agent("other"), id))).isEqualTo("out_of_scope");

      HttpClient strange = trusting(Certificates.make(folder, "stranger", "EC").trustedBy(null));
      assertThatThrownBy(() -> status(strange, guard.url)).isInstanceOf(IOException.class);
      assertThatThrownBy(
              () -> status(HttpClient.newHttpClient(), guard.url.replace("https:", "http:")))
          .isInstanceOf(IOException.class);
    }
  }

  private static int status(HttpClient client, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).DELETE().build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void listener_withACaOfClients_letsInNobodyElse() throws Exception {
    Certificates known = Certificates.make(folder, "client", "EC");
    Path ca = folder.resolve("clients.pem");
    known.writeCertificate(ca);
    HttpClient client = trusting(own.trustedBy(known));
    try (HttpGuard guard = guard(client, "--tls-client-ca", ca.toString())) {
      String id = session(guard);
      assertThat(Answered.text(call(guard, world.agent("echo"), id))).contains("over TLS");
      HttpClient none = trusting(own.trustedBy(null));
      assertThatThrownBy(() -> status(none, guard.url)).isInstanceOf(IOException.class);
    }
  }

  /** The inner guard stands for any server: it takes what is open, and refuses the rest. */
  @Test
  void upstream_overTls_isTakenByItsCertificateAlone() throws Exception {
    HttpClient client = trusting(own.trustedBy(null));
    GuardWorld outerWorld = new GuardWorld(Files.createDirectory(folder.resolve("outer")));
    Path config = outerWorld.config(GuardWorld.anyArguments("echo"));
    Certificates stranger = Certificates.make(folder, "stranger", "EC");
    Path strange = folder.resolve("stranger.pem");
    stranger.writeCertificate(strange);
    try (HttpGuard inner = guard(client)) {
      String admin = "127.0.0.1:" + FreePort.next();
      List<String> good =
          upstream(inner, "--upstream-ca", certificate.toString(), "--admin", admin);
      try (HttpGuard outer = HttpGuard.start(config, folder.resolve("outer.txt"), good, client)) {
        String id = session(outer);
        // It is the server that says so, and no refusal of the outer guard's.
        assertThat(Answered.text(call(outer, outerWorld.agent("echo"), id)))
            .contains("token_required");
        Instant end = ((X509Certificate) own.certificate()).getNotAfter().toInstant();
        String peer = URI.create(inner.url).getAuthority();
        assertThat(page(admin, "/health/ready"))
            .contains(
                "warning: the certificate that the MCP server at "
                    + peer
                    + " showed ends at "
                    + end,
                "warning: a certificate of the listener at "
                    + URI.create(outer.url).getAuthority()
                    + " ends at "
                    + end);
        assertThat(page(admin, "/metrics"))
            .containsPattern(
                "taper_time_left_seconds\\{service=\"process\",what=\"upstream\"} 1[0-9.E]+")
            .containsPattern(
                "taper_time_left_seconds\\{service=\"process\",what=\"listener\"} 1[0-9.E]+")
            .contains("taper_time_left_seconds{service=\"svc:");
      }
      for (List<String> bad :
          List.of(upstream(inner), upstream(inner, "--upstream-ca", strange.toString()))) {
        try (HttpGuard outer = HttpGuard.start(config, folder.resolve("outer.txt"), bad, client)) {
          assertThat(outer.post(INITIALIZE).body()).contains("upstream_unavailable");
        }
      }
    }
  }

  private static String page(String admin, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + admin + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private List<String> upstream(HttpGuard inner, String... more) {
    List<String> arguments = new ArrayList<>(tls());
    arguments.addAll(List.of("--upstream", inner.url));
    arguments.addAll(List.of(more));
    return arguments;
  }

  @Test
  void settings_thatMakeNoSense_endTheStart() throws Exception {
    Path config = world.config(GuardWorld.anyArguments("echo"));
    String url = "https://127.0.0.1:1/";
    Path empty = Files.writeString(folder.resolve("empty.pem"), "no certificate\n");
    assertFails(2, "(invalid_certificate)", config, "--upstream", url, "--upstream-ca", empty);
    assertFails(5, "(io)", config, "--upstream", url, "--upstream-ca", folder.resolve("none"));
    assertFails(
        2, "(usage)", config, "--upstream", "http://127.0.0.1:1/", "--upstream-ca", certificate);
    assertFails(2, "(usage)", config, "--upstream-ca", certificate, "--", "node");
    assertFails(2, "(usage)", config, "--upstream", url, "--tls-key", key);
  }

  private static void assertFails(int exit, String code, Path config, Object... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--config", config.toString(), "--listen", "127.0.0.1:0"));
    for (Object each : more) {
      arguments.add(each.toString());
    }
    GuardWorld.Ended ended = GuardWorld.run(new GuardCommand(), arguments);
    assertThat(ended.exit()).as("%s: %s", arguments, ended.output()).isEqualTo(exit);
    assertThat(ended.output()).contains(code);
  }
}
