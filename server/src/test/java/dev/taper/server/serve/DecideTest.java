package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.operations.OperationException;
import dev.taper.testing.Certificates;
import dev.taper.testing.TearDown;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service in any language that asks about what it got. */
class DecideTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final ServeWorld WORLD = new ServeWorld();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Path config;
  private static Served served;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    config = WORLD.config(folder, ORIGIN);
    served = Served.start("--config", config);
  }

  @AfterAll
  static void stop() throws Exception {
    TearDown.close(served);
  }

  private static final Schema QUESTION = schema("decide-question.schema.json");
  private static final Schema ANSWER = schema("decide-answer.schema.json");

  private static Schema schema(String name) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(DecideTest.class.getResourceAsStream("/META-INF/taper/" + name));
  }

  private static JsonNode decided(String question) throws Exception {
    assertThat(QUESTION.validate(question, InputFormat.JSON)).isEmpty();
    HttpResponse<String> answer = served.post("/v1/decide", question);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    JsonNode json = JSON.readTree(answer.body());
    assertThat(ANSWER.validate(answer.body(), InputFormat.JSON)).as(answer.body()).isEmpty();
    return json;
  }

  private static String http(SentHttp sent, String more) {
    return "{\"http\": {\"method\": \""
        + sent.method()
        + "\", \"scheme\": \"https\", \"target\": \""
        + sent.target()
        + "\", \"fields\": {"
        + WORLD.fields(sent)
        + "}"
        + more
        + "}}";
  }

  private static SentHttp search(String target) {
    return SentHttp.of("GET", ORIGIN, target);
  }

  @Test
  void http_allowed_hasTheCallAndTheDecision() throws Exception {
    JsonNode answer = decided(http(search("/projects/ACME/issues?limit=5"), ""));
    assertThat(answer.get("allowed").booleanValue()).isTrue();
    assertThat(answer.get("call").toString())
        .isEqualTo(
            "{\"args\":{\"limit\":5,\"project\":\"ACME\"},\"operation\":\"read\","
                + "\"resource\":\"jira:project/ACME\",\"tool\":\"jira.search\"}");
    assertThat(answer.at("/decision/allowed").booleanValue()).as(answer.toString()).isTrue();
  }

  @Test
  void http_askedTwice_isReplayed() throws Exception {
    String question = http(search("/projects/ACME/issues"), "");
    assertThat(decided(question).get("allowed").booleanValue()).isTrue();
    JsonNode again = decided(question);
    assertThat(again.get("allowed").booleanValue()).isFalse();
    assertThat(again.get("status").intValue()).isEqualTo(401);
    assertThat(again.at("/refusal/code").textValue()).isEqualTo("proof_replayed");
    assertThat(again.at("/fields/WWW-Authenticate").textValue())
        .isEqualTo("Taper error=\"proof_replayed\"");
  }

  @Test
  void http_outOfScope_isRefusedWithTheDecision() throws Exception {
    JsonNode answer = decided(http(search("/projects/OTHER/issues"), ""));
    assertThat(answer.get("allowed").booleanValue()).isFalse();
    assertThat(answer.get("status").intValue()).isEqualTo(403);
    assertThat(answer.at("/refusal/code").textValue()).isEqualTo("out_of_scope");
    assertThat(answer.at("/refusal/decision").isObject()).isTrue();
    assertThat(answer.has("call")).isFalse();
  }

  @Test
  void http_content_isJudged() throws Exception {
    byte[] content = ServeWorld.bytes("{\"text\":\"a\"}");
    String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    SentHttp sent =
        SentHttp.of("POST", ORIGIN, "/issues/7/comments").content("application/json", content);
    String fields = ", \"content\": \"" + base64 + "\"";
    String question =
        http(sent, fields).replace("\"host\"", "\"Content-Type\": \"application/json\", \"host\"");
    assertThat(decided(question).at("/call/args/text").textValue()).isEqualTo("a");
    String changed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(ServeWorld.bytes("{\"text\":\"b\"}"));
    assertThat(decided(question.replace(base64, changed)).at("/refusal/code").textValue())
        .isEqualTo("request_mismatch");
  }

  @Test
  void http_fieldsThatFoldToOne_areRefused() throws Exception {
    SentHttp proven = search("/projects/ACME/issues").field("x-tenant", "ACME");
    for (String other : List.of("x_tenant", "X_Tenant", "taper_proof", "X_Forwarded_For")) {
      String question =
          http(proven, "")
              .replace("\"host\"", "\"X-Tenant\": \"ACME\", \"" + other + "\": \"b\", \"host\"");
      JsonNode answer = decided(question);
      assertThat(answer.at("/refusal/code").textValue()).as(other).isEqualTo("invalid_request");
      assertThat(answer.get("status").intValue()).isEqualTo(400);
    }
  }

  /** A service that forgets what it got is told so; what it got may be an empty content. */
  @Test
  void http_contentAnnouncedAndNotThere_isNotSeen() throws Exception {
    for (String field :
        List.of("\"content-length\": \"5\"", "\"Transfer-Encoding\": \"chunked\"")) {
      for (String content : List.of("", ", \"content\": \"\"")) {
        String question =
            http(search("/projects/ACME/issues"), content)
                .replace("\"host\"", field + ", \"host\"");
        assertThat(decided(question).at("/refusal/code").textValue())
            .as(question)
            .isEqualTo("content_not_seen");
      }
    }
    String none =
        http(search("/projects/ACME/issues"), "")
            .replace("\"host\"", "\"content-length\": \"0\", \"host\"");
    assertThat(decided(none).get("allowed").booleanValue()).isTrue();
  }

  private static HttpResponse<String> forwarded(String content, String... more) throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    HttpRequest.Builder question =
        served
            .to("/v1/forward")
            .header("Authorization", "Taper " + WORLD.token.encodeBase64())
            .header("Taper-Proof", WORLD.proof(sent))
            .header("Taper-Original-Method", "GET")
            .header("Taper-Original-Target", sent.target())
            .header("Taper-Original-Scheme", "https")
            .header("Taper-Original-Content", content);
    for (int at = 0; at < more.length; at += 2) {
      question.header(more[at], more[at + 1]);
    }
    return served.send(question.build());
  }

  /** The proxy hands it on, and nothing holds it against what was signed. */
  @Test
  void forward_contentAnnouncedWithoutDigest_isNotSeen() throws Exception {
    String length = "Taper-Original-Length";
    String empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    for (String content : List.of("digest", "dropped")) {
      for (String said : List.of("5", "00", "chunked", "5chunked")) {
        assertThat(forwarded(content, length, said).body())
            .as(content + said)
            .contains("\"content_not_seen\"");
      }
      assertThat(forwarded(content, length, "0", length, "5").body()).contains("invalid_request");
    }
    assertThat(forwarded("dropped", length, "5", "Content-Digest", empty).body())
        .contains("\"content_not_seen\"");
  }

  /** It gets to the proof, which is for another host than this client says. */
  @Test
  void forward_withoutContent_isJudged() throws Exception {
    for (String content : List.of("digest", "dropped")) {
      assertThat(forwarded(content).body()).contains("request_mismatch");
      assertThat(forwarded(content, "Taper-Original-Length", "0").body())
          .contains("request_mismatch");
    }
  }

  @Test
  void forward_fieldOfTheProxyInAnotherSpelling_isRefused() throws Exception {
    for (String name :
        List.of("Taper_Original_Target", "Taper-Original_Method", "X_Forwarded_Proto")) {
      assertThat(forwarded("dropped", name, "GET").body()).as(name).contains("invalid_request");
    }
  }

  @Test
  void tool_withItsArguments_isDecided() throws Exception {
    String question =
        "{\"token\": \"%s\", \"proof\": \"%s\", \"approvals\": [], \"tool\": {\"name\":"
            + " \"jira.ping\", \"arguments\": {\"n\": 9007199254740993.10}}}";
    String proof = WORLD.proof(SentTool.of("jira.ping", "{\"n\":9007199254740993.1}"));
    JsonNode answer = decided(question.formatted(WORLD.token.encodeBase64(), proof));
    assertThat(answer.get("allowed").booleanValue()).as(answer.toString()).isTrue();
    assertThat(answer.get("call").toString()).contains("\"tool\":\"jira.ping\"");
  }

  @Test
  void tool_withArgumentsThatAreTooLongWhenTheyAreWritten_isInvalid() throws Exception {
    String numbers = "1e20,".repeat(48_000) + "0";
    String question =
        "{\"token\": \"%s\", \"tool\": {\"name\": \"jira.ping\", \"arguments\": {\"n\": [%s]}}}"
            .formatted(WORLD.token.encodeBase64(), numbers);
    HttpResponse<String> answer = served.post("/v1/decide", question);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"invalid_question\"");
  }

  @Test
  void mcp_call_givesTheParametersForTheHandler() throws Exception {
    String params = "{\"name\": \"find\", \"arguments\": {\"text\": \"a\"}";
    ServeWorld own = WORLD;
    String proof = own.proof(SentMcp.of("tools/call", params + "}"));
    String meta =
        ", \"_meta\": {\"dev.taper/token\": \"%s\", \"dev.taper/proof\": \"%s\"}}}}"
            .formatted(own.token.encodeBase64(), proof);
    JsonNode answer =
        decided("{\"mcp\": {\"method\": \"tools/call\", \"params\": " + params + meta);
    // The token has no grant for this tool.
    assertThat(answer.at("/refusal/code").textValue()).isEqualTo("out_of_scope");
    assertThat(decided("{\"mcp\": {\"method\": \"ping\", \"params\": {\"a\": 1}}}").toString())
        .isEqualTo("{\"allowed\":true,\"params\":{\"a\":1}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"token\": \"a\"}",
        "{\"tool\": {\"name\": \"jira.ping\"}}",
        "{\"token\": \"a\", \"tool\": {\"name\": \"jira.ping\", \"more\": 1}}",
        "{\"token\": \"a\", \"token\": \"a\", \"tool\": {\"name\": \"jira.ping\"}}",
        "{\"token\": null, \"tool\": {\"name\": \"jira.ping\"}}",
        "{\"token\": \"a\", \"tool\": {\"name\": \"jira.ping\"}, \"allowed\": true}",
        "{\"http\": {\"method\": \"GET\"}}",
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"ftp\", \"target\": \"/\", \"fields\": {}}}",
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"http\", \"target\": \"/\", \"fields\": {\"a\": 1}}}",
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"http\", \"target\": \"/\", \"fields\":"
            + " {\"a\": \"1\", \"A\": \"2\"}}}",
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"http\", \"target\": \"/\", \"fields\": {},"
            + " \"content\": \"+\"}}"
      })
  void question_thatMakesNoSense_isInvalid(String question) throws Exception {
    HttpResponse<String> answer = served.post("/v1/decide", question);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"invalid_question\"");
    // What only a reader of text sees, a schema cannot: a name that is there in two ways, or
    // nothing.
    if (!question.isEmpty()
        && !question.contains("\"A\"")
        && !question.contains("\"a\", \"token\"")) {
      assertThat(QUESTION.validate(question, InputFormat.JSON)).isNotEmpty();
    }
  }

  @Test
  void question_ofAnotherShape_isInvalid() throws Exception {
    assertThat(served.send(served.to("/v1/decide").build()).statusCode()).isEqualTo(400);
    HttpRequest plain =
        served.to("/v1/decide").POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    assertThat(served.send(plain).body()).contains("Content-Type");
    String tooLong = "{\"token\": \"" + "a".repeat(300_000) + "\"}";
    assertThat(served.post("/v1/decide", tooLong).statusCode()).isEqualTo(413);
    assertThat(served.send(served.to("/v1/other").build()).statusCode()).isEqualTo(404);
  }

  @Test
  void question_withoutToken_isRefusedAndNotInvalid() throws Exception {
    JsonNode answer =
        decided(
            "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \"/\","
                + " \"fields\": {\"host\": \"jira.example.com\"}}}");
    assertThat(answer.at("/refusal/code").textValue()).isEqualTo("token_required");
  }

  @Test
  void secret_isAskedForWhereThereIsOne(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("secret");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, "0123456789abcdef\n");
    try (Served guarded = Served.start("--config", config, "--secret-file", file)) {
      for (String path : new String[] {"/v1/decide", "/v1/forward"}) {
        assertThat(guarded.post(path, "{}").body()).contains("secret_required");
        assertThat(guarded.post(path, "{}", "Taper-Secret", "0123456789abcdeF").statusCode())
            .isEqualTo(403);
        assertThat(
                guarded
                    .post(path, "{}", "Taper-Secret", "a", "Taper-Secret", "0123456789abcdef")
                    .statusCode())
            .isEqualTo(403);
        assertThat(guarded.post(path, "{}", "Taper-Secret", "0123456789abcdef").body())
            .doesNotContain("secret_required");
      }
      assertThat(guarded.post("/access/v1/evaluation", "{}").statusCode()).isEqualTo(401);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Served.start("--config", config, "--secret-file", file))
        .hasMessageContaining("others can get at this secret");
  }

  @Test
  void listen_beyondThisMachine_needsASecretOrClientCertificates() {
    assertThatThrownBy(
            () ->
                Served.start("--config", config, "--listen", "0.0.0.0:0", "--without-tls").close())
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--secret-file");
  }

  @Test
  void description_isTheServicesOwn() throws Exception {
    HttpResponse<String> answer = served.send(served.to("/.well-known/taper").build());
    assertThat(answer.body()).contains("\"audience\":\"svc:jira\"");
    assertThat(answer.body()).doesNotContain("asks");
  }

  /** What is counted has codes, and nothing of what was asked. */
  private static String metrics(Served served) throws Exception {
    URI admin = URI.create("http://127.0.0.1:" + served.adminPort() + "/metrics");
    return served.send(HttpRequest.newBuilder(admin).build()).body();
  }

  @Test
  void metrics_countDecisionsAndRefusals(@TempDir Path folder) throws Exception {
    Path own = WORLD.config(folder, ORIGIN);
    try (Served counted = Served.start("--config", own, "--admin", "127.0.0.1:0")) {
      String question = http(search("/projects/ACME/issues"), "");
      counted.post("/v1/decide", question);
      counted.post("/v1/decide", question);
      String metrics = metrics(counted);
      // An answer is timed once it was sent, so perhaps a moment after it is here.
      while (!metrics.contains("taper_handling_seconds_count{role=\"decide\"} 2")) {
        Thread.sleep(5);
        metrics = metrics(counted);
      }
      assertThat(metrics)
          .contains("taper_decisions_total{code=\"allowed\",observed=\"false\"} 1.0")
          .contains("taper_decisions_total{code=\"proof_replayed\",observed=\"false\"} 1.0")
          .contains("taper_refusals_total{code=\"proof_replayed\"} 1.0")
          .contains("taper_handling_seconds_count{role=\"decide\"} 2")
          .contains("taper_ready_decide 1.0")
          .contains("taper_known_keys_max_bytes 1.6777216E7")
          .containsPattern("taper_known_keys_pinned \\d")
          .contains("taper_verifier_ready{service=\"svc:jira\"} 1.0");
      assertThat(metrics.replace("service=\"svc:jira\"", "")) // which the operator named
          .doesNotContain("jira", "ACME", "alice");
    }
  }

  @Test
  void listen_beyondThisMachine_withTlsAndWhoMayAsk_starts(@TempDir Path folder) throws Exception {
    Certificates own = Certificates.make(folder, "own", "EC");
    Path certificate = folder.resolve("tls.pem");
    Path key = folder.resolve("tls.key");
    own.writeCertificate(certificate);
    own.writeKey(key);
    Object[] listen = {
      "--config",
      config,
      "--listen",
      "0.0.0.0:0",
      "--tls-certificate",
      certificate,
      "--tls-key",
      key
    };
    assertThatThrownBy(() -> Served.start(listen).close()).hasMessageContaining("--tls-client-ca");
    Object[] known = Arrays.copyOf(listen, listen.length + 2);
    known[listen.length] = "--tls-client-ca";
    known[listen.length + 1] = certificate;
    try (Served open = Served.start(known)) {
      assertThat(open.line).contains("decide at 0.0.0.0:");
    }
  }
}
