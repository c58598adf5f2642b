package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PrivateKey;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whether a call lacks nothing but approvals and justifications, and which. */
class ActivationSearchTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;

  private static String approvedBy(PrivateKey key) {
    return "approvers($a), {\"" + key.publicKey() + "\"}.intersection($a).length() >= 1";
  }

  private Attributed asked(AgentToken token, String policies) {
    return new Attributed(story, token, Escalated.call(), policies);
  }

  private Denied refusal(AgentToken token, String policies) {
    return asked(token, policies).refusal();
  }

  private Grant ifApproved(PrivateKey by) {
    return Escalated.delete().ifApproved(by.publicKey());
  }

  private static MissingActivation missing(Denied denied) {
    return Objects.requireNonNull(denied.missingActivation());
  }

  // The grant that is nearest

  @Test
  void find_severalGrantsCoverTheCall_isTheOneThatLacksLeast() {
    Grant least = ifApproved(e.auditor);
    AgentToken token =
        e.granted(
            Escalated.delete().ifJustified().ifApproved(e.boss.publicKey()),
            least,
            Escalated.delete().ifJustified().ifApproved(e.lawyer.publicKey()));

    Denied denied = refusal(token, "allow if true;");

    assertThat(denied.code()).isEqualTo(DenialCode.APPROVAL_REQUIRED);
    assertThat(missing(denied).grant()).isEqualTo(least);
    assertThat(missing(denied).approvers()).containsExactly(e.auditor.publicKey().toString());
  }

  @Test
  void find_severalGrantsLackAsMuch_isTheFirst() {
    AgentToken token = e.granted(ifApproved(e.boss), ifApproved(e.auditor));

    Denied denied = refusal(token, "allow if true;");

    assertThat(missing(denied).grant()).isEqualTo(ifApproved(e.boss));
    assertThat(missing(denied).approvers()).containsExactly(e.boss.publicKey().toString());
  }

  /** No budget of the evaluation counts it. */
  @Test
  void find_whatIsCompared_isCounted() {
    Attributed trials = asked(e.ifBossApproves(), "allow if true;");

    Denied denied = trials.refusal();

    long weight = 0;
    for (var caveat : denied.chain().hops().get(0).caveats()) {
      weight += caveat instanceof Grants grants ? grants.weight() : 0;
    }
    assertThat(denied.code()).isEqualTo(DenialCode.APPROVAL_REQUIRED);
    assertThat(weight).isGreaterThan(1);
    assertThat(trials.readings.compared()).isEqualTo(weight);
  }

  // What the service refuses for anything else

  @Test
  void find_checkOfTheServiceAsksForNoApproval_isThatChecksRefusal() {
    Denied denied = refusal(e.ifBossApproves(), "check if member(1); allow if true;");

    assertThat(denied.code()).isEqualTo(DenialCode.CHECK_FAILED);
    assertThat(denied.missingActivation()).isNull();
  }

  /** It has to name whom it asks for: it is not tried with just any approver. */
  @Test
  void find_policyNamesNoApprover_isOutOfScope() {
    Denied denied =
        refusal(e.ifBossApproves(), "allow if approvers($a), $a.length() > 0; allow if member(1);");

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(denied.missingActivation()).isNull();
  }

  // What is assumed

  @Test
  void find_policyAsksForAJustificationThatNoGrantAsksFor_isOutOfScope() {
    String policy = "allow if justified($t, $r), " + approvedBy(e.auditor) + ";";

    Denied denied = refusal(e.ifBossApproves(), policy);

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(denied.missingActivation()).isNull();
  }

  @Test
  void find_policyAsksForTheJustificationOfAGrant_isJustificationRequired() {
    String policy = "allow if justified($t, $r), " + approvedBy(e.auditor) + ";";

    Denied denied = refusal(e.ifJustified(), policy);

    assertThat(denied.code()).isEqualTo(DenialCode.JUSTIFICATION_REQUIRED);
    assertThat(missing(denied).missing()).hasSize(1);
    assertThat(missing(denied).approvers()).containsExactly(e.auditor.publicKey().toString());
  }
}
