package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.present;

import dev.taper.ErrorCode;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.token.UnverifiedToken;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens whose root key is not, not yet, or no longer trusted. */
@ParameterizedClass
@EnumSource(Caching.class)
class TrustAttackTest {
  private static final ToolCall CALL = Story.search();

  private final Story story;
  private final PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);
  private final RootKey root;
  private final AgentToken named;
  private final AgentToken nameless;

  TrustAttackTest(Caching caching) {
    this.story = new Story(caching);
    this.root = RootKey.of(1, story.root.publicKey());
    this.named = story.issuer.keyId(1).mint(story.delegation());
    this.nameless = story.atPlanner();
  }

  private RootKeySet set(RootKey... keys) {
    return RootKeySet.of(story.clock, List.of(keys));
  }

  private RootKey endingAt(@Nullable Instant end) {
    return new RootKey(story.root.publicKey(), 1, null, end);
  }

  private CallDecision decide(RootKeys keys, UnverifiedToken token) {
    Verifier verifier = story.verifier(keys).build();
    return present(story, verifier, token, story.plannerKey, CALL);
  }

  @Test
  void decide_trustedRoot_isAllowedWithAndWithoutItsId() {
    assertAllowed(decide(set(root), named.token()));
    assertAllowed(decide(set(root), nameless.token()));
  }

  @Test
  void decide_emptyKeySet_refusesEveryToken() {
    assertThrows(() -> decide(set(), named.token()), ErrorCode.UNKNOWN_ROOT_KEY);
    assertThrows(() -> decide(set(), nameless.token()), ErrorCode.UNKNOWN_ROOT_KEY);
    assertThrows(
        () -> decide(RootKeySet.read("[]", story.clock), nameless.token()),
        ErrorCode.UNKNOWN_ROOT_KEY);
    assertThrows(
        () -> decide(set(), nameless.seal(story.plannerKey).token()), ErrorCode.UNKNOWN_ROOT_KEY);
  }

  @Test
  void decide_rootKeyExpired_isRefusedFromThatInstantOn() {
    Instant end = Story.NOON.plus(Duration.ofMinutes(5));
    RootKeySet keys = set(endingAt(end), RootKey.of(2, mallory.publicKey()));

    story.clock.set(end.minusMillis(1));
    assertAllowed(decide(keys, named.token()));
    assertAllowed(decide(keys, nameless.token()));
    story.clock.set(end);
    assertThrows(() -> decide(keys, named.token()), ErrorCode.UNKNOWN_ROOT_KEY);
    assertThrows(() -> decide(keys, nameless.token()), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_rootKeyExpiredUnderAVerifierInUse_isRefused() {
    Verifier verifier = story.verifier(set(endingAt(Story.NOON.plusSeconds(10)))).build();

    assertAllowed(present(story, verifier, named.token(), story.plannerKey, CALL));
    story.clock.forward(Duration.ofSeconds(10));
    assertThrows(
        () -> present(story, verifier, named.token(), story.plannerKey, CALL),
        ErrorCode.UNKNOWN_ROOT_KEY);
  }

  @Test
  void decide_rootKeyRotatedAway_isRefused() {
    RootKeySet both = set(root).with(RootKey.of(2, mallory.publicKey()));

    assertAllowed(decide(both, named.token()));
    assertThrows(() -> decide(both.without(1), named.token()), ErrorCode.UNKNOWN_ROOT_KEY);
    assertThrows(() -> decide(both.without(1), nameless.token()), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_keyIdPointedAtAnotherTrustedKey_isRefused() {
    RootKeySet both = set(root, RootKey.of(2, mallory.publicKey()));
    ForgedChain chain = ForgedChain.of(named);

    assertThrows(
        () -> decide(both, chain.keyId(OptionalInt.of(2)).held()), ErrorCode.INVALID_SIGNATURE);
    assertThrows(
        () -> decide(both, chain.keyId(OptionalInt.of(-1)).held()), ErrorCode.UNKNOWN_ROOT_KEY);
    assertThrows(
        () -> decide(both.without(1), chain.keyId(OptionalInt.empty()).held()),
        ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_tokenOfARootKeyOfTheAttackers_isRefused() {
    AgentToken forged = Issuer.of(mallory).clock(story.clock).keyId(1).mint(story.delegation());

    assertThrows(() -> decide(set(root), forged.token()), ErrorCode.INVALID_SIGNATURE);
    assertAllowed(decide(RootKeys.of(mallory.publicKey()), forged.token()));
  }

  @Test
  void decide_holderWhoMintsItsOwnAuthority_isRefused() {
    AgentToken forged = Issuer.of(story.plannerKey).clock(story.clock).mint(story.delegation());

    assertThrows(() -> decide(set(root), forged.token()), ErrorCode.INVALID_SIGNATURE);
  }

  @Test
  void decide_holderNameThatTheDirectoryKnowsWithAnotherKey_isNotVerified() {
    AgentDirectory directory =
        AgentDirectory.of(Map.of("agent:planner", List.of(mallory.publicKey())));
    AgentToken token = story.issuer.mint(story.delegation().verifiedHolderOnly());
    Verifier verifier = story.verifier().directory(directory).build();

    assertDenied(
        present(story, verifier, token.token(), story.plannerKey, CALL),
        DenialCode.HOLDER_NOT_VERIFIED);
  }

  @Test
  void decide_verifiedAncestorOfAnUnknownHolder_doesNotVouchForIt() {
    AgentDirectory directory =
        AgentDirectory.of(Map.of("agent:planner", List.of(story.planner.key())));
    AgentToken token =
        story
            .issuer
            .mint(story.delegation().verifiedHolderOnly())
            .delegate(story.plannerKey, story.toResearcher(), story.clock);
    Verifier verifier = story.verifier().directory(directory).build();

    assertDenied(
        present(story, verifier, token.token(), story.researcherKey, CALL),
        DenialCode.HOLDER_NOT_VERIFIED);
  }

  @Test
  void decide_verifiedHolderOnly_cannotBeBearerOrSealed() {
    AgentDirectory directory =
        AgentDirectory.of(Map.of("agent:planner", List.of(story.planner.key())));
    AgentToken token = story.issuer.mint(story.delegation().verifiedHolderOnly());
    Verifier verifier = story.verifier().directory(directory).acceptBearer().acceptSealed().build();

    assertAllowed(present(story, verifier, token.token(), story.plannerKey, CALL));
    assertDenied(
        verifier.decide(token.seal(story.plannerKey).token(), CALL, null, SentApprovals.NONE),
        DenialCode.HOLDER_NOT_VERIFIED);
    assertDenied(
        verifier.decide(
            token.delegate(story.plannerKey, Hop.toBearer(), story.clock).token(),
            CALL,
            null,
            SentApprovals.NONE),
        DenialCode.HOLDER_NOT_VERIFIED);
  }

  @Test
  void build_withoutAWordOnRevocationOrAnAudience_isRefused() {
    VerifierBuilder bare = Verifier.trusting(set(root)).callerStatesMeaning();

    assertThrows(() -> bare.audience(Story.JIRA).build(), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> Verifier.trusting(set(root)).callerStatesMeaning().withoutRevocation().build(),
        ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> bare.audience("svc:jira "), ErrorCode.INVALID_REQUEST);
  }
}
