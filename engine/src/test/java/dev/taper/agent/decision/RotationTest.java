package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A holder that goes on with a new key. */
class RotationTest {
  private static final ToolCall CALL = Story.search();

  private final Story story = new Story();
  private final Verifier verifier = story.verifier().build();
  private final PrivateKey newKey = PrivateKey.generate(Algorithm.SECP256R1);
  private final Hop rotation = Hop.rotateTo(newKey.publicKey());
  private final AgentToken rotated = story.atPlanner().delegate(story.plannerKey, rotation);

  private CallDecision decide(AgentToken token, PrivateKey key) {
    return story.decide(verifier, token, key, CALL);
  }

  @Test
  void decide_rotated_takesTheNewKeyAlone() {
    assertAllowed(decide(rotated, newKey));
    assertDenied(
        Attack.present(story, verifier, rotated.token(), story.plannerKey, CALL),
        DenialCode.PROOF_MISMATCH);
    assertAllowed(decide(story.atPlanner(), story.plannerKey));
  }

  @Test
  void chain_rotated_tellsTheRotation() {
    DelegationChain chain = rotated.chain();

    assertThat(chain.holder()).isEqualTo(Agent.of("agent:planner", newKey.publicKey()));
    assertThat(chain.depth()).isEqualTo(1);
    assertThat(chain).hasToString("user:alice@acme.com → agent:planner → agent:planner (new key)");
    assertThat(chain.hops())
        .extracting(DelegationHop::mode)
        .containsExactly(DelegationHop.Mode.AUTHORITY, DelegationHop.Mode.ROTATED);
    assertThat(chain.effectiveAuthority().words())
        .isEqualTo(story.atPlanner().chain().effectiveAuthority().words());
  }

  @Test
  void decision_rotated_tellsTheRotation() {
    AgentToken narrow =
        story.atPlanner().delegate(story.plannerKey, rotation.grant("jira.get"), story.clock);

    CallDecision decision = decide(narrow, newKey);

    assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    assertThat(decision.explanation())
        .contains("hop 1  agent:planner  rotated by agent:planner: jira.get");
    assertThat(decision.toJson())
        .contains("\"block\":1,\"mode\":\"rotated\",\"granted_by\":\"agent:planner\"");
  }

  @Test
  void warnings_rotation_areThoseOfAnyHop() {
    AgentToken token = story.atPlanner();

    assertThat(token.warnings(rotation, story.clock)).isEmpty();
    assertThat(token.warnings(rotation.grant("jira.get"), story.clock)).isEmpty();
    assertThat(token.warnings(rotation.grant("crm.read"), story.clock))
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.CONTRADICTION);
    assertThat(rotated.chain().warnings(Story.NOON).get(1)).isEmpty();
  }

  @Test
  void decide_rotationBeyondTheDepth_isTooDeep() {
    AgentToken token = story.issuer.mint(story.delegation().maxDepth(0));
    AgentToken deep = token.delegate(story.plannerKey, rotation, story.clock);

    assertThat(token.warnings(rotation, story.clock))
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.TOO_DEEP);
    assertDenied(decide(deep, newKey), DenialCode.TOO_DEEP);
  }

  @Test
  void delegate_behindARotation_isAllowed() {
    AgentToken handedOn = rotated.delegate(newKey, story.toResearcher(), story.clock);
    AgentToken back =
        handedOn.delegate(
            story.researcherKey, Hop.to(Agent.of("agent:planner", newKey.publicKey())));

    assertAllowed(decide(handedOn, story.researcherKey));
    assertAllowed(decide(back, newKey));
    assertThat(back.chain().hops().get(3).mode()).isEqualTo(DelegationHop.Mode.DELEGATED);
  }

  @Test
  void delegate_severalRotations_areAllowed() {
    PrivateKey third = PrivateKey.generate(Algorithm.ED25519);
    AgentToken twice = rotated.delegate(newKey, Hop.rotateTo(third.publicKey()));

    assertAllowed(decide(twice, third));
    assertThat(twice.chain().depth()).isEqualTo(2);
  }

  @Test
  void delegate_rotationByAnotherKey_isRefused() {
    assertThrows(
        () -> story.atPlanner().delegate(story.researcherKey, rotation),
        ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void delegate_rotationToTheSameKey_isRefused() {
    assertThatThrownBy(
            () ->
                story
                    .atPlanner()
                    .delegate(story.plannerKey, Hop.rotateTo(story.plannerKey.publicKey())))
        .hasMessageContaining("agent:planner has this key already");
  }

  @Test
  void delegate_holderAgainWithItsOwnKey_isAHandOverAndNoRotation() {
    AgentToken again = story.atPlanner().delegate(story.plannerKey, Hop.to(story.planner));

    assertAllowed(decide(again, story.plannerKey));
    assertThat(again.chain().hops().get(1).mode()).isEqualTo(DelegationHop.Mode.DELEGATED);
    assertThat(again.chain().depth()).isEqualTo(1);
  }

  @Test
  void delegate_ownNameWithAnotherKeyThatIsNotSaidToBeARotation_isRefused() {
    Hop hop = Hop.to(Agent.of("agent:planner", newKey.publicKey()));

    assertThatThrownBy(() -> story.atPlanner().delegate(story.plannerKey, hop))
        .hasMessageContaining("a new key of its own is a rotation");
  }

  @Test
  void delegate_rotationToAKeyOfTheChain_isRefused() {
    AgentToken token = story.atResearcher();

    assertThrows(
        () -> token.delegate(story.researcherKey, Hop.rotateTo(story.planner.key())),
        ErrorCode.PROFILE_VIOLATION);
    assertThrows(
        () -> rotated.delegate(newKey, Hop.rotateTo(story.planner.key())),
        ErrorCode.PROFILE_VIOLATION);
  }

  @Test
  void delegate_rotationOfABearerOrSealedToken_isRefused() {
    AgentToken bearer = story.atPlanner().delegate(story.plannerKey, Hop.toBearer(), story.clock);
    AgentToken sealed = story.atPlanner().seal(story.plannerKey);

    assertThrows(() -> bearer.delegate(story.plannerKey, rotation), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> bearer.narrowBearer(rotation, story.clock), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> sealed.delegate(story.plannerKey, rotation), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void decide_justifiedBeforeTheRotation_isRequiredAnew() {
    Escalated e = new Escalated();
    AgentToken justified = e.justified(e.ifJustified(), "jira.delete", Duration.ofMinutes(5));
    assertAllowed(e.decide(justified));

    AgentToken later = justified.delegate(e.story.plannerKey, rotation, e.story.clock);

    assertDenied(
        e.story.decide(e.verifier, later, newKey, Escalated.call()),
        DenialCode.JUSTIFICATION_BY_EARLIER_HOLDER);
  }

  @Test
  void decide_approvedBeforeTheRotation_isRequiredAnew() {
    Escalated e = new Escalated();
    Escalated.Approved approved = e.approved(e.ifBossApproves(), e.boss, Escalated.call());
    assertAllowed(e.decide(approved));

    AgentToken later = approved.token().delegate(e.story.plannerKey, rotation, e.story.clock);

    assertDenied(
        e.decide(
            e.verifier,
            new Escalated.Approved(later, approved.approvals()),
            newKey,
            Escalated.call()),
        DenialCode.APPROVAL_FOR_EARLIER_HOLDER);
  }

  @Test
  void decide_rotated_isVerifiedOnlyIfTheDirectoryKnowsEveryKeyOfTheName() {
    PublicKey old = story.planner.key();
    PublicKey now = newKey.publicKey();
    AgentToken token = story.issuer.mint(story.delegation().verifiedHolderOnly());
    AgentToken later = token.delegate(story.plannerKey, rotation, story.clock);

    assertAllowed(decide(later, newKey, old, now));
    assertDenied(decide(later, newKey, now), DenialCode.HOLDER_NOT_VERIFIED);
    assertDenied(decide(later, newKey, old), DenialCode.HOLDER_NOT_VERIFIED);
    assertAllowed(decide(token, story.plannerKey, old, now));
    assertAllowed(decide(token, story.plannerKey, old));
  }

  private CallDecision decide(AgentToken token, PrivateKey holder, PublicKey... known) {
    AgentDirectory directory = AgentDirectory.of(Map.of("agent:planner", List.of(known)));
    return story.decide(story.verifier().directory(directory).build(), token, holder, CALL);
  }

  @Test
  void decide_keyOfAnEarlierNameUnknown_saysNothingAboutTheLaterHolder() {
    AgentToken token =
        story
            .issuer
            .mint(story.delegation().verifiedHolderOnly())
            .delegate(story.plannerKey, rotation, story.clock)
            .delegate(newKey, story.toResearcher(), story.clock);
    AgentDirectory directory =
        AgentDirectory.of(
            Map.of(
                "agent:planner", List.of(newKey.publicKey()),
                "agent:researcher", List.of(story.researcher.key())));

    assertAllowed(
        story.decide(
            story.verifier().directory(directory).build(), token, story.researcherKey, CALL));
  }
}
