package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What somebody between a holder and a service can do with a request and its proof: relay it,
 * change it, or have it read as another one. The service derives what it decides about from what it
 * received.
 */
class SentAttackTest {
  private static final String ORIGIN = "https://acme.example.com";
  private static final String JSON = "application/json";
  private static final String MULTIPART = "multipart/form-data; boundary=";

  private static final ToolCatalog CATALOG =
      ToolCatalog.parse(
          """
          {"format": "taper/1 catalog", "audience": "svc:jira",
           "origins": [{"origin": "https://{tenant}.example.com"}],
           "tools": {
             "jira.get": {"operation": "read", "resource": "jira:issue/{id}",
               "http": {"method": "GET", "path": "/issues"},
               "arguments": {"tenant": {"type": "string"}, "id": {"type": "string"},
                 "trace": {"dropped": true},
                 "as": {"type": "string", "field": "x-as"}}},
             "jira.set": {"operation": "write",
               "http": {"method": "POST", "path": "/issues"},
               "arguments": {"tenant": {"type": "string"}, "id": {"type": "string"},
                 "state": {"type": "string"}}},
             "jira.attach": {"operation": "write",
               "http": {"method": "PUT", "path": "/file"}, "content": {"argument": "file"},
               "arguments": {"tenant": {"type": "string"},
                 "file": {"type": "any", "opaque": true}}},
             "jira.tool": {"operation": "write",
               "mcp": {"method": "tools/call", "name": "jira"},
               "arguments": {"id": {"type": "string"}}},
             "jira.prompt": {"operation": "read",
               "mcp": {"method": "prompts/get"},
               "arguments": {"name": {"type": "string"}, "arguments": {"type": "object"}}},
             "jira.plain": {"operation": "read", "arguments": {"id": {"type": "string"}}}}}
          """);

  private final Story story = new Story();
  private final Verifier verifier = story.verifier().catalog(CATALOG).build();
  private final AgentToken token =
      story.issuer.mint(Bare.of(story.delegation()).grant("jira.*").withoutExpiry());

  private Proof proof(SentCall sent, String audience) {
    return token.prove(story.plannerKey, sent, audience, SentApprovals.NONE, story.clock);
  }

  /** The service's part: what it received means what its catalog says, or is refused. */
  private CallDecision receive(Verifier service, SentCall received, Proof proof) {
    ToolCatalog catalog = java.util.Objects.requireNonNull(service.catalog());
    return service.decide(token.token(), catalog.call(received), proof, SentApprovals.NONE);
  }

  private static SentHttp get(String target) {
    return SentHttp.of("GET", ORIGIN, target);
  }

  private static SentHttp post(String contentType, String content) {
    return SentHttp.of("POST", ORIGIN, "/issues")
        .content(contentType, content.getBytes(StandardCharsets.UTF_8));
  }

  private static SentHttp put(String contentType) {
    return SentHttp.of("PUT", ORIGIN, "/file").content(contentType, new byte[] {'-', '-', 'x'});
  }

  static Stream<Arguments> requests() {
    SentHttp get = get("/issues?id=1");
    String form = "application/x-www-form-urlencoded";
    return Stream.of(
        // what was sent, what the service received, the part that differs
        Arguments.of(get, get("/issues?id=2"), "target"),
        Arguments.of(get, get("/issues?id=%31"), "target"),
        Arguments.of(get, get("/issues?id=1&trace=x"), "target"), // though it is ignored
        Arguments.of(
            get, SentHttp.of("GET", "https://evil.example.com", "/issues?id=1"), "authority"),
        Arguments.of(get, get.field("X-As", "admin"), "fields"),
        Arguments.of(get.field("X-As", "me"), get.field("X-As", "admin"), "fields"),
        Arguments.of(get.field("X-As", "me"), get, "fields"),
        Arguments.of(post(JSON, "{\"id\":\"1\"}"), post(JSON, "{\"id\":\"2\"}"), "content"),
        Arguments.of(post(JSON, "{\"id\":\"1\"}"), post(JSON, "{\"id\":\"1\" }"), "content"),
        Arguments.of(
            post(JSON, "{\"id\":\"1\"}"),
            post(JSON, "{\"id\":\"1\",\"state\":\"done\"}"),
            "content"),
        Arguments.of(
            post(JSON, "{\"id\":\"1\"}"),
            post(JSON + ";charset=utf-8", "{\"id\":\"1\"}"),
            "content_type"),
        Arguments.of(post("text/plain", "id=1"), post(form, "id=1"), "content_type"),
        Arguments.of(put(MULTIPART + "x"), put(MULTIPART + "y"), "content_type"),
        Arguments.of(put(MULTIPART + "x"), put(JSON), "content_type"),
        Arguments.of(put(JSON).contentEncoding("gzip"), put(JSON), "content_encoding"),
        Arguments.of(
            SentHttp.of("GET", ORIGIN, "/issues"),
            SentHttp.of("POST", ORIGIN, "/issues"),
            "method"),
        Arguments.of(
            SentMcp.of("tools/call", "{\"name\":\"jira\",\"arguments\":{\"id\":\"1\"}}"),
            SentMcp.of("tools/call", "{\"name\":\"jira\",\"arguments\":{\"id\":\"2\"}}"),
            "params"),
        Arguments.of(
            SentMcp.of("prompts/get", "{\"name\":\"jira\",\"arguments\":{\"id\":\"1\"}}"),
            SentMcp.of("tools/call", "{\"name\":\"jira\",\"arguments\":{\"id\":\"1\"}}"),
            "method"),
        Arguments.of(
            SentTool.of("jira.plain", "{\"id\":\"1\"}"),
            SentTool.of("jira.plain", "{\"id\":\"2\"}"),
            "arguments"));
  }

  @ParameterizedTest(name = "{2}: {0}")
  @MethodSource("requests")
  void decide_requestChangedOnItsWay_isRefusedByTheNameOfThePart(
      SentCall sent, SentCall received, String part) {
    CallDecision decision = receive(verifier, received, proof(sent, Story.JIRA));

    assertDenied(decision, DenialCode.REQUEST_MISMATCH);
    assertThat(denied(decision).reason()).contains(part + " is not what was signed");
    assertThat(receive(verifier, received, proof(received, Story.JIRA)))
        .as("what was received, proven")
        .isNotNull();
  }

  static List<SentCall> sent() {
    return List.of(
        get("/issues?id=1"),
        post(JSON, "{\"id\":\"1\"}"),
        put(MULTIPART + "x").contentEncoding("gzip"),
        SentMcp.of("tools/call", "{\"name\":\"jira\",\"arguments\":{\"id\":\"1\"}}"),
        SentMcp.of("prompts/get", "{\"name\":\"jira\"}"),
        SentTool.of("jira.plain", "{\"id\":\"1\"}"));
  }

  @ParameterizedTest
  @MethodSource("sent")
  void decide_requestAsItWasSent_isAllowedOnce(SentCall sent) {
    Proof proof = proof(sent, Story.JIRA);

    assertAllowed(receive(verifier, sent, proof));
    assertDenied(receive(verifier, sent, proof), DenialCode.PROOF_REPLAYED);
  }

  /** A proof for one service is of no use at another, whose catalog may read the request alike. */
  @ParameterizedTest
  @MethodSource("sent")
  void decide_proofRelayedToAnotherAudience_isRefused(SentCall sent) {
    Verifier crm =
        story
            .verifier()
            .audience("svc:crm")
            .catalog(ToolCatalog.parse(CATALOG.toJson().replace("svc:jira", "svc:crm")))
            .build();
    CallDecision decision = receive(crm, sent, proof(sent, Story.JIRA));

    assertDenied(decision, DenialCode.REQUEST_MISMATCH);
    assertThat(denied(decision).reason()).contains("audience is not what was signed");
    assertAllowed(receive(crm, sent, proof(sent, "svc:crm")));
  }

  @Test
  void decide_proofOfAnotherForm_isRefused() {
    for (SentCall received : sent()) {
      for (SentCall sent : sent()) {
        if (sent.form() != received.form()) {
          CallDecision decision = receive(verifier, received, proof(sent, Story.JIRA));
          assertDenied(decision, DenialCode.REQUEST_MISMATCH);
          assertThat(denied(decision).reason()).contains("form");
        }
      }
      Proof offer = token.proveOffer(story.plannerKey, Story.JIRA, story.clock);
      assertDenied(receive(verifier, received, offer), DenialCode.REQUEST_MISMATCH);
    }
  }

  @Test
  void decide_approvalsTakenAwayOrAdded_isRefused() {
    SentCall sent = get("/issues?id=1");
    SentApprovals one = SentApprovals.ofBytes(List.of(new byte[] {1}));
    Proof proof = token.prove(story.plannerKey, sent, Story.JIRA, one, story.clock);
    CallDecision decision = receive(verifier, sent, proof);

    assertDenied(decision, DenialCode.REQUEST_MISMATCH);
    assertThat(denied(decision).reason()).contains("approvals");
  }

  /** What frameworks read as another method or another value never gets a meaning. */
  @Test
  void call_requestWithTwoReadings_hasNone() {
    assertThrows(
        () -> CATALOG.call(get("/issues?id=1&_method=DELETE")), ErrorCode.UNKNOWN_ARGUMENT);
    assertThrows(
        () -> CATALOG.call(post(JSON, "{\"id\":\"1\",\"_method\":\"DELETE\"}")),
        ErrorCode.UNKNOWN_ARGUMENT);
    assertThrows(
        () -> CATALOG.call(get("/issues?id=1").field("X-HTTP-Method-Override", "DELETE")),
        ErrorCode.UNKNOWN_ARGUMENT);
    assertThrows(() -> CATALOG.call(get("/issues?id=1&id=2")), ErrorCode.INVALID_REQUEST);
    assertThrows(
        () ->
            CATALOG.call(
                SentHttp.of("POST", ORIGIN, "/issues?id=1")
                    .content(JSON, "{\"id\":\"2\"}".getBytes(StandardCharsets.UTF_8))),
        ErrorCode.INVALID_REQUEST);
    assertThrows(() -> CATALOG.call(get("/issues?id=1&tenant=evil")), ErrorCode.INVALID_REQUEST);
    assertThrows(() -> CATALOG.call(get("/issues/../admin?id=1")), ErrorCode.AMBIGUOUS_PATH);
    assertThrows(() -> CATALOG.call(get("/issues%2F..%2Fadmin?id=1")), ErrorCode.AMBIGUOUS_PATH);
    assertThrows(() -> get("https://evil.example/issues?id=1"), ErrorCode.INVALID_REQUEST);
  }

  /** A client cannot name its operation: the service takes only what its own catalog derived. */
  @Test
  void decide_callThatTheServicesCatalogDidNotMake_isRefused() {
    ToolCall stated = ToolCall.of("jira.plain").operation("read").arg("id", "1");
    Proof proof = token.prove(story.plannerKey, stated, Story.JIRA, story.clock);
    assertThrows(
        () -> verifier.decide(token.token(), stated, proof, SentApprovals.NONE),
        ErrorCode.INVALID_ARGUMENT);

    ToolCatalog lax = ToolCatalog.parse(CATALOG.toJson().replace("\"write\"", "\"read\""));
    SentMcp sent = SentMcp.of("tools/call", "{\"name\":\"jira\"}");
    Proof forSent = proof(sent, Story.JIRA);
    assertThrows(
        () -> verifier.decide(token.token(), lax.call(sent), forSent, SentApprovals.NONE),
        ErrorCode.INVALID_ARGUMENT);
    assertAllowed(verifier.decide(token.token(), CATALOG.call(sent), forSent, SentApprovals.NONE));

    Verifier without = story.verifier().build();
    assertThrows(
        () ->
            without.decide(
                token.token(), CATALOG.call(sent), proof(sent, Story.JIRA), SentApprovals.NONE),
        ErrorCode.INVALID_ARGUMENT);
    assertThat(without.catalog()).isNull();
  }

  /** Whatever is sent in another spelling means the same, and is another request all the same. */
  @Test
  void digest_sameMeaningSentInTwoWays_isOne() {
    ToolCall one = CATALOG.call(get("/issues?id=1"));
    ToolCall other = CATALOG.call(get("/issues?id=%31&trace=x"));

    assertThat(other.digest()).isEqualTo(one.digest());
    assertThat(other).isEqualTo(one);
    assertThat(other.sent().parts().get(3).digest())
        .isNotEqualTo(one.sent().parts().get(3).digest());
  }

  @Test
  void build_verifierThatDoesNotSayWhatCallsMean_isRefused() {
    VerifierBuilder builder =
        Verifier.trusting(dev.taper.crypto.RootKeys.of(story.root.publicKey()))
            .audience(Story.JIRA)
            .clock(story.clock)
            .withoutRevocation();
    assertThrows(builder::build, ErrorCode.INVALID_ARGUMENT);
    assertThat(builder.catalog(CATALOG).build().catalog()).isSameAs(CATALOG);
    assertThat(builder.callerStatesMeaning().build().catalog()).isNull();
    assertThrows(
        () -> builder.catalog(CATALOG).audience("svc:crm").build(), ErrorCode.INVALID_ARGUMENT);
  }
}
