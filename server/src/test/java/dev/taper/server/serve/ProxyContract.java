package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.testing.Directions;
import dev.taper.testing.FreePort;
import dev.taper.testing.TearDown;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every proxy has to do that asks {@code taper serve}, by the files of the examples. */
abstract class ProxyContract {
  static final String SEARCH = "/projects/ACME/issues?limit=5";

  final ServeWorld world = new ServeWorld();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path folder;
  int front;
  Behind service;
  Served taper;
  RealProxy proxy;

  abstract RealProxy start(Path folder, int front, int taper, int service) throws Exception;

  /**
   * Starts it before two services, by the example's files or so that it sends a request again to
   * the other service when one breaks off.
   */
  abstract RealProxy startBeforeTwo(int one, int other, boolean isRetrying) throws Exception;

  /** How often a call is carried out of which the service that did so gave no answer. */
  private int executions(HttpRequest request, boolean isRetrying) throws Exception {
    proxy.close();
    service.reached.clear();
    try (Swallowing one = new Swallowing(service.port());
        Swallowing other = new Swallowing(service.port())) {
      proxy = startBeforeTwo(one.port(), other.port(), isRetrying);
      HttpResponse<String> answer = send(request);
      assertThat(answer.statusCode()).as(answer.body() + proxy.log()).isIn(502, 503);
      assertThat(one.swallowed() + other.swallowed()).isEqualTo(service.reached.size());
    }
    return service.reached.size();
  }

  HttpRequest search() {
    return world.signer().sign(to(SEARCH).build());
  }

  @Test
  void call_whoseServiceBreaksOff_isCarriedOutOnce() throws Exception {
    assertThat(executions(search(), false)).isEqualTo(1);
  }

  /** So it would be seen. */
  @Test
  void call_whoseServiceBreaksOff_isCarriedOutTwice_behindAProxyThatRetries() throws Exception {
    assertThat(executions(search(), true)).isEqualTo(2);
  }

  /** What a service answers is its own, however much it looks like a refusal of taper's. */
  @Test
  void problem_ofTheService_isNoRefusal() throws Exception {
    service.refuses = true;
    HttpResponse<String> own = send(search());
    assertThat(own.statusCode()).as(own.body() + proxy.log()).isEqualTo(403);
    assertThat(own.body()).contains("out_of_scope");
    assertThat(own.headers().allValues("taper-refusal")).isEmpty();
  }

  @BeforeEach
  void start() throws Exception {
    front = FreePort.next();
    service = new Behind();
    taper = Served.start("--config", world.config(folder, origin()));
    proxy = start(folder, front, taper.port(), service.port());
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(proxy, taper, service);
  }

  String origin() {
    return "http://127.0.0.1:" + front;
  }

  HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create(origin() + target));
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(answer.headers().allValues("taper-refusal")).containsExactly(code);
    assertThat(answer.body()).contains("\"detail\":\"");
    assertThat(answer.headers().allValues("www-authenticate"))
        .isEqualTo(status == 401 ? List.of("Taper error=\"" + code + "\"") : List.of());
    assertThat(service.reached).isEmpty();
  }

  /** The asks are judged where they are kept; what a client says of its scheme is overwritten. */
  @Test
  void ask_throughTheProxy_isMadeAndFound() throws Exception {
    proxy.close();
    taper.close();
    Path config = world.config(folder, origin(), "asks: memory");
    taper = Served.start("--role", "decide,asks", "--behind-proxy", "--config", config);
    proxy = start(folder, front, taper.port(), service.port());
    String body = "{\"method\":\"POST\",\"target\":\"/issues/7/close\",\"reason\":\"done\"}";
    SentHttp ask =
        SentHttp.of("POST", origin(), "/v1/asks")
            .content("application/json", ServeWorld.bytes(body));

    HttpResponse<String> made =
        send(
            to("/v1/asks")
                .header("Authorization", "Taper " + world.token.encodeBase64())
                .header("Taper-Proof", world.proof(ask))
                .header("Content-Type", "application/json")
                .header("Taper-Original-Scheme", "https")
                .POST(BodyPublishers.ofString(body))
                .build());

    assertThat(made.statusCode()).as(made.body() + proxy.log()).isEqualTo(201);
    String place = made.headers().firstValue("location").orElseThrow();
    assertThat(send(to(place).build()).body()).contains("\"state\":\"open\"");
    assertThat(service.reached).isEmpty();
  }

  @Test
  void call_allowed_reachesTheServiceWithoutTokenAndProof() throws Exception {
    HttpRequest request = world.signer().sign(to(SEARCH).header("X-Tenant", "t").build());
    HttpResponse<String> answer = send(request);
    assertThat(answer.body()).as(proxy.log()).isEqualTo("from the service");
    assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
    assertThat(service.reached).hasSize(1);
    Behind.Reached reached = service.reached.get(0);
    assertThat(reached.target()).isEqualTo(SEARCH);
    assertThat(reached.fields().keySet())
        .doesNotContain("Authorization", "Taper-Token", "Taper-Proof", "Taper-Approval");
    assertThat(reached.fields().getFirst("X-Tenant")).isEqualTo("t");
  }

  @Test
  void call_withTokenInItsOwnField_isServed() throws Exception {
    HttpSigner signer = world.signer().inOwnField();
    assertThat(send(signer.sign(to(SEARCH).build())).statusCode()).isEqualTo(200);
    assertThat(service.reached.get(0).fields().keySet()).doesNotContain("Taper-Token");
  }

  @Test
  void call_withoutToken_isRefused() throws Exception {
    assertRefused(send(to(SEARCH).build()), 401, "token_required");
  }

  @Test
  void call_outOfScope_isRefused() throws Exception {
    HttpRequest request = world.signer().sign(to("/projects/OTHER/issues").build());
    assertRefused(send(request), 403, "out_of_scope");
  }

  @Test
  void call_unknownToTheCatalog_isNotFoundForItsHolderAlone() throws Exception {
    assertRefused(send(world.signer().sign(to("/other").build())), 404, "unknown_tool");
  }

  @Test
  void call_sentTwice_isRefusedTheSecondTime() throws Exception {
    HttpRequest request = world.signer().sign(to(SEARCH).build());
    assertThat(send(request).statusCode()).isEqualTo(200);
    service.reached.clear();
    assertRefused(send(request), 401, "proof_replayed");
  }

  @Test
  void call_ofAnotherRequest_isRefused() throws Exception {
    HttpRequest signed = world.signer().sign(to(SEARCH).build());
    HttpRequest changed =
        HttpRequest.newBuilder(signed, (name, value) -> true)
            .uri(URI.create(origin() + "/projects/ACME/issues?limit=6"))
            .build();
    assertRefused(send(changed), 401, "request_mismatch");
    assertRefused(
        send(HttpRequest.newBuilder(signed, (name, value) -> true).DELETE().build()),
        401,
        "request_mismatch");
  }

  /** Fields of the proxy that a client sends change nothing. */
  @Test
  void call_withFieldsOfTheProxy_isJudgedByWhatTheProxySays() throws Exception {
    HttpRequest signed = world.signer().sign(to(SEARCH).build());
    HttpRequest forged =
        HttpRequest.newBuilder(signed, (name, value) -> true)
            .uri(URI.create(origin() + "/issues/7"))
            .header("Taper-Original-Target", SEARCH)
            .header("Taper-Original-Method", "GET")
            .header("Taper-Original-Scheme", "http")
            .header("Taper-Original-Content", "digest")
            .header("Taper-Original-Length", "0")
            .DELETE()
            .build();
    assertRefused(send(forged), 401, "request_mismatch");
  }

  /**
   * What a client says of its own address is overwritten, and not taken out because the client
   * names it as a field of its connection.
   */
  @Test
  void replays_areFoundWhereTheProxySaysThatTheyCameFrom() throws Exception {
    proxy.close();
    taper.close();
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    Path config =
        world.config(
            folder,
            origin(),
            "audit: {log: audit.jsonl, key: audit.key}",
            "findings: {limits: {place: {replays: 3}, token: {replays: 60}}}");
    taper = Served.start("--config", config);
    proxy = start(folder, front, taper.port(), service.port());
    String call =
        request(SEARCH, signedFields(SEARCH) + "\r\nTaper-Original-Address: 203.0.113.7")
            .replace("Connection: close", "Connection: close, Taper-Original-Address");
    for (int i = 0; i < 4; i++) {
      assertThat(raw(call)).as(proxy.log()).contains(i == 0 ? "HTTP/1.1 200" : "HTTP/1.1 401");
    }
    taper.close();
    assertThat(Files.readAllLines(folder.resolve("audit.jsonl")))
        .filteredOn(line -> line.contains("\"kind\":\"finding\""))
        .singleElement()
        .asString()
        .contains("replays", "127.0.0.0/24")
        .doesNotContain("203.0.113");
  }

  /** The holder proves a request without content, and sends some: nobody would have judged it. */
  @Test
  void content_reachesNobody() throws Exception {
    HttpRequest signed = world.signer().sign(to(SEARCH).build());
    HttpRequest.Builder loaded =
        HttpRequest.newBuilder(signed, (name, value) -> true)
            .method("GET", BodyPublishers.ofString("{\"limit\":500}"));
    assertRefused(send(loaded.build()), 400, "content_not_seen");
    HttpRequest again = world.signer().sign(to(SEARCH).build());
    HttpRequest chunked =
        HttpRequest.newBuilder(again, (name, value) -> true)
            .method(
                "GET",
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(ServeWorld.bytes("abc"))))
            .build();
    assertRefused(send(chunked), 400, "content_not_seen");
  }

  /** nginx leaves such fields out, for the question and for the service; Caddy passes them on. */
  @Test
  void fieldInAnotherSpelling_reachesNobody() throws Exception {
    String answer = raw(request(SEARCH, signedFields(SEARCH) + "\r\nx_tenant: secret"));
    assertThat(service.reached)
        .allSatisfy(one -> assertThat(one.fields().keySet()).doesNotContain("X_tenant"));
    assertThat(answer).as(proxy.log()).containsPattern("HTTP/1.1 (200|400) ");
    service.reached.clear();
    String target = raw(request(SEARCH, signedFields(SEARCH) + "\r\nTaper_Original_Target: /x"));
    assertThat(service.reached)
        .allSatisfy(
            one -> assertThat(one.fields().keySet()).doesNotContain("Taper_original_target"));
    assertThat(target).containsPattern("HTTP/1.1 (200|400) ");
  }

  /**
   * A proxy that connects both would have the rest judged by nobody. What the table of
   * docs/binding.md says to be dropped, is.
   */
  @Test
  void upgradeAndCredentials_reachNobody() throws Exception {
    List<String> dropped =
        Directions.under("### Fields of requests").rows().stream()
            .filter(row -> row.says().get(2).contains("drop"))
            .flatMap(row -> row.names().stream())
            .toList();
    assertThat(dropped).contains("authorization", "taper-proof", "upgrade");
    for (String protocol : List.of("websocket", "h2c")) {
      String call =
          request(SEARCH, signedFields(SEARCH) + "\r\nUpgrade: " + protocol)
              .replace("Connection: close", "Connection: close, Upgrade, HTTP2-Settings");
      assertThat(raw(call)).as(proxy.log()).contains("HTTP/1.1 200");
      assertThat(service.reached)
          .isNotEmpty()
          .allSatisfy(one -> assertThat(dropped).noneMatch(one.fields()::containsKey));
    }
  }

  @Test
  void taperDown_deniesEverything() throws Exception {
    taper.close();
    HttpResponse<String> answer = send(world.signer().sign(to(SEARCH).build()));
    assertThat(answer.statusCode()).isIn(502, 503);
    assertThat(service.reached).isEmpty();
    HttpResponse<String> described = send(to("/.well-known/taper").build());
    assertThat(described.statusCode()).isGreaterThanOrEqualTo(500);
  }

  /** What listens there accepts and says nothing, or says nonsense. */
  @Test
  void taperSilent_deniesInTime() throws Exception {
    int port = taper.port();
    taper.close();
    try (ServerSocket silent = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
      long start = System.nanoTime();
      HttpResponse<String> answer = send(world.signer().sign(to(SEARCH).build()));
      assertThat(answer.statusCode()).isIn(502, 503, 504);
      assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(30_000);
      assertThat(silent.isClosed()).isFalse();
    }
    assertThat(service.reached).isEmpty();
  }

  @Test
  void description_needsNoToken() throws Exception {
    assertThat(send(to("/.well-known/taper").build()).body()).contains("svc:jira");
  }

  /** Sends a request as it is. */
  String raw(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front)) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void target_isJudgedAsItWasSent() throws Exception {
    for (String target :
        List.of(
            "/projects/OTHER/../ACME/issues",
            "/projects//ACME/issues",
            "/projects/%41CME/issues")) {
      String answer = raw(request(target, signedFields(target)));
      assertThat(answer).as(target).doesNotContain("from the service").contains("\"code\":\"");
      assertThat(service.reached).as(target).isEmpty();
    }
    assertThat(raw(request(SEARCH, signedFields(SEARCH)))).contains("from the service");
  }

  private String signedFields(String target) {
    return "Authorization: Taper "
        + world.token.encodeBase64()
        + "\r\nTaper-Proof: "
        + world.proof(SentHttp.of("GET", origin(), target));
  }

  private String request(String target, String fields) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + front
        + "\r\nConnection: close\r\n"
        + fields
        + "\r\n\r\n";
  }

  @Test
  void token_thereTwice_isRefused() throws Exception {
    String fields = signedFields(SEARCH);
    String proof = fields.substring(fields.indexOf("Taper-Proof"));
    assertThat(raw(request(SEARCH, fields + "\r\n" + proof))).contains("HTTP/1.1 400");
    assertThat(service.reached).isEmpty();
  }
}
