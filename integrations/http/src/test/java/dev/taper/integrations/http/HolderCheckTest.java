package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Who is taken for the holder of a token where what was sent is no call. */
class HolderCheckTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String TARGET = "/mcp";
  private static final byte[] CONTENT = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
  private static final Set<String> COVERED = Set.of("mcp-session-id");

  private final World world = new World();
  private final HolderCheck holders = HolderCheck.of(() -> world.verifier(ORIGIN).build());

  private static SentHttp sent() {
    return SentHttp.of("POST", ORIGIN, TARGET).content("application/json", CONTENT);
  }

  private Map<String, String> fields(AgentToken token, SentHttp sent) {
    Map<String, String> fields = new HashMap<>();
    for (String line : world.presented(token, sent, Clock.systemUTC())) {
      int colon = line.indexOf(':');
      fields.put(line.substring(0, colon), line.substring(colon + 2));
    }
    fields.put("Host", "jira.example.com");
    fields.put("Content-Type", "application/json");
    return fields;
  }

  private static IncomingRequest request(Map<String, String> fields) {
    return IncomingRequest.of("POST", TARGET, true, fields, CONTENT);
  }

  private static void assertRefused(String answer, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).hasToString(answer));
  }

  @Test
  void check_theHolder_isOfferedWhatIsLeft() throws RefusedException {
    ToolOffer offer = holders.check(request(fields(world.token, sent())), CONTENT, COVERED);

    assertThat(offer.code()).isNull();
    assertThat(offer.chain()).isNotNull();
  }

  @Test
  void check_aCoveredField_isWhatWasProved() throws RefusedException {
    SentHttp inSession = sent().field("mcp-session-id", "one");
    Map<String, String> right = fields(world.token, inSession);
    right.put("Mcp-Session-Id", "one");
    assertThat(holders.check(request(right), CONTENT, COVERED).code()).isNull();

    Map<String, String> another = fields(world.token, inSession);
    another.put("Mcp-Session-Id", "two");
    assertRefused(
        "401 request_mismatch", () -> holders.check(request(another), CONTENT, COVERED).code());
    Map<String, String> added = fields(world.token, sent());
    added.put("Mcp-Session-Id", "one");
    assertRefused(
        "401 request_mismatch", () -> holders.check(request(added), CONTENT, COVERED).code());
  }

  @Test
  void check_withAnApproval_isRefused() {
    Map<String, String> fields = fields(world.token, sent());
    fields.put("Taper-Approval", "AA");

    assertRefused(
        "400 invalid_request", () -> holders.check(request(fields), CONTENT, COVERED).code());
  }

  @Test
  void check_aTokenOfAnotherIssuer_isRefused() {
    AgentToken other = world.mint(PrivateKey.generate(Algorithm.ED25519), Clock.systemUTC());

    assertRefused(
        "401 invalid_signature",
        () -> holders.check(request(fields(other, sent())), CONTENT, COVERED).code());
  }

  @Test
  void check_aProofTwice_isRefused() throws RefusedException {
    HolderCheck one = HolderCheck.of(List.of(world.verifier(ORIGIN).build()).iterator()::next);
    var verifier = world.verifier(ORIGIN).build();
    HolderCheck same = HolderCheck.of(() -> verifier);
    IncomingRequest request = request(fields(world.token, sent()));

    assertThat(same.check(request, CONTENT, COVERED).code()).isNull();
    assertRefused("401 proof_replayed", () -> same.check(request, CONTENT, COVERED).code());

    // What fails unexpectedly refuses, without a word of what it was.
    assertThat(one.check(request, CONTENT, COVERED).code()).isNull();
    assertRefused("503 unavailable", () -> one.check(request, CONTENT, COVERED).code());
  }

  @Test
  void requireOnce_twiceOrInAnotherSpelling_isRefused() throws RefusedException {
    HolderCheck.requireOnce(request(Map.of("Mcp-Session-Id", "one")), COVERED, List.of("mcp-"));

    for (String name : List.of("Mcp_Session_Id", "mcp-session_id")) {
      for (Set<String> names : List.of(COVERED, Set.<String>of())) {
        assertRefused(
            "400 invalid_request",
            () -> HolderCheck.requireOnce(request(Map.of(name, "a")), names, List.of("mcp-")));
      }
    }
    IncomingRequest plain = request(Map.of("Other_Field", "a"));
    HolderCheck.requireOnce(plain, COVERED, List.of("mcp-"));
  }
}
