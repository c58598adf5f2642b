package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An approver takes back what it approved: the approval is void, and the token lives. */
class WithdrawalTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationList list =
      RevocationList.trusting(revoker.publicKey()).clock(story.clock).forgottenAtRestart().build();
  private final Verifier verifier = story.verifier().revocations(list).build();
  private long sequence;

  private void revoke(RevocationEntry... entries) {
    Validity validity = Validity.from(story.clock, Duration.ofMinutes(5), Duration.ofMinutes(5));
    list.apply(RevocationIssuer.of(revoker).snapshot(++sequence, List.of(entries), validity));
  }

  private static RevocationEntry withdrawn(Approval approval) {
    return RevocationEntry.forever(
        RevocationEntry.Kind.APPROVAL,
        Fingerprint.ofApproval(approval.approver(), approval.statement().id()));
  }

  private CallDecision decide(Approved approved) {
    return e.decide(verifier, approved, story.plannerKey, call());
  }

  @Test
  void decide_withdrawnApproval_countsForNothingAndTheTokenLives() {
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call());
    revoke();
    assertAllowed(decide(approved));

    revoke(withdrawn(approved.approvals().get(0)));

    CallDecision decision = decide(approved);
    assertDenied(decision, DenialCode.APPROVAL_WITHDRAWN);
    assertThat(decision.explanation())
        .contains("the approval by " + e.boss.publicKey() + " was withdrawn");
    assertAllowed(decide(e.approved(approved, e.boss, call())));
    assertAllowed(e.decide(verifier, approved, story.plannerKey, ToolCall.of("jira.search")));
  }

  @Test
  void decide_severalWithdrawn_theOthersCount() {
    Approved approved = Escalated.with(e.ifTwoApprove());
    for (PrivateKey approver : List.of(e.stranger, e.boss, e.auditor, e.lawyer)) {
      approved = e.approved(approved, approver, call());
      story.clock.forward(Duration.ofSeconds(1));
    }
    List<Approval> given = approved.approvals();

    revoke(withdrawn(given.get(0)), withdrawn(given.get(2)));
    assertAllowed(decide(approved));
    revoke(withdrawn(given.get(0)), withdrawn(given.get(2)), withdrawn(given.get(3)));
    assertDenied(decide(approved), DenialCode.APPROVAL_WITHDRAWN);
  }

  @Test
  void decide_countedApprovalWithdrawnHalfWay_isOver() {
    Approved approved =
        e.approved(e.ifBossApproves(), e.boss, call(), Approval.Terms.lasting(QUARTER).uses(5));
    revoke();
    assertAllowed(decide(approved));

    revoke(withdrawn(approved.approvals().get(0)));

    assertDenied(decide(approved), DenialCode.APPROVAL_WITHDRAWN);
  }

  /** A stolen key of an approver approves nothing any more, and no token ends by that. */
  @Test
  void decide_approversKeyRevoked_isWithdrawn() {
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call());
    revoke(
        RevocationEntry.forever(
            RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(e.boss.publicKey())));

    assertDenied(decide(approved), DenialCode.APPROVAL_WITHDRAWN);
    assertAllowed(e.decide(verifier, approved, story.plannerKey, ToolCall.of("jira.search")));
  }

  /** Nobody takes back what another one approved, though both call it the same. */
  @Test
  void ofApproval_sameIdByAnotherKey_isAnotherThing() {
    Approval approval = e.approval(e.ifBossApproves(), e.boss);
    String id = approval.statement().id();

    assertThat(Fingerprint.ofApproval(e.boss.publicKey(), id))
        .isNotEqualTo(Fingerprint.ofApproval(e.auditor.publicKey(), id));
  }

  @Test
  void decide_listStaleOnceApprovalsAreLookedUp_refuses() {
    int[] looked = {0};
    Revocations aging =
        (fingerprints, now) ->
            new RevocationCheck(
                looked[0]++ == 0 ? RevocationStatus.FRESH : RevocationStatus.STALE,
                -1,
                1,
                Story.NOON);
    Verifier own = story.verifier().revocations(aging).build();
    Approved approved = e.approved(e.ifBossApproves(), e.boss, call());

    assertDenied(e.decide(own, approved, story.plannerKey, call()), DenialCode.REVOCATION_STALE);
    assertThat(looked[0]).isEqualTo(2);
  }
}
