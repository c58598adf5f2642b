package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers, operators and logs read of a decision. */
class DecisionViewsTest {
  private static final ToolCall CALL =
      ToolCall.of("jira.search")
          .operation("read")
          .on("jira:project/ACME/Q3/12?token=hidden")
          .arg("limit", 50)
          .arg("words", "confidential");

  private final Escalated e = new Escalated();
  private final Story story = e.story;

  private VerifierBuilder with(String policies) {
    return story.verifier().policies(PolicySet.of(Datalog.authorizer(policies)));
  }

  private CallDecision decide(String policies) {
    return story.decide(with(policies).build(), story.atResearcher(), story.researcherKey, CALL);
  }

  private static List<String> callersTexts(CallDecision decision) {
    List<String> texts = new ArrayList<>(List.of(decision.explanation(), decision.toJson()));
    texts.add(denied(decision).reason());
    for (Reason finding : denied(decision).reasons()) {
      texts.add(finding.check() + finding.wanted() + finding.details() + finding.part());
    }
    return texts;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check_failed | check if secret_plan($p, $n), arg(\"limit\", $l), $l > $n; allow if true;",
        "policy_denied | deny if secret_plan($p, $n), arg(\"limit\", $l), $l > 1; allow if true;",
        "no_matching_policy | allow if secret_plan($p, $n), arg(\"limit\", $l), $l > $n;",
        "evaluation_failed | allow if secret_plan($p, $n), ($n + 9223372036854775807) > 0;"
      })
  void decide_serviceRefuses_callerReadsNothingOfItsPoliciesAndFacts(String code, String policy) {
    CallDecision decision = decide("secret_plan(\"atlas\", 1234567); " + policy);

    assertThat(Objects.requireNonNull(codeOf(decision)).text()).isEqualTo(code);
    assertThat(callersTexts(decision))
        .allSatisfy(
            text ->
                assertThat(text)
                    .doesNotContain("secret_plan", "atlas", "1234567", "$l", "check if", "allow if")
                    .doesNotContain("deny if", "9223372036854775807", "overflow", "\"policy\""));
    if (codeOf(decision) != DenialCode.EVALUATION_FAILED) {
      assertThat(denied(decision).reason()).isEqualTo("the service's policies refuse it");
      assertThat(decision.operatorExplanation()).contains("secret_plan");
      assertThat(decision.toOperatorJson()).contains("secret_plan").contains("\"words\"");
    } else {
      assertThat(denied(decision).operatorReason()).contains("overflow");
    }
  }

  @Test
  void decide_blockAsksForTheServicesFacts_callerReadsNoneOfThem() {
    UnverifiedToken token =
        ForgedChain.of(story.atPlanner())
            .then(
                "holder(\"agent:researcher\"); check if tenant_member($u, $t), $u != \"x\", false;",
                story.plannerKey,
                story.researcher.key())
            .held();
    Verifier verifier = with("tenant_member(\"bob\", \"acme-secret\"); allow if true;").build();
    CallDecision decision =
        Attack.present(story, verifier, token, story.researcherKey, Story.search());

    assertDenied(decision, DenialCode.CHECK_FAILED);
    assertThat(callersTexts(decision))
        .allSatisfy(text -> assertThat(text).doesNotContain("bob", "acme-secret"));
    assertThat(denied(decision).reasons().get(0).check()).contains("tenant_member($u, $t)");
    assertThat(denied(decision).reason()).isEqualTo("the check does not hold");
  }

  @Test
  void toString_everythingThatALogMayHold_hasNamesAndNoValue() {
    List<DecisionEvent> events = new ArrayList<>();
    Verifier verifier = story.verifier().listener(events::add).build();
    CallDecision decision =
        story.decide(verifier, story.atScraper(), story.scraperKey, CALL.arg("extra", "private"));

    assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    List<Object> logged = new ArrayList<>(List.of(decision, events.get(0), decision.call()));
    logged.addAll(denied(decision).operatorReasons());
    logged.addAll(denied(decision).reasons());
    logged.add(Objects.requireNonNull(denied(decision).suggestion()));
    logged.add(decision.call().facts());
    logged.add(Objects.requireNonNull(denied(e.decide(e.ifBossApproves())).missingActivation()));
    assertThat(logged)
        .allSatisfy(
            each ->
                assertThat(each.toString()).doesNotContain("private", "confidential", "hidden"));
    assertThat(decision)
        .hasToString(
            "denied out_of_scope: jira.search read on jira:project/ACME/Q3/12?… at svc:jira by"
                + " agent:scraper, refused by hop 2");
    assertThat(events.get(0)).hasToString("2026-11-24T12:00:00Z " + decision);
  }

  @Test
  void decide_approverNamedByAPolicyOnly_isPublishedOnlyIfTheServiceSaysSo() {
    String boss = e.boss.publicKey().toString();
    String policies =
        "check if approvers($a), {\"" + boss + "\"}.intersection($a).length() >= 1; allow if true;";
    AgentToken token = e.granted(Escalated.delete());

    CallDecision kept =
        story.decide(with(policies).build(), token, story.plannerKey, Escalated.call());
    CallDecision published =
        story.decide(
            with(policies).publishApprovers().build(), token, story.plannerKey, Escalated.call());

    assertDenied(kept, DenialCode.APPROVAL_REQUIRED);
    assertThat(callersTexts(kept)).allSatisfy(text -> assertThat(text).doesNotContain(boss));
    assertThat(kept.explanation()).contains("To have it approved: ask svc:jira by whom");
    assertThat(kept.toJson()).contains("\"approvers\":[],\"ask_service\":true");
    assertThat(kept.operatorExplanation()).contains("have the call approved by " + boss);
    assertThat(Objects.requireNonNull(denied(kept).missingActivation()).approvers())
        .containsExactly(boss);
    assertThat(published.explanation()).contains("have the call approved by " + boss);
    assertThat(published.toJson()).contains("\"approvers\":[\"" + boss + "\"]");
  }
}
