package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.testing.TearDown;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every guarded service does, whatever its server is. */
abstract class ServiceContract {
  static final byte[] NOTHING = {};
  private static final String SEARCH = "/projects/ACME/issues?limit=5";

  final World world = new World();
  private TestService service;

  abstract TestService.Starter starter();

  /** True on the JDK's server, which leaves to others what Jetty refuses. */
  abstract boolean isJdk();

  @BeforeEach
  void start() throws Exception {
    service = starter().start(origin -> HttpGuard.of(world.verifier(origin).build()));
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(service);
  }

  TestService service() {
    return service;
  }

  SentHttp sent(String method, String target) {
    return SentHttp.of(method, service.origin(), target);
  }

  Answer get(String target, List<String> fields) throws Exception {
    return Wire.send(service, "GET " + target + " HTTP/1.1", fields, NOTHING);
  }

  void assertRefused(Answer answer, int status, String code) {
    assertThat(service.reached).isEmpty();
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.has("Content-Type", "application/problem+json")).isTrue();
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(answer.has("Taper-Refusal", code)).isTrue();
    assertThat(answer.body()).contains("\"detail\":\"");
    assertThat(answer.has("WWW-Authenticate", "Taper error=\"" + code + "\""))
        .isEqualTo(status == 401);
    assertThat(answer.head().contains("Retry-After")).isEqualTo(status == 503);
    if (status == 401 && !code.endsWith("expired")) {
      assertTellsNothing(answer);
    }
  }

  /**
   * Refused as the server at hand refuses it: a status and a code are the guard's answer, a status
   * alone is the server's own, before any of this.
   */
  void refused(Answer answer, String onJdk, String onJetty) {
    refused(answer, isJdk() ? onJdk : onJetty);
  }

  final void refused(Answer answer, String expectation) {
    String[] expected = expectation.split(" ", -1);
    int status = Integer.parseInt(expected[0]);
    if (expected.length == 2) {
      assertRefused(answer, status, expected[1]);
      return;
    }
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
    if (status != 200) {
      assertThat(service.reached).isEmpty();
      assertTellsNothing(answer);
    }
  }

  /** Nothing of the service, its policies or its inside is in an answer. */
  void assertTellsNothing(Answer answer) {
    assertThat(answer.head() + answer.body())
        .doesNotContain(
            "svc:jira", "jira.", "alice", "agent:", "T-4711", "ed25519/", "dev.taper", "java.");
  }

  private HttpResponse<String> call(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpSigner.of(world.token, world.planner, World.AUDIENCE).sign(request),
            BodyHandlers.ofString());
  }

  @Test
  void call_signed_isAllowedAndNeverCached() throws Exception {
    HttpResponse<String> answer =
        call(HttpRequest.newBuilder(URI.create(service.origin() + SEARCH)).build());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("jira.search");
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(answer.headers().allValues("Taper-Refusal")).as("of the handler").isEmpty();
    assertThat(service.reached).hasSize(1);
    assertThat(service.reached.get(0).call()).contains("\"limit\":5");
  }

  @Test
  void content_signed_isReadByTheHandler() throws Exception {
    String json = "{\"text\":\"päng\"}";
    HttpResponse<String> answer =
        call(
            HttpRequest.newBuilder(URI.create(service.origin() + "/issues/7/comments"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new String(service.reached.get(0).content(), StandardCharsets.UTF_8))
        .isEqualTo(json);
  }

  @Test
  void field_covered_isAnArgument() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.origin() + SEARCH))
            .header("X-Tenant", "acme")
            .build();
    HttpSigner signer = HttpSigner.of(world.token, world.planner, World.AUDIENCE);
    HttpClient client = HttpClient.newHttpClient();

    assertThat(client.send(signer.sign(request), BodyHandlers.ofString()).body())
        .contains("request_mismatch");
    assertThat(
            client
                .send(signer.fields("x-tenant").inOwnField().sign(request), BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    assertThat(service.reached.get(0).call()).contains("\"tenant\":\"acme\"");
  }

  @Test
  void call_approvalMissing_isToldAndThenAllowed() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.origin() + "/issues/7/close"))
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<String> refused = call(request);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).isEmpty();
    assertThat(refused.body())
        .contains("\"code\":\"approval_required\"", "\"view\":\"caller\"", "missing_activation");
    assertThat(service.reached).isEmpty();

    ToolCall meant = World.catalog(service.origin()).call(sent("POST", "/issues/7/close"));
    ApprovalRequest ask = world.token.requestApproval(meant, World.AUDIENCE, "done");
    SentApprovals approvals = approved(ask);
    HttpSigner signer =
        HttpSigner.of(world.token, world.planner, World.AUDIENCE).approvals(approvals);
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(signer.sign(request), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** The client that knows nothing but the document. */
  @Test
  void calls_ofTheNodeClient_areAnsweredAsTheDocumentSays(@TempDir Path folder) throws Exception {
    ToolCall meant = World.catalog(service.origin()).call(sent("POST", "/issues/7/close"));
    SentApprovals approvals =
        approved(world.token.requestApproval(meant, World.AUDIENCE, "it is done"));
    String approval =
        Base64.getUrlEncoder().withoutPadding().encodeToString(approvals.encoded().get(0));

    String output = NodeClient.callAll(service, world, approval, folder);

    assertThat(output).contains("ok the call once more: 401", "19 passed, 0 failed");
    assertThat(service.reached).hasSize(6);
  }

  private SentApprovals approved(ApprovalRequest ask) {
    return SentApprovals.ofBytes(
        List.of(
            ask.approve(
                    world.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
                .encode()));
  }

  @Test
  void call_outOfScope_isRefusedWithTheCallersDecision() throws Exception {
    Answer answer =
        Wire.send(
            service,
            "DELETE /issues/7 HTTP/1.1",
            world.presented(sent("DELETE", "/issues/7")),
            NOTHING);
    assertRefused(answer, 403, "out_of_scope");
    assertThat(answer.body()).contains("\"decision\":{\"format\":\"taper/1 decision\"");
  }

  @Test
  void token_missingForgedOrExpired_isUnauthorized() throws Exception {
    assertRefused(get(SEARCH, List.of()), 401, "token_required");
    assertRefused(get(SEARCH, List.of("Authorization: Bearer abc")), 401, "token_required");
    assertRefused(get(SEARCH, List.of("Authorization: Taper")), 401, "invalid_base64");
    assertRefused(get(SEARCH, List.of("Taper-Token: not base64url!")), 401, "invalid_base64");
    assertRefused(get(SEARCH, List.of("Taper-Token: abcd")), 401, "malformed_token");

    SentHttp sent = sent("GET", SEARCH);
    AgentToken forged = world.mint(PrivateKey.generate(Algorithm.ED25519), Clock.systemUTC());
    Answer answer = get(SEARCH, world.presented(forged, sent, Clock.systemUTC()));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body())
        .isEqualTo(
            "{\"status\":401,\"code\":\"invalid_signature\",\"detail\":\"no token and proof came"
                + " with it that this service accepts\"}");

    AgentToken expired =
        world.mint(world.root, Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)));
    assertRefused(get(SEARCH, world.presented(expired, sent, Clock.systemUTC())), 401, "expired");
  }

  @Test
  void proof_missingOrBad_isUnauthorized() throws Exception {
    SentHttp sent = sent("GET", SEARCH);
    String token = "Taper-Token: " + world.token.encodeBase64();
    assertRefused(get(SEARCH, List.of(token)), 401, "proof_required");
    assertRefused(get(SEARCH, List.of(token, "Taper-Proof: x")), 401, "malformed_holder_proof");
    Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-130));
    Answer late = get(SEARCH, world.presented(world.token, sent, slow));
    assertRefused(late, 401, "proof_expired");
    assertThat(late.body()).contains("\"detail\"");
    assertThat(late.head()).contains("\r\nDate: ");
    Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(130));
    assertRefused(
        get(SEARCH, world.presented(world.token, sent, fast)), 401, "proof_not_yet_valid");
  }

  @Test
  void proof_usedTwice_isRefusedOnAnyConnection() throws Exception {
    List<String> presented = world.presented(sent("GET", SEARCH));
    assertThat(get(SEARCH, presented).status()).isEqualTo(200);
    service.reached.clear();
    assertRefused(get(SEARCH, presented), 401, "proof_replayed");

    assertThat(get(SEARCH, world.presented(sent("GET", SEARCH))).status()).isEqualTo(200);
  }

  @Test
  void proof_ofAnotherRequest_isRefused() throws Exception {
    String json = "{\"text\":\"a\"}";
    SentHttp comment =
        sent("POST", "/issues/7/comments")
            .content("application/json", json.getBytes(StandardCharsets.UTF_8));
    List<SentHttp> others =
        List.of(
            sent("PUT", "/issues/7/comments").content("application/json", bytes(json)),
            sent("POST", "/issues/8/comments").content("application/json", bytes(json)),
            sent("POST", "/issues/7/comments?x=").content("application/json", bytes(json)),
            sent("POST", "/issues/7/comments").content("application/vnd+json", bytes(json)),
            sent("POST", "/issues/7/comments").content("application/json", bytes("{}")),
            SentHttp.of("POST", "http://jira.example.com", "/issues/7/comments")
                .content("application/json", bytes(json)),
            SentHttp.of("POST", service.origin().replace("http:", "https:"), "/issues/7/comments")
                .content("application/json", bytes(json)),
            comment.contentEncoding("gzip"));
    for (SentHttp other : others) {
      assertRefused(comment(world.presented(other), json), 401, "request_mismatch");
    }
    assertThat(comment(world.presented(comment), json).status()).isEqualTo(200);
  }

  private Answer comment(List<String> presented, String json) throws Exception {
    List<String> fields = new ArrayList<>(presented);
    fields.add("Content-Type: application/json");
    fields.add("Content-Length: " + bytes(json).length);
    return Wire.send(service, "POST /issues/7/comments HTTP/1.1", fields, bytes(json));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void request_thatTheCatalogRefuses_isExplainedToItsHolderOnly() throws Exception {
    Answer strange = get("/nothing", List.of("Taper-Token: " + world.token.encodeBase64()));
    assertRefused(strange, 401, "proof_required");
    assertThat(strange.body()).doesNotContain("path");
    assertRefused(get("/nothing", world.presented(sent("GET", "/else"))), 401, "request_mismatch");
    assertRefused(get("/nothing", world.presented(sent("GET", "/nothing"))), 404, "unknown_tool");
    String more = SEARCH + "&more=1";
    assertRefused(get(more, world.presented(sent("GET", more))), 400, "unknown_argument");
    String walk = "/projects/a%2Fb/issues";
    assertThat(get(walk, world.presented(sent("GET", walk))).status()).isEqualTo(400);
    assertThat(service.reached).isEmpty();
  }

  @Test
  void description_isPublic() throws Exception {
    Answer answer = get("/.well-known/taper", List.of());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"format\":\"taper/1 service\",\"audience\":\"svc:jira\",\"kinds\":[\"held\"],"
                + "\"profiles\":[\"taper/1\"],\"proofs\":[2]}");
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
  }
}
