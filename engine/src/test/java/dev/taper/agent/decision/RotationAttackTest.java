package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.assertViolation;
import static dev.taper.agent.decision.Attack.present;

import dev.taper.ErrorCode;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rotations by others than the holder, and keys that return. */
@ParameterizedClass
@EnumSource(Caching.class)
class RotationAttackTest {
  private static final ToolCall CALL = Story.search();
  private static final String PLANNER = "holder(\"agent:planner\");";
  private static final String RESEARCHER = "holder(\"agent:researcher\");";
  private static final String TWO_KEYS = "agent:planner has two keys in one chain";
  private static final String RETURNS = "a key returns that its holder gave up in a rotation";

  private final Story story;
  private final PrivateKey newKey = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey third = PrivateKey.generate(Algorithm.SECP256R1);
  private final PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);

  RotationAttackTest(Caching caching) {
    this.story = new Story(caching);
  }

  private ForgedChain planner() {
    return ForgedChain.of(story.atPlanner());
  }

  private ForgedChain rotated() {
    return planner().then(PLANNER, story.plannerKey, newKey.publicKey());
  }

  private void assertGood(ForgedChain chain, PrivateKey holder) {
    assertAllowed(present(story, chain.held(), holder, CALL));
  }

  private void assertRefused(ForgedChain chain, PrivateKey holder, String why) {
    assertViolation(() -> present(story, chain.held(), holder, CALL), why);
  }

  @Test
  void decide_rotationsByTheHolder_areAllowed() {
    assertGood(rotated(), newKey);
    assertGood(rotated().then(PLANNER, newKey, third.publicKey()), third);
    assertGood(
        planner()
            .then("check if true;", story.plannerKey, story.planner.key())
            .then(PLANNER, story.plannerKey, newKey.publicKey())
            .then("check if true;", newKey, newKey.publicKey()),
        newKey);
  }

  @Test
  void decide_rotationBehindAThirdPartysBlock_isAllowed() {
    AgentToken token = story.atPlanner();
    AgentToken noted =
        token.append(
            token.thirdPartyRequest().sign(mallory, Datalog.block("note(1);")), story.plannerKey);

    assertGood(ForgedChain.of(noted).then(PLANNER, story.plannerKey, newKey.publicKey()), newKey);
  }

  @Test
  void decide_rotationBack_isAViolation() {
    assertRefused(
        rotated().then(PLANNER, newKey, story.planner.key()),
        story.plannerKey,
        "block 2: " + RETURNS);
    assertRefused(
        rotated()
            .then(PLANNER, newKey, third.publicKey())
            .then(PLANNER, third, story.planner.key()),
        story.plannerKey,
        "block 3: " + RETURNS);
    assertRefused(
        rotated().then(PLANNER, newKey, third.publicKey()).then(PLANNER, third, newKey.publicKey()),
        newKey,
        "block 3: " + RETURNS);
  }

  @Test
  void decide_oldKeyUnderAnotherName_isAViolation() {
    assertRefused(
        rotated().then("holder(\"agent:auditor\");", newKey, story.planner.key()),
        story.plannerKey,
        "block 2: " + RETURNS);
  }

  @Test
  void decide_oldKeyHandedTheTokenByALaterHolder_isAViolation() {
    ForgedChain further = rotated().then(RESEARCHER, newKey, story.researcher.key());

    assertGood(further.then(PLANNER, story.researcherKey, newKey.publicKey()), newKey);
    assertRefused(
        further.then(PLANNER, story.researcherKey, story.planner.key()),
        story.plannerKey,
        "block 3: " + RETURNS);
  }

  @Test
  void decide_oldKeyAsTheThrowAwayKeyOfABearerTail_isAViolation() {
    UnverifiedToken tail = rotated().then("", newKey, story.planner.key()).bearer(story.plannerKey);

    assertViolation(
        () -> Attack.everything(story).decide(tail, CALL, null, SentApprovals.NONE),
        "block 2: " + RETURNS);
  }

  @Test
  void decide_rotationToAKeyOfAnotherHolder_isAViolation() {
    assertRefused(
        ForgedChain.of(story.atResearcher())
            .then(RESEARCHER, story.researcherKey, story.planner.key()),
        story.plannerKey,
        "block 2: one key has two names in one chain: agent:planner and agent:researcher");
  }

  @Test
  void decide_nameOfAnEarlierHolderWithAnotherKey_isAViolation() {
    ForgedChain researcher = ForgedChain.of(story.atResearcher());

    assertRefused(
        researcher.then(PLANNER, story.researcherKey, mallory.publicKey()),
        mallory,
        "block 2: " + TWO_KEYS);
    assertRefused(
        researcher.then(PLANNER, story.researcherKey, story.researcher.key()),
        story.researcherKey,
        "block 2: " + TWO_KEYS);
  }

  @Test
  void decide_nameOfAnEarlierHolderOnceItHasTheTokenAgain_canBeRotated() {
    ForgedChain back =
        ForgedChain.of(story.atResearcher())
            .then(PLANNER, story.researcherKey, story.planner.key());

    assertGood(back.then(PLANNER, story.plannerKey, newKey.publicKey()), newKey);
  }

  @Test
  void decide_nameInAThirdPartysBlock_isAViolation() {
    AgentToken token = story.atPlanner();

    assertThrows(
        () ->
            token.append(
                token.thirdPartyRequest().sign(mallory, Datalog.block(PLANNER)), story.plannerKey),
        ErrorCode.PROFILE_VIOLATION);
  }

  @Test
  void decide_nameInABearerTail_isAViolation() {
    assertRefused(
        planner()
            .then("", story.plannerKey, mallory.publicKey())
            .then(PLANNER, mallory, newKey.publicKey()),
        newKey,
        "block 2: a holder is named after the chain became a bearer token");
  }

  @Test
  void decide_rotationThatTheHolderDidNotSign_throws() {
    for (PrivateKey other : new PrivateKey[] {mallory, story.root, newKey}) {
      UnverifiedToken token = planner().then(PLANNER, other, newKey.publicKey()).held();
      assertThrows(() -> present(story, token, newKey, CALL), ErrorCode.INVALID_SIGNATURE);
    }
  }

  @Test
  void decide_oldKeyGoesOnBehindTheRotation_throws() {
    UnverifiedToken handedOn =
        rotated().then(RESEARCHER, story.plannerKey, story.researcher.key()).held();

    assertThrows(
        () -> present(story, handedOn, story.researcherKey, CALL), ErrorCode.INVALID_SIGNATURE);
    assertDenied(
        present(story, rotated().held(), story.plannerKey, CALL), DenialCode.PROOF_MISMATCH);
  }

  @Test
  void decide_rotationInSignatureVersion0_isAViolation() {
    assertRefused(
        planner().then(Datalog.block(PLANNER), story.plannerKey, newKey.publicKey(), 0),
        newKey,
        "block 1: a held chain needs signatures of version 1");
  }

  @Test
  void decide_rotationMovedToAnotherTokenOfTheHolder_throws() {
    ForgedChain wider =
        ForgedChain.of(story.issuer.mint(story.delegation().task("T-4712").grant("jira.delete")));

    assertThrows(
        () -> present(story, wider.then(rotated().block(1)).held(), newKey, CALL),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_rotationCutOff_takesTheOldKeyAlone() {
    UnverifiedToken cut = rotated().pick(0).held();

    assertDenied(present(story, cut, newKey, CALL), DenialCode.PROOF_MISMATCH);
    assertAllowed(present(story, cut, story.plannerKey, CALL));
  }
}
