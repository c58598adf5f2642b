package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static dev.taper.agent.decision.Escalated.delete;
import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static dev.taper.testing.Denials.lastHolderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Approvals that the service's own checks and policies require, beside those of grants. */
class ServiceApprovalTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final AgentToken token = e.granted(delete());

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

  private CallDecision decide(Verifier verifier, Approved approved) {
    return e.decide(verifier, approved, story.plannerKey, call());
  }

  private static List<String> approvers(CallDecision decision) {
    return Objects.requireNonNull(denied(decision).missingActivation()).approvers();
  }

  @Test
  void decide_checkOfTheServiceLacksOnlyAnApproval_isApprovalRequired() {
    Verifier verifier = with("check if " + approvedBy(e.boss) + "; allow if true;");

    CallDecision decision = decide(verifier, token);

    assertDenied(decision, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(decision)).containsExactly(e.boss.publicKey().toString());
    assertThat(denied(decision).failingHop()).isNull();
    assertAllowed(decide(verifier, e.approved(token, e.boss, call())));
    Approved byStranger = e.approved(token, e.stranger, call());
    assertDenied(decide(verifier, byStranger), DenialCode.APPROVAL_REQUIRED);
    Verifier published =
        story
            .verifier()
            .publishApprovers()
            .policies(
                PolicySet.of(
                    Datalog.authorizer("check if " + approvedBy(e.boss) + "; allow if true;")))
            .build();
    assertDenied(decide(published, byStranger), DenialCode.APPROVAL_UNKNOWN_KEY);
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
    Approved both = e.approved(e.approved(token, e.boss, call()), e.auditor, call());

    assertDenied(neither, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(neither))
        .containsExactlyInAnyOrder(e.boss.publicKey().toString(), e.auditor.publicKey().toString());
    assertDenied(one, DenialCode.APPROVAL_REQUIRED);
    assertThat(approvers(one)).containsExactly(e.auditor.publicKey().toString());
    assertAllowed(decide(verifier, both));
  }

  @Test
  void decide_countedApprovalForThePolicyUsedBefore_isApprovalUsed() {
    Verifier verifier = with("allow if " + approvedBy(e.boss) + ";");
    Approved token =
        e.approved(e.granted(delete()), e.boss, call(), Approval.Terms.lasting(QUARTER).once());

    assertAllowed(decide(verifier, token));
    assertDenied(decide(verifier, token), DenialCode.APPROVAL_USED);
  }

  /** An approval that is worth nothing tells nobody whether a policy names its key. */
  @ParameterizedTest
  @ValueSource(strings = {"expired", "future", "counted", "too long", "elsewhere", "withdrawn"})
  void decide_badApproval_tellsNoSignerWhetherAPolicyNamesIt(String flaw) {
    Approved byApprover = flawed(flaw, e.boss);
    Approved byStranger = flawed(flaw, e.stranger);
    story.clock.set(flaw.equals("expired") ? Story.NOON.plus(QUARTER) : Story.NOON);
    VerifierBuilder builder =
        Verifier.trusting(RootKeys.of(story.root.publicKey()))
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .clock(story.clock)
            .policies(
                PolicySet.of(
                    Datalog.authorizer("check if " + approvedBy(e.boss) + "; allow if true;")))
            .revocations(withdrawn(flaw, byApprover, byStranger));

    CallDecision one = decide(builder.build(), byApprover);
    CallDecision other = decide(builder.build(), byStranger);

    assertSameButForTheKey(one, other);
    assertThat(codeOf(one))
        .isEqualTo(
            switch (flaw) {
              case "expired" -> DenialCode.APPROVAL_EXPIRED;
              case "future" -> DenialCode.APPROVAL_NOT_YET_VALID;
              case "counted" -> DenialCode.APPROVAL_NOT_COUNTED;
              case "too long" -> DenialCode.APPROVAL_TOO_LONG;
              case "withdrawn" -> DenialCode.APPROVAL_WITHDRAWN;
              default -> DenialCode.APPROVAL_MISMATCH;
            });
  }

  private Approved flawed(String flaw, PrivateKey approver) {
    story.clock.set(flaw.equals("future") ? Story.NOON.plus(QUARTER) : Story.NOON);
    Approval.Terms quarter = Approval.Terms.lasting(QUARTER);
    Approval.Terms terms =
        switch (flaw) {
          case "counted" -> quarter.once();
          case "too long" -> Approval.Terms.lasting(Duration.ofDays(2)).once();
          case "elsewhere" -> quarter.at(List.of("svc:wiki"));
          default -> quarter;
        };
    return e.approved(token, approver, call(), terms);
  }

  private Revocations withdrawn(String flaw, Approved... approvals) {
    Set<Fingerprint> revoked = new HashSet<>();
    for (Approved one : approvals) {
      Approval approval = one.approvals().get(0);
      revoked.add(Fingerprint.ofApproval(approval.approver(), approval.statement().id()));
    }
    return (fingerprints, now) -> {
      int found = -1;
      for (int i = fingerprints.size() - 1; i >= 0 && flaw.equals("withdrawn"); i--) {
        found = revoked.contains(fingerprints.get(i)) ? i : found;
      }
      return new RevocationCheck(RevocationStatus.FRESH, found, 1, Story.NOON);
    };
  }

  /** Nor does a good one that is not enough. */
  @Test
  void decide_oneOfTwoHiddenApprovers_isToldLikeAStranger() {
    String both =
        "approvers($a), {\"%s\", \"%s\"}.intersection($a).length() >= 2"
            .formatted(e.boss.publicKey(), e.auditor.publicKey());
    Verifier verifier = with("check if " + both + "; allow if true;");

    CallDecision one = decide(verifier, e.approved(token, e.boss, call()));
    CallDecision other = decide(verifier, e.approved(token, e.stranger, call()));

    assertDenied(one, DenialCode.APPROVAL_REQUIRED);
    assertSameButForTheKey(one, other);
  }

  private void assertSameButForTheKey(CallDecision one, CallDecision other) {
    String boss = e.boss.publicKey().toString();
    String stranger = e.stranger.publicKey().toString();
    assertThat(codeOf(other)).isEqualTo(codeOf(one));
    for (Function<CallDecision, String> text :
        List.<Function<CallDecision, String>>of(
            CallDecision::toJson, CallDecision::explanation, CallDecision::toString)) {
      assertThat(neutral(text.apply(other), stranger)).isEqualTo(neutral(text.apply(one), boss));
    }
  }

  /** Without the approver's key and what else differs between any two approvals. */
  private static String neutral(String text, String key) {
    return text.replace(key, "KEY");
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
    CallDecision decision =
        e.decide(
            story.verifier().build(),
            e.approved(handed, e.boss, call()),
            story.researcherKey,
            call());

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
