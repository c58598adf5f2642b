package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A key revoked as last holder: what it holds dies, what it handed on lives. */
class LastHolderTest {
  private final Story story = new Story();
  private final PrivateKey newKey = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationList list =
      RevocationList.trusting(revoker.publicKey()).clock(story.clock).forgottenAtRestart().build();
  private final Verifier verifier =
      story.verifier().revocations(list).acceptBearer().acceptSealed().build();
  private final AgentToken old = story.atPlanner();
  private final AgentToken rotated =
      old.delegate(story.plannerKey, Hop.rotateTo(newKey.publicKey()), story.clock);

  LastHolderTest() {
    Validity validity = Validity.from(story.clock, Duration.ofMinutes(5), Duration.ofMinutes(5));
    RevocationEntry entry =
        RevocationEntry.forever(
            RevocationEntry.Kind.LAST_HOLDER, Fingerprint.ofLastHolder(story.planner.key()));
    list.apply(RevocationIssuer.of(revoker).snapshot(1, List.of(entry), validity));
  }

  private CallDecision decide(AgentToken token, PrivateKey holder) {
    return story.decide(verifier, token, holder, Story.search());
  }

  @Test
  void decide_heldByTheKey_isRevoked() {
    CallDecision decision = decide(old, story.plannerKey);

    assertDenied(decision, DenialCode.REVOKED);
    assertThat(denied(decision).reason())
        .isEqualTo("the key of agent:planner as last holder is revoked");
    assertThat(denied(decision).failingHop()).isEqualTo(decision.chain().hops().get(0));
    assertThat(denied(decision).reasons().get(0).wanted()).isEqualTo("no revoked last holder");
  }

  @Test
  void decide_rotatedOrHandedOn_lives() {
    assertAllowed(decide(rotated, newKey));
    assertAllowed(decide(rotated.delegate(newKey, story.toResearcher()), story.researcherKey));
    assertAllowed(decide(story.atResearcher(), story.researcherKey));
  }

  @Test
  void decide_siblingOfTheSameKey_isRevoked() {
    AgentToken sibling = story.issuer.mint(story.delegation().task("T-4712"));

    assertDenied(decide(sibling, story.plannerKey), DenialCode.REVOKED);
  }

  @Test
  void decide_ownBlocksOfTheKey_areRevoked() {
    AgentToken narrowed = old.delegate(story.plannerKey, Hop.toSelf(), story.clock);
    AgentToken noted =
        old.append(old.thirdPartyRequest().sign(newKey, Block.builder().build()), story.plannerKey);

    assertDenied(decide(narrowed, story.plannerKey), DenialCode.REVOKED);
    assertDenied(decide(noted, story.plannerKey), DenialCode.REVOKED);
  }

  @Test
  void decide_handedBackToTheKey_isRevokedAtTheHopThatDidIt() {
    AgentToken back = story.atResearcher().delegate(story.researcherKey, Hop.to(story.planner));

    CallDecision decision = decide(back, story.plannerKey);

    assertDenied(decision, DenialCode.REVOKED);
    assertThat(denied(decision).failingHop()).isEqualTo(decision.chain().hops().get(2));
  }

  @Test
  void decide_sealedByTheKey_isRevoked() {
    AgentToken sealed = old.seal(story.plannerKey);

    assertDenied(
        verifier.decide(sealed.token(), Story.search(), null, SentApprovals.NONE),
        DenialCode.REVOKED);
  }

  /** A bearer token is handed on: the key holds it no more. */
  @Test
  void decide_handedToABearer_lives() {
    AgentToken bearer = old.delegate(story.plannerKey, Hop.toBearer(), story.clock);

    assertAllowed(verifier.decide(bearer.token(), Story.search(), null, SentApprovals.NONE));
  }

  @Test
  void decide_keyOfAThirdPartyOnly_lives() {
    AgentToken token = story.atResearcher();
    AgentToken noted =
        token.append(
            token.thirdPartyRequest().sign(story.plannerKey, Block.builder().build()),
            story.researcherKey);

    assertAllowed(decide(noted, story.researcherKey));
  }

  @Test
  void decide_keyRevokedAsAKey_endsTheRotatedTokenToo() {
    Validity validity = Validity.from(story.clock, Duration.ofMinutes(5), Duration.ofMinutes(5));
    RevocationEntry entry =
        RevocationEntry.forever(
            RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(story.planner.key()));
    list.apply(RevocationIssuer.of(revoker).delta(1, 2, List.of(entry), validity));

    assertDenied(decide(rotated, newKey), DenialCode.REVOKED);
  }

  @Test
  void standsOn_heldToken_endsWithTheLastHolder() {
    assertThat(rotated.standsOn(null))
        .containsEntry(
            Fingerprint.ofLastHolder(newKey.publicKey()), "the key of agent:planner as last holder")
        .doesNotContainKey(Fingerprint.ofLastHolder(story.planner.key()));
    assertThat(List.copyOf(rotated.standsOn(null).keySet()))
        .last()
        .isEqualTo(Fingerprint.ofLastHolder(newKey.publicKey()));
  }
}
