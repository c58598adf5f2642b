package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a verifier asks on every call, however well it knows the token. */
class CachedVerifierTest {
  private static final ToolCall CALL = Story.search();

  private final Story story = new Story();
  private final TokenCache cache = TokenCache.of(1 << 20);
  private final AgentToken token = story.atResearcher();

  private CallDecision decide(Verifier verifier) {
    return story.decide(verifier, token, story.researcherKey, CALL);
  }

  private VerifierBuilder verifier() {
    return story.verifier().tokenCache(cache);
  }

  @Test
  void decide_knownToken_isDecidedFromTheCache() {
    Verifier verifier = verifier().build();

    assertAllowed(decide(verifier));
    CallDecision again = decide(verifier);

    assertAllowed(again);
    assertThat(cache.statistics().hits()).isEqualTo(1);
    assertThat(again.chain()).isSameAs(decide(verifier).chain());
    assertThat(verifier.tokenCacheStatistics()).isEqualTo(cache.statistics());
  }

  @Test
  void decide_knownTokenThatExpired_isDenied() {
    Verifier verifier = verifier().build();
    assertAllowed(decide(verifier));

    story.clock.forward(Duration.ofMinutes(11));

    assertDenied(decide(verifier), DenialCode.EXPIRED);
  }

  @Test
  void decide_knownTokenOfARootKeyNoLongerTrusted_throws() {
    List<PublicKey> trusted = new ArrayList<>(List.of(story.root.publicKey()));
    RootKeys keys = id -> List.copyOf(trusted);
    Verifier verifier =
        Verifier.trusting(keys)
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .clock(story.clock)
            .withoutRevocation()
            .tokenCache(cache)
            .build();
    assertAllowed(decide(verifier));

    trusted.clear();

    assertThrows(() -> decide(verifier), ErrorCode.UNKNOWN_ROOT_KEY);
    trusted.add(story.plannerKey.publicKey());
    assertThrows(() -> decide(verifier), ErrorCode.INVALID_SIGNATURE);
    trusted.set(0, story.root.publicKey());
    assertAllowed(decide(verifier));
  }

  @Test
  void decide_knownTokenWithAnotherCallsProof_isDenied() {
    Verifier verifier = verifier().build();
    Proof proof = token.prove(story.researcherKey, CALL, Story.JIRA, story.clock);
    assertAllowed(verifier.decide(token.token(), CALL, proof, SentApprovals.NONE));

    assertDenied(
        verifier.decide(token.token(), CALL, proof, SentApprovals.NONE), DenialCode.PROOF_REPLAYED);
    assertDenied(
        verifier.decide(token.token(), CALL, null, SentApprovals.NONE), DenialCode.PROOF_REQUIRED);
    ToolCall other = CALL.arg("page", 2);
    Proof another = token.prove(story.researcherKey, CALL, Story.JIRA, story.clock);
    assertDenied(
        verifier.decide(token.token(), other, another, SentApprovals.NONE),
        DenialCode.REQUEST_MISMATCH);
  }

  @Test
  void decide_knownTokenPresentedInAnotherManner_isJudgedByIt() {
    Verifier strict = verifier().build();
    assertAllowed(decide(strict));

    AgentToken sealed = token.seal(story.researcherKey);

    assertDenied(
        strict.decide(sealed.token(), CALL, null, SentApprovals.NONE),
        DenialCode.SEALED_NOT_ACCEPTED);
    assertAllowed(
        verifier().acceptSealed().build().decide(sealed.token(), CALL, null, SentApprovals.NONE));
    assertAllowed(decide(strict));
    assertThat(cache.statistics().misses()).isEqualTo(1);
  }

  @Test
  void decide_tokenKnownToAnotherVerifierThatTrustsOthers_throws() {
    assertAllowed(decide(verifier().build()));
    Verifier stranger =
        Verifier.trusting(RootKeys.of(story.plannerKey.publicKey()))
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .withoutRevocation()
            .tokenCache(cache)
            .build();

    assertThrows(() -> decide(stranger), ErrorCode.INVALID_SIGNATURE);
    assertAllowed(decide(verifier().build()));
  }

  @Test
  void decide_malformedProofWithForgedToken_namesTheTokensFaultOnlyIfItCannotBeDecoded() {
    for (Verifier verifier :
        List.of(verifier().build(), story.verifier().withoutTokenCache().build())) {
      assertThrows(() -> verifier.decide(Credentials.of("%", "%"), CALL), ErrorCode.INVALID_BASE64);
      assertThrows(
          () -> verifier.decide(Credentials.of(token.encodeBase64(), "%"), CALL),
          ErrorCode.MALFORMED_HOLDER_PROOF);
    }
  }

  @Test
  void build_withoutTokenCache_remembersNothing() {
    Verifier verifier = story.verifier().withoutTokenCache().build();

    assertAllowed(decide(verifier));
    assertAllowed(decide(verifier));
    assertThat(verifier.tokenCacheStatistics()).isNull();
    assertThat(story.verifier().build().tokenCacheStatistics()).isNotNull();
  }

  @Test
  void build_tokenCacheWithOtherLimits_throws() {
    assertThrows(
        () -> verifier().decodeLimits(DecodeLimits.DEFAULT.withMaxBlocks(8)).build(),
        ErrorCode.INVALID_ARGUMENT);
  }
}
