package dev.taper.agent.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Escalated;
import dev.taper.agent.decision.Story;
import dev.taper.testing.Denials;
import dev.taper.testing.Refused;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller reads of a refusal. */
class RefusalTest {
  private static final String LEAST =
      "{\"format\":\"taper/1 decision\",\"version\":2,\"view\":\"caller\",\"allowed\":false,"
          + "\"code\":\"out_of_scope\",\"reason\":\"no\",\"audience\":\"svc:jira\","
          + "\"call\":{\"tool\":\"jira.search\"},\"delegator\":\"user:a\",\"task\":\"T\",\"hops\":[]}";

  private final Escalated e = new Escalated();
  private final Story story = e.story;

  @Test
  void parse_outOfScope_namesWhomToAskForWhat() {
    CallDecision decision =
        story.decide(
            story.verifier().build(),
            story.atResearcher(),
            story.researcherKey,
            ToolCall.of("jira.list").operation("list").on("jira:project/ACME/Q3/12"));
    Refusal refusal = Refusal.parse(decision.toJson());

    assertThat(refusal.known()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(refusal.reason()).isEqualTo(Denials.denied(decision).reason());
    assertThat(refusal.audience()).isEqualTo("svc:jira");
    assertThat(refusal.tool()).isEqualTo("jira.list");
    assertThat(refusal.operation()).isEqualTo("list");
    assertThat(refusal.resource()).isEqualTo("jira:project/ACME/Q3/12");
    assertThat(refusal.holders()).containsExactly("agent:planner", "agent:researcher");
    Refusal.Suggested suggestion = Objects.requireNonNull(refusal.suggestion());
    assertThat(suggestion.whom()).isEqualTo("agent:planner");
    assertThat(suggestion.grant()).contains("jira.list");
    assertThat(refusal.missing()).isNull();
    assertThat(refusal.isApprovalRequired()).isFalse();
    assertThat(refusal).hasToString("out_of_scope: " + refusal.reason());
  }

  @Test
  void parse_approvalRequired_namesTheApprovers() {
    CallDecision decision =
        story.decide(
            story.verifier().build(), e.ifBossApproves(), story.plannerKey, Escalated.call());
    Refusal refusal = Refusal.parse(decision.toJson());

    assertThat(refusal.isApprovalRequired()).isTrue();
    Refusal.Missing missing = Objects.requireNonNull(refusal.missing());
    assertThat(missing.approvers()).containsExactly(e.boss.publicKey().toString());
    assertThat(missing.activations()).isNotEmpty();
    assertThat(missing.askService()).isFalse();
  }

  @Test
  void parse_later_leavesAloneWhatIsNotKnown() {
    Refusal refusal =
        Refusal.parse(
            LEAST
                .replace("out_of_scope", "moon_is_full")
                .replace("\"hops\":[]", "\"hops\":[],\"status\":403,\"new\":{\"a\":[null,1.5]}"));

    assertThat(refusal.code()).isEqualTo("moon_is_full");
    assertThat(refusal.known()).isNull();
  }

  @Test
  void parse_asLongAsItMayBe_isRead() {
    int left = (1 << 20) - LEAST.length();
    String reason = "no" + "x".repeat(left);
    String code = "o".repeat(64);

    assertThat(Refusal.parse(LEAST.replace("\"no\"", "\"" + reason + "\"")).reason())
        .isEqualTo(reason);
    assertThat(Refusal.parse(LEAST.replace("out_of_scope", code)).code()).isEqualTo(code);
    Refused.with(
        ErrorCode.MALFORMED_REFUSAL,
        () -> Refusal.parse(LEAST.replace("\"no\"", "\"x" + reason + "\"")));
  }

  /** What is missing for the call itself stands before what the one who may grant it needs. */
  @Test
  void parse_somethingIsMissing_isThatOfTheCallOrElseOfTheSuggestion() {
    String inner = suggested("\"missing_activation\":" + missing("inner"));

    assertThat(missingOf("\"missing_activation\":" + missing("own"))).containsExactly("own");
    assertThat(missingOf(inner)).containsExactly("inner");
    assertThat(missingOf("\"missing_activation\":" + missing("own") + "," + inner))
        .containsExactly("own");
    assertThat(missingOf("\"missing_activation\":" + missing("own") + "," + suggested("\"x\":1")))
        .containsExactly("own");
    assertThat(Refusal.parse(with(suggested("\"x\":1"))).missing()).isNull();
  }

  private static String with(String members) {
    return LEAST.replace("\"hops\":[]", "\"hops\":[]," + members);
  }

  private static String missing(String what) {
    return "{\"missing\":[\"" + what + "\"],\"approvers\":[]}";
  }

  private static String suggested(String more) {
    return "\"suggestion\":{\"whom\":\"user:a\",\"grant\":\"jira.search\"," + more + "}";
  }

  private static List<String> missingOf(String members) {
    return Objects.requireNonNull(Refusal.parse(with(members)).missing()).activations();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"format\":\"taper/1 decision\"}",
        "{\"format\":\"taper/1 decision\",\"format\":\"taper/1 decision\"}"
      })
  void parse_somethingElse_isMalformed(String json) {
    Refused.with(ErrorCode.MALFORMED_REFUSAL, () -> Refusal.parse(json));
  }

  @Test
  void parse_answerOverHttp_saysWhereItsRefusalIs() {
    Refused.with(
        ErrorCode.MALFORMED_REFUSAL,
        "the refusal is its member decision",
        () -> Refusal.parse("{\"status\":403,\"decision\":" + LEAST + "}"));
  }

  @Test
  void parse_mistaken_isMalformed() {
    assertThat(Refusal.parse(LEAST).code()).isEqualTo("out_of_scope");
    assertThat(Refusal.parse(LEAST).operation()).isNull();
    assertThat(Refusal.parse(LEAST).resource()).isNull();
    for (List<String> change :
        List.of(
            List.of("\"version\":2", "\"version\":3"),
            List.of("\"version\":2", "\"version\":\"2\""),
            List.of("caller", "operator"),
            List.of("\"allowed\":false", "\"allowed\":true"),
            List.of("\"allowed\":false", "\"allowed\":\"false\""),
            List.of("out_of_scope", "Out of scope"),
            List.of("out_of_scope", "o".repeat(65)),
            List.of("\"reason\":\"no\"", "\"reason\":5"),
            List.of("{\"tool\":\"jira.search\"}", "[]"),
            List.of("\"jira.search\"}", "\"jira.search\",\"operation\":1}"),
            List.of("\"jira.search\"}", "\"jira.search\",\"resource\":[]}"),
            List.of("\"hops\":[]", "\"hops\":[1]"),
            List.of("\"hops\":[]", "\"suggestion\":[]"),
            List.of("\"hops\":[]", "\"suggestion\":{\"whom\":\"a\"}"),
            List.of("\"hops\":[]", "\"missing_activation\":{\"missing\":[1],\"approvers\":[]}"),
            List.of("\"hops\":[]", "\"missing_activation\":{\"missing\":1,\"approvers\":[]}"),
            List.of("\"hops\":[]", "\"x\":" + "[".repeat(40) + "]".repeat(40)),
            List.of("\"hops\":[]}", "\"hops\":[]} x"))) {
      String json = LEAST.replace(change.get(0), change.get(1));
      assertThat(json).isNotEqualTo(LEAST);
      Refused.with(ErrorCode.MALFORMED_REFUSAL, () -> Refusal.parse(json));
    }
    Refused.with(
        ErrorCode.MALFORMED_REFUSAL,
        () -> Refusal.parse(LEAST.replace("\"no\"", "\"" + "x".repeat(1 << 20) + "\"")));
  }
}
