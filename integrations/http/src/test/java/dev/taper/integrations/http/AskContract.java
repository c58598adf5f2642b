package dev.taper.integrations.http;

import static dev.taper.integrations.http.AskWorld.CLOSE;
import static dev.taper.integrations.http.AskWorld.approval;
import static dev.taper.integrations.http.AskWorld.approve;
import static dev.taper.integrations.http.AskWorld.body;
import static dev.taper.integrations.http.AskWorld.get;
import static dev.taper.integrations.http.AskWorld.location;
import static dev.taper.integrations.http.AskWorld.post;
import static dev.taper.integrations.http.AskWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.testing.TearDown;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every service does that keeps asks, whatever its server is. */
abstract class AskContract {
  final AskWorld world = new AskWorld();
  final HttpClient client = HttpClient.newHttpClient();
  private TestService service;

  abstract TestService.Starter starter();

  @BeforeEach
  void start() throws Exception {
    service =
        starter()
            .start(
                origin ->
                    HttpGuard.of(world.verifier(origin).build()).keepingAsks(Asks.inMemory()));
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(service);
  }

  TestService service() {
    return service;
  }

  HttpSigner signer() {
    return HttpSigner.of(world.token, world.world.planner, World.AUDIENCE);
  }

  HttpRequest close() {
    return HttpRequest.newBuilder(URI.create(service.origin() + CLOSE))
        .POST(BodyPublishers.noBody())
        .build();
  }

  static void assertRefused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.has("Content-Type", "application/problem+json")).isTrue();
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
  }

  static void assertDone(Answer answer) {
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(204);
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void ask_againAfterANo_isToldToListenersAndNobodyElsesIs() throws Exception {
    List<Boolean> told = new ArrayList<>();
    DecisionListener listener =
        new DecisionListener() {
          @Override
          public void decided(DecisionEvent event) {}

          @Override
          public void asked(DecisionEvent event) {
            told.add(event.isAskedAfterNo());
          }
        };
    Asks kept = Asks.inMemory();
    try (TestService watched =
        starter()
            .start(
                origin ->
                    HttpGuard.of(
                            world
                                .verifier(origin)
                                .listener(listener, DecisionListener.AuditFailure.ALLOW_AND_COUNT)
                                .build())
                        .keepingAsks(kept))) {
      String first = location(world.ask(watched, body("POST", CLOSE)));
      location(world.ask(watched, body("POST", CLOSE)));
      assertThat(told).as("nobody has answered").containsExactly(false, false);
      assertDone(post(watched, first, List.of(), "{\"refusal\":\"no\"}"));
      for (int i = 0; i < 2; i++) {
        location(world.ask(watched, body("POST", CLOSE)));
      }
      assertThat(told).as("a no stays one").containsExactly(false, false, true, true);
      location(world.ask(watched, body("GET", "/projects/ACME/issues")));
      assertThat(told).as("of another call").endsWith(false);
    }
  }

  private String open() throws Exception {
    return location(world.ask(service, body("POST", CLOSE)));
  }

  @Test
  void ask_ofARefusedCall_isToldByTheServicesOwnMeaning() throws Exception {
    Answer made = world.ask(service, body("POST", CLOSE));
    String target = location(made);
    assertThat(target).matches("/v1/asks/[A-Za-z0-9_-]{22}");
    assertThat(made.has("Cache-Control", "no-store")).isTrue();

    Answer told = get(service, target);
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.body()).isEqualTo(made.body());
    assertThat(told.has("Content-Type", "application/json")).isTrue();
    assertThat(told.has("Cache-Control", "no-store")).isTrue();
    assertThat(told.body())
        .matches(
            "\\{\"format\":\"taper/1 ask\",\"state\":\"open\",\"until\":[0-9]{10},"
                + "\"request\":\\{.*},\"approvals\":\\[]}");
    ApprovalRequest request = request(told);
    assertThat(request.call().tool()).isEqualTo("jira.close");
    assertThat(request.call().operation()).isEqualTo("close");
    assertThat(request.catalogDigest()).isEqualTo(World.catalog(service.origin()).digest());
    assertThat(request.audience()).isEqualTo(World.AUDIENCE);
    assertThat(request.reason()).isEqualTo("done");
    assertThat(request.token().encodeBase64()).isEqualTo(world.token.encodeBase64());
    assertThat(service.reached).isEmpty();
  }

  @Test
  void approval_byAnApprover_answersAndTheCallIsAllowed() throws Exception {
    String target = open();
    Approval approval = approval(request(get(service, target)), world.world.boss);
    String json = AskWorld.answer(approval);
    assertDone(post(service, target, List.of(), json));
    assertDone(post(service, target, List.of(), json)); // who got no answer sends it again

    assertThat(get(service, target).body())
        .contains("\"state\":\"answered\"")
        .contains("\"approvals\":[\"" + approval.encodeBase64() + "\"]");
    HttpRequest signed =
        signer().approvals(SentApprovals.of(List.of(approval.encodeBase64()))).sign(close());
    assertThat(client.send(signed, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

    assertRefused(approve(service, target, world.world.boss), 409, "ask_closed");
    assertRefused(post(service, target, List.of(), "{\"refusal\":\"no\"}"), 409, "ask_closed");
  }

  @Test
  void refusal_ofAnOpenAsk_isToldAndFinal() throws Exception {
    String target = open();
    assertRefused(post(service, target, List.of(), "{\"refusal\":\"\"}"), 400, "invalid_request");
    assertRefused(
        post(service, target, List.of(), "{\"refusal\":\"a\\nb\"}"), 400, "invalid_request");
    assertDone(post(service, target, List.of(), "{\"refusal\":\"not in a freeze\"}"));
    assertDone(post(service, target, List.of(), "{\"refusal\":\"not in a freeze\"}"));

    assertThat(get(service, target).body())
        .contains("\"state\":\"refused\"")
        .endsWith("\"approvals\":[],\"refusal\":\"not in a freeze\"}");
    assertRefused(approve(service, target, world.world.boss), 409, "ask_closed");
    assertRefused(post(service, target, List.of(), "{\"refusal\":\"no\"}"), 409, "ask_closed");
  }

  @Test
  void approvals_ofAGroup_areEnoughWhenAllAreThere() throws Exception {
    String target = location(world.ask(service, body("DELETE", "/issues/7")));
    assertDone(approve(service, target, world.world.boss));
    assertThat(get(service, target).body()).contains("\"state\":\"open\"");
    assertRefused(approve(service, target, world.stranger), 403, "approval_mismatch");
    assertDone(approve(service, target, world.second));
    assertThat(get(service, target).body()).contains("\"state\":\"answered\"");
  }

  @Test
  void approvals_besideTheAsk_areKeptIfTheyCount() throws Exception {
    String json = body("DELETE", "/issues/7");
    ApprovalRequest request = request(world.ask(service, json));
    Approval good = approval(request, world.world.boss);
    Approval bad = approval(request, world.stranger);
    List<String> texts = List.of(good.encodeBase64(), bad.encodeBase64());
    SentHttp sent =
        SentHttp.of("POST", service.origin(), "/v1/asks")
            .content("application/json", AskWorld.bytes(json));
    List<String> fields = new ArrayList<>();
    fields.add("Taper-Token: " + world.token.encodeBase64());
    fields.add(
        "Taper-Proof: "
            + world
                .token
                .prove(
                    world.world.planner,
                    sent,
                    World.AUDIENCE,
                    SentApprovals.of(texts),
                    Clock.systemUTC())
                .encodeBase64());
    texts.forEach(text -> fields.add("Taper-Approval: " + text));
    Answer made = post(service, "/v1/asks", fields, json);

    assertThat(made.body()).contains("\"approvals\":[\"" + good.encodeBase64() + "\"]");
    assertDone(approve(service, location(made), world.second));
    assertThat(get(service, location(made)).body()).contains("\"state\":\"answered\"");
  }

  @Test
  void ask_ofACallThatLacksNoApproval_isRefused() throws Exception {
    assertRefused(
        world.ask(
            service,
            "{\"method\":\"PUT\",\"target\":\"/uploads\",\"content_type\":\"text/plain\","
                + "\"content\":\"eA\",\"reason\":\"x\"}"),
        409,
        "nothing_to_ask");
    Answer outside = world.ask(service, world.world.token, body("DELETE", "/issues/7"));
    assertRefused(outside, 403, "out_of_scope");
    assertThat(outside.body()).contains("\"decision\":{\"format\":\"taper/1 decision\"");
    Answer unjustified =
        world.ask(
            service,
            "{\"method\":\"POST\",\"target\":\"/forms\",\"reason\":\"x\","
                + "\"content_type\":\"application/x-www-form-urlencoded\",\"content\":\""
                + AskWorld.base64("name=a")
                + "\"}");
    assertRefused(unjustified, 403, "justification_required");
    assertRefused(world.ask(service, body("GET", "/nothing")), 404, "unknown_tool");
    assertRefused(world.ask(service, body("POST", CLOSE + "?more=1")), 400, "unknown_argument");
  }

  @Test
  void ask_withoutAGoodProof_isUnauthorized() throws Exception {
    String json = body("POST", CLOSE);
    assertRefused(post(service, "/v1/asks", List.of(), json), 401, "token_required");
    String token = "Taper-Token: " + world.token.encodeBase64();
    assertRefused(post(service, "/v1/asks", List.of(token), json), 401, "proof_required");
    SentHttp call = SentHttp.of("POST", service.origin(), CLOSE);
    assertRefused(
        post(
            service, "/v1/asks", world.world.presented(world.token, call, Clock.systemUTC()), json),
        401,
        "request_mismatch");
    String others = world.mint("user:bob@acme.com").encodeBase64();
    SentHttp sent =
        SentHttp.of("POST", service.origin(), "/v1/asks")
            .content("application/json", AskWorld.bytes(json));
    List<String> presented = world.world.presented(world.token, sent, Clock.systemUTC());
    assertRefused(
        post(service, "/v1/asks", List.of("Taper-Token: " + others, presented.get(1)), json),
        401,
        "proof_mismatch");

    assertThat(post(service, "/v1/asks", presented, json).status()).isEqualTo(201);
    assertRefused(post(service, "/v1/asks", presented, json), 401, "proof_replayed");
  }

  @Test
  void ask_thatIsMalformed_isRefusedToItsHolder() throws Exception {
    String start = "{\"method\":\"POST\",\"target\":\"" + CLOSE + "\"";
    List<String> malformed =
        List.of(
            "",
            "[]",
            "{",
            "null",
            start + "}",
            start + ",\"reason\":\"a\"} {}",
            start + ",\"reason\":\"a\",\"reason\":\"a\"}",
            start + ",\"reason\":\"a\",\"tool\":\"jira.search\"}",
            start + ",\"reason\":null}",
            start + ",\"reason\":7}",
            start + ",\"reason\":[\"a\"]}",
            start + ",\"reason\":\"a\",\"fields\":\"x\"}",
            start + ",\"reason\":\"a\",\"fields\":{\"x\":1}}",
            start + ",\"reason\":\"a\",\"fields\":{\"x\":{}}}",
            start + ",\"reason\":\"a\",\"fields\":{\"x\":\"1\",\"X\":\"1\"}}",
            start + ",\"reason\":\"a\",\"content\":\"a\"}",
            start + ",\"reason\":\"a\",\"content\":\"YQ==\"}",
            start + ",\"reason\":\"\"}",
            start + ",\"reason\":\" a\"}",
            start + ",\"reason\":\"a\\u202eb\"}",
            start + ",\"reason\":\"" + "a".repeat(30_000) + "\"}",
            "{\"method\":\"POST\",\"target\":\"http://x/\",\"reason\":\"a\"}",
            "{\"method\":\"PO ST\",\"target\":\"/x\",\"reason\":\"a\"}",
            "{\"target\":\"/x\",\"reason\":\"a\"}");
    for (String json : malformed) {
      Answer answer = world.ask(service, json);
      assertThat(answer.status()).as(json + answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("invalid_request").doesNotContain("aaaa");
    }
    String good = body("POST", CLOSE);
    SentHttp sent =
        SentHttp.of("POST", service.origin(), "/v1/asks")
            .content("application/json", AskWorld.bytes(good))
            .contentEncoding("gzip");
    List<String> fields =
        new ArrayList<>(world.world.presented(world.token, sent, Clock.systemUTC()));
    fields.add("Content-Encoding: gzip");
    assertRefused(post(service, "/v1/asks", fields, good), 400, "invalid_request");
  }

  @Test
  void content_overTheLimit_isRefused() throws Exception {
    String large =
        "{\"method\":\"PUT\",\"target\":\"/uploads\",\"content\":\""
            + "a".repeat(AskBody.MAX_ASK)
            + "\",\"reason\":\"a\"}";
    assertRefused(world.ask(service, large), 413, "content_too_large");
    String answer = "{\"approval\":\"" + "a".repeat(AskBody.MAX_ANSWER) + "\"}";
    assertRefused(post(service, open(), List.of(), answer), 413, "content_too_large");
  }

  @Test
  void id_guessed_isUnknown() throws Exception {
    String target = open();
    String id = target.substring("/v1/asks/".length());
    char last = id.charAt(id.length() - 1);
    String otherSpelling = id.substring(0, 21) + (char) (last + 1);
    for (String guess :
        List.of("", "a".repeat(22), id + "=", id + "/", id + "?", id.substring(1), otherSpelling)) {
      assertRefused(get(service, "/v1/asks/" + guess), 404, "unknown_ask");
      assertRefused(
          post(service, "/v1/asks/" + guess, List.of(), "{\"refusal\":\"a\"}"), 404, "unknown_ask");
    }
    assertRefused(get(service, "/v1/asks"), 404, "unknown_ask");
    for (String method : List.of("PUT", "DELETE", "PATCH")) {
      Answer answer =
          Wire.send(service, method + " " + target + " HTTP/1.1", List.of(), AskWorld.NOTHING);
      assertRefused(answer, 404, "unknown_ask");
    }
    assertThat(get(service, target).body()).contains("\"state\":\"open\"");
  }

  @Test
  void approval_thatWouldNotCount_isRefused() throws Exception {
    String target = open();
    ApprovalRequest request = request(get(service, target));
    Approval.Terms terms = Approval.Terms.lasting(Duration.ofMinutes(5));
    Clock past = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
    Clock future = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    PrivateKey boss = world.world.boss;
    ApprovalRequest elsewhere = request(world.ask(service, body("POST", "/issues/8/close")));
    ApprovalRequest others =
        request(world.ask(service, world.mint("user:bob@acme.com"), body("POST", CLOSE)));
    List<Approval> bad =
        List.of(
            approval(request, world.stranger),
            approval(request, world.world.planner),
            approval(elsewhere, boss),
            approval(others, boss),
            request.approve(boss, terms.at(List.of("svc:wiki")), Clock.systemUTC()),
            request.approve(boss, terms, past),
            request.approve(boss, terms, future),
            request.approve(boss, terms.uses(1), Clock.systemUTC()), // nobody counts here
            forged(approval(request, boss), approval(elsewhere, boss)));
    for (Approval approval : bad) {
      Answer answer = post(service, target, List.of(), AskWorld.answer(approval));
      assertRefused(answer, 403, "approval_mismatch");
    }
    assertThat(get(service, target).body())
        .contains("\"state\":\"open\"")
        .contains("\"approvals\":[]");
  }

  /** What one approval says, with the signature of another. */
  private static Approval forged(Approval says, Approval signed) {
    byte[] bytes = says.encode();
    System.arraycopy(signed.encode(), 35, bytes, 35, 64);
    return Approval.decode(bytes);
  }

  @Test
  void answer_thatIsMalformed_isRefused() throws Exception {
    String target = open();
    Approval good = approval(request(get(service, target)), world.world.boss);
    String text = good.encodeBase64();
    for (String json :
        List.of(
            "",
            "{}",
            "[]",
            "{\"approval\":7}",
            "{\"approval\":[\"" + text + "\"]}",
            "{\"approval\":\"" + text + "\",\"refusal\":\"no\"}",
            "{\"approval\":\"" + text + "\",\"state\":\"answered\"}",
            "{\"fields\":{\"a\":\"b\"},\"refusal\":\"no\"}",
            "{\"refusal\":\"" + "a".repeat(2000) + "\"}")) {
      assertRefused(post(service, target, List.of(), json), 400, "invalid_request");
    }
    for (String none : List.of("", "!", "AA", text + "=", text.substring(4))) {
      assertRefused(
          post(service, target, List.of(), "{\"approval\":\"" + none + "\"}"),
          400,
          "malformed_approval");
    }
    Answer plain =
        Wire.send(
            service,
            "POST " + target + " HTTP/1.1",
            List.of("Content-Length: 16", "Content-Type: text/plain"),
            AskWorld.bytes("{\"refusal\":\"no\"}"));
    assertRefused(plain, 400, "invalid_request");
    assertThat(get(service, target).body()).contains("\"state\":\"open\"");
  }

  @Test
  void renew_isAnIssuers() throws Exception {
    assertRefused(post(service, "/v1/renew", List.of(), "{}"), 401, "token_required");
    SentHttp sent =
        SentHttp.of("POST", service.origin(), "/v1/renew")
            .content("application/json", AskWorld.bytes("{}"));
    List<String> presented = world.world.presented(world.token, sent, Clock.systemUTC());
    assertRefused(post(service, "/v1/renew", presented, "{}"), 404, "unknown_tool");
  }

  @Test
  void description_saysWhereToAsk() throws Exception {
    assertThat(get(service, "/.well-known/taper").body()).endsWith(",\"asks\":\"/v1/asks\"}");
  }
}
