package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static dev.taper.agent.decision.Escalated.delete;
import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.names.ApproverNames;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Approvers by name: persons, their keys, and the groups that they are in. */
class ApproverGroupTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final PrivateKey bossAtHome = PrivateKey.generate(Algorithm.ED25519);
  private final ApproverNames names =
      ApproverNames.builder()
          .person("user:boss", e.boss.publicKey(), bossAtHome.publicKey())
          .person("user:auditor", e.auditor.publicKey())
          .person("user:lawyer", e.lawyer.publicKey())
          .group("finance", "user:boss", "user:auditor")
          .group("legal", List.of("user:lawyer"))
          .build();
  private final Verifier verifier = story.verifier().approverNames(names).build();
  private final AgentToken ofTwo = e.granted(delete().ifApprovedByGroup(2, "finance"));

  private CallDecision decide(Approved approved) {
    return decide(verifier, approved);
  }

  private CallDecision decide(Verifier own, Approved approved) {
    return e.decide(own, approved, story.plannerKey, call());
  }

  private Approved approved(AgentToken token, PrivateKey... approvers) {
    Approved all = Escalated.with(token);
    for (PrivateKey approver : approvers) {
      all = e.approved(all, approver, call());
    }
    return all;
  }

  @Test
  void decide_twoPersonsOfTheGroup_areEnough() {
    assertAllowed(decide(approved(ofTwo, e.boss, e.auditor)));
    assertAllowed(decide(approved(ofTwo, bossAtHome, e.auditor, e.lawyer)));
  }

  @Test
  void decide_twoKeysOfOnePerson_countOnce() {
    assertDenied(decide(approved(ofTwo, e.boss, bossAtHome)), DenialCode.APPROVAL_REQUIRED);
    AgentToken byKeys =
        e.granted(delete().ifApproved(2, e.boss.publicKey(), bossAtHome.publicKey()));
    assertDenied(decide(approved(byKeys, e.boss, bossAtHome)), DenialCode.APPROVAL_REQUIRED);
    // Whoever knows no names cannot tell.
    assertAllowed(decide(e.verifier, approved(byKeys, e.boss, bossAtHome)));
  }

  @Test
  void decide_personsOfAnotherGroupOrOfNone_countForNothing() {
    AgentToken one = e.granted(delete().ifApprovedByGroup(1, "finance"));

    assertAllowed(decide(approved(one, e.auditor)));
    assertDenied(decide(approved(one, e.lawyer)), DenialCode.APPROVAL_REQUIRED);
    assertDenied(decide(approved(one, e.stranger)), DenialCode.APPROVAL_REQUIRED);
    assertDenied(decide(e.verifier, approved(one, e.auditor)), DenialCode.APPROVAL_REQUIRED);
  }

  @Test
  void decide_groupAndKeys_needsBoth() {
    AgentToken both =
        e.granted(delete().ifApproved(e.lawyer.publicKey()).ifApprovedByGroup(1, "finance"));

    assertDenied(decide(approved(both, e.lawyer)), DenialCode.APPROVAL_REQUIRED);
    assertDenied(decide(approved(both, e.boss)), DenialCode.APPROVAL_REQUIRED);
    assertAllowed(decide(approved(both, e.boss, e.lawyer)));
  }

  @Test
  void decide_countedApprovalsOfAGroup_areClaimedByPerson() {
    Approval.Terms once = Approval.Terms.lasting(QUARTER).once();
    Approved all = Escalated.with(ofTwo);
    for (PrivateKey approver : List.of(e.boss, bossAtHome, e.auditor)) {
      all = e.approved(all, approver, call(), once);
    }

    assertAllowed(decide(all));
    // The other key of the boss is left, which is one person.
    assertDenied(decide(all), DenialCode.APPROVAL_USED);
    assertAllowed(decide(e.approved(all, e.auditor, call(), once)));
  }

  /** Who is in a group is told by no code, and by no text that the caller reads. */
  @Test
  void decide_memberAndStranger_areToldAlike() {
    String boss = e.boss.publicKey().toString();
    String stranger = e.stranger.publicKey().toString();
    CallDecision one = decide(approved(ofTwo, e.boss));
    CallDecision other = decide(approved(ofTwo, e.stranger));

    assertDenied(one, DenialCode.APPROVAL_REQUIRED);
    assertThat(codeOf(other)).isEqualTo(codeOf(one));
    assertThat(other.toJson().replace(stranger, boss)).isEqualTo(one.toJson());
    assertThat(other.explanation().replace(stranger, boss)).isEqualTo(one.explanation());
    assertThat(one.explanation())
        .contains("approval is missing or not enough; needed: approved by 2 of group \"finance\"")
        .contains("To activate the grant: have the call approved by 2 of group \"finance\"");
    assertThat(one.toJson()).contains("\"missing\":[\"approved by 2 of group \\\"finance\\\"\"]");
    MissingActivation missing = Objects.requireNonNull(denied(one).missingActivation());
    assertThat(missing.isApprovalMissing()).isTrue();
    assertThat(missing.approvers()).isEmpty();
    Verifier published = story.verifier().approverNames(names).publishApprovers().build();
    assertDenied(decide(published, approved(ofTwo, e.stranger)), DenialCode.APPROVAL_UNKNOWN_KEY);
    assertDenied(decide(published, approved(ofTwo, e.boss)), DenialCode.APPROVAL_REQUIRED);
  }

  @Test
  void decide_policyAsksForAGroup_isApprovalRequiredUntilItApproves() {
    Verifier asking =
        story
            .verifier()
            .approverNames(names)
            .policies(
                PolicySet.of(
                    Datalog.authorizer(
                        "allow if approved_by(\"finance\", $p), $p.length() >= 2, $p.contains("
                            + "\"user:boss\");")))
            .build();
    AgentToken token = e.granted(delete());

    CallDecision none = decide(asking, approved(token));

    assertDenied(none, DenialCode.APPROVAL_REQUIRED);
    assertThat(none.explanation()).doesNotContain("finance").contains("ask svc:jira by whom");
    assertThat(none.operatorExplanation()).contains("approved by 2 of group \"finance\"");
    assertAllowed(decide(asking, approved(token, e.auditor, bossAtHome)));
  }

  /** A policy that no group can meet is no matter of approvals. */
  @Test
  void decide_policyAsksForMoreThanTheGroupHas_isItsOwnRefusal() {
    Verifier asking =
        story
            .verifier()
            .approverNames(names)
            .policies(
                PolicySet.of(
                    Datalog.authorizer("allow if approved_by(\"finance\", $p), $p.length() >= 3;")))
            .build();

    assertDenied(
        decide(asking, approved(e.granted(delete()), e.boss)), DenialCode.NO_MATCHING_POLICY);
  }

  @Test
  void builder_namesThatContradictEachOther_areRefused() {
    assertThrows(
        () ->
            ApproverNames.builder()
                .person("user:a", e.boss.publicKey())
                .person("user:b", e.boss.publicKey()),
        ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> ApproverNames.builder().person("user:a"), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> ApproverNames.builder().group("finance", "user:a"), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> ApproverNames.builder().person(" ", e.boss.publicKey()), ErrorCode.INVALID_REQUEST);
    assertThat(ApproverNames.NONE.person(e.boss.publicKey())).isNull();
    assertThat(names.groups("user:boss")).containsExactly("finance");
    assertThat(names.members("finance")).containsExactly("user:auditor", "user:boss");
    assertThat(names.members("nobody")).isEmpty();
  }

  /** Many threads have them, and nobody may be made a member of a group by asking for it. */
  @Test
  void groups_andMembers_cannotBeChanged() {
    assertThat(names.groups("user:boss")).isUnmodifiable();
    assertThat(names.members("finance")).isUnmodifiable();
  }

  /**
   * What would be if a key approved is what is when it does: its person is counted in its groups.
   */
  @Test
  void factsIfAKeyApproved_areThoseOfItsApproval() {
    String key = e.boss.publicKey().toString();

    CallFacts assumed =
        new ApproverFacts(names).assumed(List.of(key), List.of()).addTo(CallFacts.none());

    assertThat(assumed)
        .isEqualTo(new ApproverFacts(names).approved(e.boss.publicKey()).addTo(CallFacts.none()))
        .isEqualTo(
            CallFacts.none()
                .approversNamed(List.of(key))
                .approvedBy("finance", List.of("user:boss")));
  }
}
