package dev.taper.agent.decision;

import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Decider;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Condition;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What decided about a call, and all that refused it. */
class CallDecisionTest {
  private static final PolicySet PARTS =
      PolicySet.of(
          List.of(
              new PolicySet.Part(
                  "limits",
                  Datalog.authorizer(
                      "check if tool($t); check if arg(\"limit\", $n), $n < 60;"
                          + " check if arg(\"limit\", $n), $n < 70;")),
              new PolicySet.Part(
                  "rules",
                  Datalog.authorizer(
                      "deny if arg(\"limit\", 13); allow if operation(\"read\");"))));

  private final Story story = new Story();
  private final Verifier verifier = story.verifier().policies(PARTS).build();

  private CallDecision decide(ToolCall call) {
    return story.decide(verifier, story.atResearcher(), story.researcherKey, call);
  }

  private static ToolCall search(String operation, String where, long limit) {
    return ToolCall.of("jira.search")
        .operation(operation)
        .on("jira:project/ACME/" + where)
        .arg("limit", limit);
  }

  private CallDecision decide(String policies, UnverifiedToken token) {
    Verifier other = story.verifier().policies(PolicySet.of(Datalog.authorizer(policies))).build();
    return Attack.present(story, other, token, story.researcherKey, Story.search());
  }

  private UnverifiedToken atResearcher(String checks) {
    return ForgedChain.of(story.atPlanner())
        .then("holder(\"agent:researcher\");" + checks, story.plannerKey, story.researcher.key())
        .held();
  }

  private static Reason ofService(String part, String check, String detail) {
    return new Reason(null, check, check, List.of(detail), part);
  }

  @Test
  void allowed_isDecidedByThePolicyThatAllowedIt() {
    CallDecision decision = decide(search("read", "Q3/1", 5));

    assertThat(decision.allowed()).isTrue();
    assertThat(Objects.requireNonNull(decision.policy()).index()).isEqualTo(1);
    assertThat(decision.decidingPart()).isEqualTo("rules");
    assertThat(decision.decider()).isEqualTo(new Decider(false, 1, "rules", null));
  }

  @Test
  void denied_byAPolicy_isDecidedByIt() {
    CallDecision decision = decide(search("read", "Q3/1", 13));

    assertThat(denied(decision).code()).isEqualTo(DenialCode.POLICY_DENIED);
    assertThat(decision.decidingPart()).isEqualTo("rules");
    assertThat(decision.decider()).isEqualTo(new Decider(false, 0, "rules", null));
    assertThat(denied(decision).reasons()).containsExactly(Reason.OF_SERVICE);
    assertThat(denied(decision).operatorReasons())
        .containsExactly(
            ofService("rules", "deny if arg(\"limit\", 13)", "matches: arg(\"limit\", 13)"));
  }

  @Test
  void denied_byChecksOfTheService_isDecidedByTheFirstThatFailed() {
    CallDecision decision = decide(search("read", "Q3/1", 70));
    String wanted = "arg(\"limit\", $n), $n < ";

    assertThat(denied(decision).code()).isEqualTo(DenialCode.CHECK_FAILED);
    assertThat(decision.decidingPart()).isEqualTo("limits");
    assertThat(decision.decider()).isEqualTo(new Decider(true, 1, "limits", null));
    assertThat(denied(decision).reasons()).containsExactly(Reason.OF_SERVICE);
    assertThat(denied(decision).operatorReasons())
        .containsExactly(
            ofService(
                "limits",
                "check if " + wanted + "60",
                "it is not true that $n < 60, where $n = 70"),
            ofService(
                "limits",
                "check if " + wanted + "70",
                "it is not true that $n < 70, where $n = 70"));
    assertThat(denied(decision).lastAllowed()).isNull();
    assertThat(denied(decision).suggestion()).isNull();
  }

  @Test
  void denied_byNoPolicy_isDecidedByNone() {
    CallDecision decision = decide(search("list", "Q3/1", 5));

    assertThat(denied(decision).code()).isEqualTo(DenialCode.NO_MATCHING_POLICY);
    assertThat(decision.policy()).isNull();
    assertThat(decision.decidingPart()).isNull();
    assertThat(decision.decider()).isNull();
    assertThat(denied(decision).operatorReasons()).extracting(Reason::part).containsOnly("rules");
  }

  /** A check of the service is looked at first, and blamed last. */
  @Test
  void denied_byHopAndService_isDecidedByTheHop() {
    Denied denied = denied(decide(search("read", "Q4/1", 60)));
    DelegationHop hop = denied.chain().hops().get(1);

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(denied.decider()).isEqualTo(new Decider(true, 0, null, 1));
    assertThat(denied.decidingPart()).isNull();
    assertThat(denied.reasons()).extracting(Reason::hop).containsExactly(hop, null);
    assertThat(denied.operatorReasons()).extracting(Reason::hop).containsExactly(hop, null);
  }

  @Test
  void denied_byTwoHops_isDecidedByTheFirst() {
    AgentToken token =
        story
            .atResearcher()
            .delegate(story.researcherKey, Hop.to(story.scraper).grant("jira.get"), story.clock);
    ToolCall call = search("read", "Q4/1", 5);

    Denied denied = denied(story.decide(verifier, token, story.scraperKey, call));

    assertThat(denied.decider()).isEqualTo(new Decider(true, 0, null, 1));
    assertThat(denied.reasons()).hasSize(2).extracting(Reason::part).containsOnlyNulls();
  }

  // What a hop's refusal says

  @Test
  void denied_byAGrant_saysInWhichPointsTheCallDoesNotFitIt() {
    Denied denied = denied(decide(search("read", "Q4/1", 5)));
    DelegationHop hop = denied.chain().hops().get(1);

    assertThat(denied.reasons())
        .containsExactly(
            Reason.of(
                hop,
                denied.reasons().get(0).check(),
                "jira.search, jira:project/ACME/Q3/*",
                List.of("resource jira:project/ACME/Q4/1 is not among: jira:project/ACME/Q3/*")));
    assertThat(denied.operatorReasons()).isEqualTo(denied.reasons());
    assertThat(denied.reasons().get(0).check()).startsWith("check if tool(");
    assertThat(denied.decidingPart()).isNull();
  }

  @Test
  void denied_byACondition_saysHowItDoesNotHold() {
    AgentToken token =
        story
            .atPlanner()
            .delegate(
                story.plannerKey,
                Hop.to(story.researcher).condition(Condition.task("T-0")),
                story.clock);
    Denied denied =
        denied(story.decide(verifier, token, story.researcherKey, search("read", "Q3/1", 5)));

    assertThat(denied.code()).isEqualTo(DenialCode.WRONG_TASK);
    assertThat(denied.reason()).isEqualTo("task is T-4711; needed: T-0");
    assertThat(denied.reasons()).hasSize(1);
    assertThat(denied.reasons().get(0).details()).containsExactly(denied.reason());
    assertThat(denied.operatorReasons()).isEqualTo(denied.reasons());
  }

  /** What is stated of the call only its service's operator may read. */
  @Test
  void denied_byAnyOtherCheck_saysToTheOperatorWhichFactIsNotThere() {
    UnverifiedToken token = atResearcher("check if member($u, \"acme\");");

    Denied denied = denied(decide("allow if true;", token));

    assertThat(denied.code()).isEqualTo(DenialCode.CHECK_FAILED);
    assertThat(denied.reason()).isEqualTo("the check does not hold");
    assertThat(denied.operatorReason()).isEqualTo("no fact matches member($u, \"acme\")");
    assertThat(denied.reasons()).hasSize(1);
    assertThat(denied.operatorReasons()).hasSize(1);
    assertThat(denied.operatorReasons().get(0).details()).containsExactly(denied.operatorReason());
    assertThat(denied.decidingPart()).isNull();
  }

  @Test
  void denied_withoutPolicies_saysThatNoneAllowsIt() {
    Denied denied = denied(decide("", story.atResearcher().token()));

    assertThat(denied.code()).isEqualTo(DenialCode.NO_MATCHING_POLICY);
    assertThat(denied.reasons()).containsExactly(Reason.OF_SERVICE);
    assertThat(denied.operatorReasons())
        .containsExactly(new Reason(null, "", "", List.of("no policy allows it"), null));
  }

  // What is not for policies and checks to decide

  @Test
  void denied_withoutAProof_isDecidedByNothing() {
    Denied denied =
        denied(
            verifier.decide(
                story.atResearcher().token(), search("read", "Q3/1", 5), null, SentApprovals.NONE));

    assertThat(denied.code()).isEqualTo(DenialCode.PROOF_REQUIRED);
    assertThat(denied.decider()).isNull();
    assertThat(denied.decidingPart()).isNull();
    assertThat(denied.lastAllowedKnown()).isTrue();
  }

  @Test
  void observed_isDecidedByWhatWouldHaveDenied() {
    Verifier observing = story.verifier().policies(PARTS).observeOnly().build();

    CallDecision decision =
        story.decide(
            observing, story.atResearcher(), story.researcherKey, search("read", "Q3/1", 13));

    assertThat(decision.allowed()).isTrue();
    assertThat(decision.decider()).isEqualTo(new Decider(false, 0, "rules", null));
  }
}
