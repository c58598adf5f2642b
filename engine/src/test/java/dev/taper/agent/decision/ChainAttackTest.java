package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.assertViolation;
import static dev.taper.agent.decision.Attack.present;
import static dev.taper.testing.Denials.lastHolderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import dev.taper.wire.SignedBlock;
import dev.taper.wire.TokenEnd;
import java.time.Duration;
import java.util.Base64;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains that somebody took apart and put together in another way. */
@ParameterizedClass
@EnumSource(Caching.class)
class ChainAttackTest {
  private static final ToolCall CALL = Story.search();

  private final Story story;
  private final PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);

  ChainAttackTest(Caching caching) {
    this.story = new Story(caching);
  }

  private static ForgedChain forge(AgentToken token) {
    return ForgedChain.of(token);
  }

  @Test
  void decide_forgedChainOfRightfulSignatures_isAllowed() {
    UnverifiedToken token =
        forge(story.atPlanner())
            .then("holder(\"agent:researcher\");", story.plannerKey, story.researcher.key())
            .held();

    assertAllowed(present(story, token, story.researcherKey, CALL));
  }

  @Test
  void decide_blockSignedByAKeyThatIsNotTheHolder_throws() {
    UnverifiedToken token =
        forge(story.atPlanner())
            .then("holder(\"agent:mallory\");", mallory, mallory.publicKey())
            .held();

    assertThrows(() -> present(story, token, mallory, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_blockSignedByAnEarlierHolder_throws() {
    UnverifiedToken token =
        forge(story.atResearcher())
            .then("holder(\"agent:planner\");", story.plannerKey, story.planner.key())
            .held();

    assertThrows(() -> present(story, token, story.plannerKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_blockSignedByTheRootKeyBehindAHolder_throws() {
    UnverifiedToken token =
        forge(story.atPlanner())
            .then("holder(\"agent:mallory\");", story.root, mallory.publicKey())
            .held();

    assertThrows(() -> present(story, token, mallory, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_nextKeyOfABlockExchanged_throws() {
    SignedBlock last = forge(story.atResearcher()).block(1);
    UnverifiedToken token =
        forge(story.atPlanner())
            .then(SignedBlock.of(last.payload(), mallory.publicKey(), last.signature(), null, 1))
            .held();

    assertThrows(() -> present(story, token, mallory, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_payloadOfABlockExchanged_throws() {
    SignedBlock last = forge(story.atResearcher()).block(1);
    byte[] wider = forge(story.atPlanner()).block(0).payload();
    UnverifiedToken token =
        forge(story.atPlanner())
            .then(SignedBlock.of(wider, last.nextKey(), last.signature(), null, 1))
            .held();

    assertThrows(
        () -> present(story, token, story.researcherKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_blockMovedToAnotherTokenOfTheSameHolder_throws() {
    AgentToken wider = story.issuer.mint(story.delegation().task("T-4712").grant("jira.delete"));
    UnverifiedToken token = forge(wider).then(forge(story.atResearcher()).block(1)).held();

    assertThrows(
        () -> present(story, token, story.researcherKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  /** Version 0 does not cover the signature before: the profile's rule alone stops the move. */
  @Test
  void decide_blockOfSignatureVersion0MovedToAnotherToken_isAViolation() {
    Block block = Datalog.block("holder(\"agent:researcher\");");
    AgentToken other = story.issuer.mint(story.delegation().task("T-4712", "another"));
    SignedBlock hop =
        forge(story.atPlanner()).then(block, story.plannerKey, story.researcher.key(), 0).block(1);
    UnverifiedToken token = forge(other).then(hop).held();

    assertViolation(
        () -> present(story, token, story.researcherKey, CALL),
        "block 1: a held chain needs signatures of version 1");
  }

  /** The holder, not a bearer, signs the first block of a bearer tail. */
  @Test
  void decide_authorityBlockOfSignatureVersion0_isAViolation() {
    Block authority = forge(story.atPlanner()).held().blocks().get(0).block();
    UnverifiedToken token =
        ForgedChain.empty().then(authority, story.root, story.planner.key(), 0).held();

    assertViolation(
        () -> present(story, token, story.plannerKey, CALL),
        "block 0: a held chain needs signatures of version 1");
  }

  @Test
  void decide_parentReissuedWithMore_throws() {
    AgentToken wider = story.issuer.mint(story.delegation().grant("jira.delete"));
    UnverifiedToken token = forge(wider).then(forge(story.atResearcher()).block(1)).held();

    assertThrows(
        () -> present(story, token, story.researcherKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_parentSwappedForThatOfAnotherHolder_throws() {
    AgentToken other = story.issuer.mint(story.delegation().to(Agent.of("a", mallory.publicKey())));
    UnverifiedToken token = forge(other).then(forge(story.atResearcher()).block(1)).held();

    assertThrows(
        () -> present(story, token, story.researcherKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_hopReplacedByAnotherOfTheSameHolder_throws() {
    AgentToken wider =
        story.atPlanner().delegate(story.plannerKey, Hop.to(story.researcher), story.clock);
    UnverifiedToken token = forge(wider).then(forge(story.atScraper()).block(2)).held();

    assertThrows(() -> present(story, token, story.scraperKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_blocksReordered_throws() {
    UnverifiedToken token = forge(story.atScraper()).pick(0, 2, 1).held();

    assertThrows(
        () -> present(story, token, story.researcherKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_ownBlocksOfOneHolderReordered_throws() {
    AgentToken twice =
        story
            .atPlanner()
            .delegate(story.plannerKey, Hop.toSelf().grant("jira.search"), story.clock)
            .delegate(story.plannerKey, Hop.toSelf().grant("jira.*"), story.clock);

    assertAllowed(present(story, forge(twice).held(), story.plannerKey, CALL));
    assertThrows(
        () -> present(story, forge(twice).pick(0, 2, 1).held(), story.plannerKey, CALL),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_middleBlockDropped_throws() {
    UnverifiedToken token = forge(story.atScraper()).pick(0, 2).held();

    assertThrows(() -> present(story, token, story.scraperKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_ownNarrowingBlockDropped_throws() {
    AgentToken token =
        story
            .atPlanner()
            .delegate(story.plannerKey, Hop.toSelf().grant("jira.get"), story.clock)
            .delegate(story.plannerKey, Hop.to(story.researcher), story.clock);

    assertDenied(
        present(story, forge(token).held(), story.researcherKey, CALL), DenialCode.OUT_OF_SCOPE);
    assertThrows(
        () -> present(story, forge(token).pick(0, 2).held(), story.researcherKey, CALL),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_authorityBlockDropped_throws() {
    UnverifiedToken token = forge(story.atScraper()).pick(1, 2).held();

    assertThrows(() -> present(story, token, story.scraperKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_chainTruncatedToAnAncestors_needsTheAncestorsProof() {
    UnverifiedToken token = forge(story.atScraper()).pick(0, 1).held();

    assertDenied(present(story, token, story.scraperKey, CALL), DenialCode.PROOF_MISMATCH);
    assertDenied(
        Attack.everything(story).decide(token, CALL, null, SentApprovals.NONE),
        DenialCode.PROOF_REQUIRED);
    assertAllowed(present(story, token, story.researcherKey, CALL));
  }

  @Test
  void decide_blockDuplicated_throws() {
    UnverifiedToken token = forge(story.atScraper()).pick(0, 1, 1, 2).held();

    assertThrows(() -> present(story, token, story.scraperKey, CALL), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_ownBlockDuplicated_throws() {
    AgentToken narrowed = story.atPlanner().delegate(story.plannerKey, Hop.toSelf(), story.clock);

    assertThrows(
        () -> present(story, forge(narrowed).pick(0, 1, 1).held(), story.plannerKey, CALL),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_chainHandedBackToAnEarlierHolderWithoutNamingIt_isAViolation() {
    UnverifiedToken token =
        forge(story.atResearcher()).then("", story.researcherKey, story.planner.key()).held();

    assertViolation(
        () -> present(story, token, story.plannerKey, CALL),
        "block 2: a bearer token cannot become a held one again");
  }

  @Test
  void decide_nextKeyOfAThirdPartyBlockExchanged_throws() {
    AgentToken token = story.atPlanner();
    SignedBlock appended =
        forge(
                token.append(
                    token.thirdPartyRequest().sign(mallory, Datalog.block("approved(true);")),
                    story.plannerKey))
            .block(1);

    assertAllowed(present(story, forge(token).then(appended).held(), story.plannerKey, CALL));
    assertThrows(
        () ->
            present(
                story,
                forge(token)
                    .then(
                        SignedBlock.of(
                            appended.payload(),
                            mallory.publicKey(),
                            appended.signature(),
                            appended.external(),
                            1))
                    .held(),
                mallory,
                CALL),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_thirdPartyBlockMovedToAnotherToken_throws() {
    AgentToken token = story.atPlanner();
    SignedBlock approval =
        forge(
                token.append(
                    token.thirdPartyRequest().sign(mallory, Datalog.block("approved(true);")),
                    story.plannerKey))
            .block(1);
    AgentToken other = story.issuer.mint(story.delegation().task("T-4712"));

    assertThrows(
        () -> present(story, forge(other).then(approval).held(), story.plannerKey, CALL),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_oneKeyUnderTwoNames_isAViolation() {
    UnverifiedToken token =
        forge(story.atResearcher())
            .then("holder(\"agent:auditor\");", story.researcherKey, story.planner.key())
            .held();

    assertViolation(
        () -> present(story, token, story.plannerKey, CALL),
        "block 2: one key has two names in one chain: agent:planner and agent:auditor");
  }

  @Test
  void decide_twoKeysUnderOneName_isAViolation() {
    UnverifiedToken token =
        forge(story.atResearcher())
            .then("holder(\"agent:planner\");", story.researcherKey, mallory.publicKey())
            .held();

    assertViolation(
        () -> present(story, token, mallory, CALL),
        "block 2: agent:planner has two keys in one chain");
  }

  @Test
  void decide_holderAgainUnderItsOwnNameAndKey_isAllowed() {
    AgentToken back =
        story.atResearcher().delegate(story.researcherKey, Hop.to(story.planner), story.clock);

    assertAllowed(present(story, forge(back).held(), story.plannerKey, CALL));
  }

  @Test
  void decide_keyIdOfTheTokenChanged_changesNothingForASingleTrustedKey() {
    UnverifiedToken token = forge(story.atPlanner()).keyId(OptionalInt.of(7)).held();

    assertAllowed(present(story, token, story.plannerKey, CALL));
  }

  @Test
  void decide_62Blocks_isAllowedWithRaisedLimitsAnd63Never() {
    DecodeLimits raised = DecodeLimits.DEFAULT.withMaxBlocks(DecodeLimits.HARD_MAX_BLOCKS);
    Verifier verifier =
        story.verifier().decodeLimits(raised).tokenCache(TokenCache.of(1 << 20, raised)).build();
    ForgedChain chain = forge(story.atPlanner());
    for (int i = 1; i < 62; i++) {
      PrivateKey signer = i % 2 == 1 ? story.plannerKey : story.researcherKey;
      Agent next = i % 2 == 1 ? story.researcher : story.planner;
      chain = chain.then("holder(\"" + next.name() + "\");", signer, next.key());
    }
    UnverifiedToken longest = chain.held();
    byte[] tooLong =
        chain
            .then("holder(\"agent:planner\");", story.researcherKey, story.planner.key())
            .bytes(new TokenEnd.Held());

    CallDecision decision = present(story, verifier, longest, story.researcherKey, CALL);
    assertAllowed(decision);
    assertThat(decision.chain().depth()).isEqualTo(61);
    assertThrows(() -> present(story, longest, story.researcherKey, CALL), ErrorCode.DECODE_LIMIT);
    assertThrows(
        () ->
            verifier.decide(
                Credentials.of(Base64.getUrlEncoder().encodeToString(tooLong), null), CALL),
        ErrorCode.DECODE_LIMIT);
    assertThrows(() -> raised.withMaxBlocks(63), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void decide_expiredParentUnderAFreshHop_isRefused() {
    AgentToken parent = story.issuer.mint(story.delegation().expiresIn(Duration.ofMinutes(1)));
    story.clock.forward(Duration.ofMinutes(2));
    AgentToken child =
        parent.delegate(
            story.plannerKey,
            Hop.to(story.researcher).expiresIn(Duration.ofMinutes(10)),
            story.clock);

    CallDecision decision = present(story, forge(child).held(), story.researcherKey, CALL);

    assertDenied(decision, DenialCode.EXPIRED);
    assertThat(lastHolderOf(decision)).isNull();
  }
}
