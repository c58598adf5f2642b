package dev.taper.agent;

import static dev.taper.agent.Attack.assertAllowed;
import static dev.taper.agent.Attack.assertDenied;
import static dev.taper.agent.Escalated.QUARTER;
import static dev.taper.agent.Escalated.call;
import static dev.taper.agent.Escalated.delete;
import static dev.taper.testing.Denials.denied;
import static dev.taper.testing.Denials.lastHolderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Approvals that the service's own checks and policies require, beside those of grants. */
class ServiceApprovalTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;

  /** That one of the keys has approved, as Datalog. */
  private static String approvedBy(PrivateKey key) {
    return "approvers($a), {\"" + key.publicKey() + "\"}.intersection($a).length() >= 1";
  }

  private Verifier with(String policies) {
    return story.verifier().policies(PolicySet.of(Datalog.authorizer(policies))).build();
  }

  private CallDecision decide(Verifier verifier, AgentToken token) {
    return story.decide(verifier, token, story.plannerKey, call());
  }

  private static List<String> approvers(CallDecision decision) {
    return Objects.requireNonNull(denied(decision).missingActivation()).approvers();
  }

  @Test
  void decide_checkOfTheServiceLacksOnlyAnApproval_isApprovalRequired() {
    Verifier verifier = with("check if " + approvedBy(e.boss) + "; allow if true;");
    AgentToken token = e.granted(delete());

    CallDecision decision = decide(verifier, token);

    assertDenied(decision, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(decision)).containsExactly(e.boss.publicKey().toString());
    assertThat(denied(decision).failingHop()).isNull();
    assertAllowed(decide(verifier, e.approved(token, e.boss, call())));
    assertDenied(
        decide(verifier, e.approved(token, e.stranger, call())), DenialCode.APPROVAL_UNKNOWN_KEY);
  }

  @Test
  void decide_policyWithOtherConditionsLacksOnlyAnApproval_isApprovalRequired() {
    Verifier verifier =
        with(
            "team(\"agent:planner\"); allow if tool(\"jira.search\"), "
                + approvedBy(e.auditor)
                + "; allow if invoker($i), team($i), "
                + approvedBy(e.boss)
                + ";");
    AgentToken token = e.granted(delete());

    CallDecision decision = decide(verifier, token);

    assertDenied(decision, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(decision)).containsExactly(e.boss.publicKey().toString());
    assertAllowed(decide(verifier, e.approved(token, e.boss, call())));
  }

  @Test
  void decide_approversStandInAFactOfTheService_areNamed() {
    Verifier verifier =
        with(
            "humans({\""
                + e.boss.publicKey()
                + "\"}); check if operation(\"read\") or approvers($k), humans($h),"
                + " $k.intersection($h).length() >= 1; allow if true;");
    AgentToken token = e.granted(delete());

    CallDecision decision = decide(verifier, token);

    assertDenied(decision, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(decision)).containsExactly(e.boss.publicKey().toString());
    assertAllowed(decide(verifier, e.approved(token, e.boss, call())));
  }

  @Test
  void decide_serviceLacksSomethingElseToo_isItsOwnRefusal() {
    Verifier check = with("check if member(1), " + approvedBy(e.boss) + "; allow if true;");
    Verifier policy = with("allow if member(1), " + approvedBy(e.boss) + ";");
    Verifier denied = with("deny if true; allow if " + approvedBy(e.boss) + ";");
    AgentToken token = e.granted(delete());

    assertDenied(decide(check, token), DenialCode.CHECK_FAILED);
    assertDenied(decide(policy, token), DenialCode.NO_MATCHING_POLICY);
    assertDenied(decide(denied, token), DenialCode.POLICY_DENIED);
    assertThat(denied(decide(check, token)).missingActivation()).isNull();
  }

  @Test
  void decide_grantAndPolicyLackApprovals_namesTheApproversOfBoth() {
    Verifier verifier = with("check if " + approvedBy(e.auditor) + "; allow if true;");
    AgentToken token = e.ifBossApproves();

    CallDecision neither = decide(verifier, token);
    CallDecision one = decide(verifier, e.approved(token, e.boss, call()));
    AgentToken both = e.approved(e.approved(token, e.boss, call()), e.auditor, call());

    assertDenied(neither, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(neither))
        .containsExactlyInAnyOrder(e.boss.publicKey().toString(), e.auditor.publicKey().toString());
    assertDenied(one, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(one)).containsExactly(e.auditor.publicKey().toString());
    assertAllowed(decide(verifier, both));
  }

  @Test
  void decide_singleUseApprovalForThePolicyUsedBefore_isApprovalUsed() {
    Verifier verifier = with("allow if " + approvedBy(e.boss) + ";");
    AgentToken token =
        e.approved(e.granted(delete()), e.boss, call(), ApprovalTerms.lasting(QUARTER).once());

    assertAllowed(decide(verifier, token));
    assertDenied(decide(verifier, token), DenialCode.APPROVAL_USED);
  }

  /** Whose old approval is no more than text learns nothing of whom the policies name. */
  @Test
  void decide_expiredApproval_tellsNoSignerWhetherAPolicyNamesIt() {
    AgentToken token = e.granted(delete());
    AgentToken byApprover = e.approved(token, e.boss, call());
    AgentToken byStranger = e.approved(token, e.stranger, call());
    story.clock.forward(QUARTER.plusSeconds(1));

    assertTellsNobody(byApprover, byStranger, DenialCode.APPROVAL_EXPIRED);
  }

  /** A refusal has no end. */
  @Test
  void decide_refusal_tellsNoSignerWhetherAPolicyNamesIt() {
    AgentToken token = e.granted(delete());

    assertTellsNobody(
        e.refused(token, e.boss, call()),
        e.refused(token, e.stranger, call()),
        DenialCode.APPROVAL_REFUSED);
    assertTellsNobody(
        e.refused(e.approved(token, e.boss, call()), e.boss, call()),
        e.refused(e.approved(token, e.stranger, call()), e.stranger, call()),
        DenialCode.APPROVAL_REFUSED);
  }

  private void assertTellsNobody(AgentToken byApprover, AgentToken byStranger, DenialCode code) {
    Verifier verifier = with("check if " + approvedBy(e.boss) + "; allow if true;");
    CallDecision one = decide(verifier, byApprover);
    CallDecision other = decide(verifier, byStranger);

    assertDenied(one, code);
    assertDenied(other, code);
    String boss = e.boss.publicKey().toString();
    String stranger = e.stranger.publicKey().toString();
    assertThat(other.toJson().replace(stranger, boss)).isEqualTo(one.toJson());
    assertThat(other.explanation().replace(stranger, boss)).isEqualTo(one.explanation());
  }

  /** What was approved for the present holder does not count for those before it. */
  @Test
  void decide_approvedForTheHolderButOutsideItsHop_parentIsNotSaidToBeAllowed() {
    AgentToken handed =
        e.ifBossApproves()
            .delegate(
                story.plannerKey,
                Hop.to(story.researcher)
                    .grant("jira.delete on jira:project/ACME/Q4/*")
                    .expiresIn(QUARTER),
                story.clock);
    AgentToken token =
        handed.append(
            handed
                .requestApproval(call(), Story.JIRA, "a duplicate")
                .approve(e.boss, ApprovalTerms.lasting(QUARTER), story.clock),
            story.researcherKey);

    CallDecision decision =
        story.decide(story.verifier().build(), token, story.researcherKey, call());

    assertThat(decision.allowed()).isFalse();
    assertThat(lastHolderOf(decision)).isNull();
  }

  @Test
  void decide_parentsGrantIsDormant_tellsWhoMayWithWhoseApproval() {
    AgentToken token =
        e.ifBossApproves()
            .delegate(
                story.plannerKey,
                Hop.to(story.researcher).grant("jira.search").expiresIn(QUARTER),
                story.clock);

    CallDecision decision =
        story.decide(story.verifier().build(), token, story.researcherKey, call());

    assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    Suggestion ask = Objects.requireNonNull(denied(decision).suggestion());
    assertThat(ask.whom()).isEqualTo("agent:planner");
    assertThat(Objects.requireNonNull(ask.missingActivation()).approvers())
        .containsExactly(e.boss.publicKey().toString());
    assertThat(lastHolderOf(decision)).isNull();
    assertThat(decision.explanation())
        .contains("agent:planner may, if approved by " + e.boss.publicKey())
        .contains("To allow it: ask agent:planner for ")
        .doesNotContain("ask user:alice");
    assertThat(decision.toJson())
        .contains("\"suggestion\":{\"whom\":\"agent:planner\"")
        .contains("\"missing_activation\":{\"block\":0");
  }
}
