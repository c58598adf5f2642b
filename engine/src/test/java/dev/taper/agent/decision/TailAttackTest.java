package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.assertViolation;
import static dev.taper.agent.decision.Attack.present;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends of tokens, seals and bearer tails, where they do not belong. */
@ParameterizedClass
@EnumSource(Caching.class)
class TailAttackTest {
  private static final ToolCall CALL = Story.search();

  private final Story story;
  private final PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);

  TailAttackTest(Caching caching) {
    this.story = new Story(caching);
  }

  private static ForgedChain forge(AgentToken token) {
    return ForgedChain.of(token);
  }

  @Test
  void decide_firstBlockOfABearerTailInSignatureVersion0_isAViolation() {
    PrivateKey throwAway = PrivateKey.generate(Algorithm.ED25519);
    SignedBlock narrow =
        forge(story.atPlanner())
            .then(Block.builder().build(), story.plannerKey, throwAway.publicKey(), 0)
            .block(1);
    AgentToken wider = story.issuer.mint(story.delegation().task("T-4712", "another"));
    UnverifiedToken token = forge(wider).then(narrow).bearer(throwAway);

    assertViolation(
        () -> DelegationChain.of(token.verifyAny(id -> List.of(story.root.publicKey()))),
        "block 1: a held chain needs signatures of version 1");
  }

  @Test
  void decide_sealedChainTruncated_throws() {
    AgentToken sealed = story.atScraper().seal(story.scraperKey);
    TokenEnd seal = RawToken.decode(sealed.encode(), DecodeLimits.DEFAULT).proof();
    Verifier verifier = Attack.everything(story);

    assertAllowed(verifier.decide(forge(sealed).end(seal), CALL, null, SentApprovals.NONE));
    assertThrows(
        () -> verifier.decide(forge(sealed).pick(0, 1).end(seal), CALL, null, SentApprovals.NONE),
        ErrorCode.MALFORMED_SIGNATURE);
  }

  @Test
  void decide_sealOfAnotherTokenOfTheSameHolder_throws() {
    AgentToken narrow = story.atPlanner().seal(story.plannerKey);
    AgentToken wide = story.issuer.mint(story.delegation().grant("jira.delete"));
    TokenEnd seal = RawToken.decode(narrow.encode(), DecodeLimits.DEFAULT).proof();

    assertThrows(
        () ->
            Attack.everything(story).decide(forge(wide).end(seal), CALL, null, SentApprovals.NONE),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_sealUnderAHeldToken_cannotStandInForAProof() {
    AgentToken sealed = story.atPlanner().seal(story.plannerKey);

    assertDenied(
        story.verifier().build().decide(sealed.token(), CALL, null, SentApprovals.NONE),
        DenialCode.SEALED_NOT_ACCEPTED);
    assertDenied(
        Attack.everything(story).decide(forge(sealed).held(), CALL, null, SentApprovals.NONE),
        DenialCode.PROOF_REQUIRED);
  }

  @Test
  void decide_bearerChainTruncated_throws() {
    PrivateKey last = PrivateKey.generate(Algorithm.ED25519);
    ForgedChain chain =
        forge(story.atPlanner())
            .then("", story.plannerKey, mallory.publicKey())
            .then("check if tool(\"jira.get\");", mallory, last.publicKey());
    Verifier verifier = Attack.everything(story);

    assertDenied(
        verifier.decide(chain.bearer(last), CALL, null, SentApprovals.NONE),
        DenialCode.OUT_OF_SCOPE);
    assertThrows(
        () -> verifier.decide(chain.pick(0, 1).bearer(last), CALL, null, SentApprovals.NONE),
        ErrorCode.INVALID_PROOF);
    assertDenied(
        story.verifier().build().decide(chain.bearer(last), CALL, null, SentApprovals.NONE),
        DenialCode.BEARER_NOT_ACCEPTED);
  }

  @Test
  void decide_heldTokenPresentedAsBearerWithAForeignSecret_throws() {
    assertThrows(
        () ->
            Attack.everything(story)
                .decide(forge(story.atPlanner()).bearer(mallory), CALL, null, SentApprovals.NONE),
        ErrorCode.INVALID_PROOF);
  }

  @Test
  void decide_holderNamedAfterABearerTail_isAViolation() {
    UnverifiedToken token =
        forge(story.atPlanner())
            .then("", story.plannerKey, mallory.publicKey())
            .then("holder(\"agent:researcher\");", mallory, story.researcher.key())
            .held();

    assertViolation(
        () -> present(story, token, story.researcherKey, CALL),
        "block 2: a holder is named after the chain became a bearer token");
  }

  @Test
  void decide_heldProofUnderABearerTail_isAViolation() {
    UnverifiedToken token =
        forge(story.atPlanner()).then("", story.plannerKey, mallory.publicKey()).held();

    assertViolation(
        () -> present(story, token, mallory, CALL),
        "block 1: a bearer token cannot become a held one again");
  }

  @Test
  void decide_bearerTailUnderAHoldersName_isAViolation() {
    UnverifiedToken token =
        forge(story.atResearcher())
            .then("holder(\"agent:planner\");", story.researcherKey, mallory.publicKey())
            .bearer(mallory);

    assertViolation(
        () -> Attack.everything(story).decide(token, CALL, null, SentApprovals.NONE),
        "block 2: agent:planner has two keys in one chain");
  }

  @Test
  void chain_ofBearerTokenThatNamesAHolder_isHeldByNobody() {
    UnverifiedToken token =
        forge(story.atPlanner())
            .then("holder(\"agent:ceo\");", story.plannerKey, mallory.publicKey())
            .bearer(mallory);

    CallDecision decision = Attack.everything(story).decide(token, CALL, null, SentApprovals.NONE);

    assertAllowed(decision);
    assertThat(decision.chain().holder()).isNull();
  }
}
