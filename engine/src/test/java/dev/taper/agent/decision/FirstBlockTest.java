package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signatures;
import dev.taper.datalog.Block;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token costs that its first block says enough against, and what is told of it. */
class FirstBlockTest {
  private static final int BLOCKS = 12;

  /** A token of many hops, so that each signature behind the first would be counted. */
  private static AgentToken handedOnOften(Story story) {
    AgentToken token = story.issuer.mint(story.delegation());
    PrivateKey holder = story.plannerKey;
    for (int i = 1; i < BLOCKS; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      Agent to = Agent.of("agent:hop-" + i, next.publicKey());
      token =
          token.delegate(
              holder, Hop.to(to).grant("jira.search on jira:project/ACME/Q3/*"), story.clock);
      holder = next;
    }
    return token;
  }

  private static long signaturesOf(Runnable look) {
    long before = Signatures.verifications();
    look.run();
    return Signatures.verifications() - before;
  }

  @Test
  void decide_unknownRoot_costsOneSignature() {
    Story story = new Story(Caching.OFF);
    UnverifiedToken token = handedOnOften(story).token();
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    Verifier verifier = story.verifier(RootKeys.of(other.publicKey())).build();

    long signatures =
        signaturesOf(
            () ->
                assertThatThrownBy(
                        () ->
                            verifier.decide(
                                Credentials.of(token.encodeBase64(), null), Story.search()))
                    .isInstanceOfSatisfying(
                        TaperException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SIGNATURE)));

    assertThat(signatures).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Caching.class)
  void decide_firstBlockEnded_isDeniedForOneSignatureAtMost(Caching caching) {
    Story story = new Story(caching);
    AgentToken token = handedOnOften(story);
    story.meet(token.token());
    List<DecisionEvent> heard = new ArrayList<>();
    Verifier verifier = story.verifier().listener(heard::add).build();
    story.clock.set(Story.NOON.plus(Duration.ofMinutes(61)));
    List<CallDecision> decisions = new ArrayList<>();

    long signatures =
        signaturesOf(
            () ->
                decisions.add(
                    verifier.decide(Credentials.of(token.encodeBase64(), null), Story.search())));

    CallDecision.Denied denied = (CallDecision.Denied) decisions.get(0);
    assertThat(denied.code()).isEqualTo(DenialCode.EXPIRED);
    assertThat(Objects.requireNonNull(denied.reasons().get(0).hop()).block()).isZero();
    assertThat(signatures).isEqualTo(caching == Caching.WARM ? 0 : 1);
    assertThat(heard).hasSize(1);
    // What was not verified is recorded of nobody.
    assertThat(heard.get(0).chain().hops()).hasSize(caching == Caching.WARM ? BLOCKS : 1);
  }

  @Test
  void decide_observed_verifiesEverySignature() {
    Story story = new Story(Caching.OFF);
    AgentToken token = handedOnOften(story);
    Verifier verifier = story.verifier().observeOnly().build();
    story.clock.set(Story.NOON.plus(Duration.ofMinutes(61)));
    ToolCall call = Story.search();

    long signatures =
        signaturesOf(
            () ->
                assertThat(
                        verifier.decide(Credentials.of(token.encodeBase64(), null), call).allowed())
                    .isTrue());

    assertThat(signatures).isEqualTo(BLOCKS);
  }

  /** A look-up that says that one is revoked of what it is asked for, by its place. */
  private static Revocations revoking(int index) {
    return (fingerprints, now) -> new RevocationCheck(RevocationStatus.FRESH, index, 1, Story.NOON);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void decide_firstBlockRevoked_costsOneSignature(int index) {
    Story story = new Story(Caching.OFF);
    AgentToken token = handedOnOften(story);
    Verifier verifier = story.verifier().revocations(revoking(index)).build();
    List<CallDecision> decisions = new ArrayList<>();

    long signatures =
        signaturesOf(
            () ->
                decisions.add(
                    verifier.decide(Credentials.of(token.encodeBase64(), null), Story.search())));

    assertThat(codeOf(decisions.get(0))).isEqualTo(DenialCode.REVOKED);
    assertThat(signatures).isEqualTo(1);
  }

  /** Of a token that is known, too, what is revoked comes before what has ended. */
  @ParameterizedTest
  @EnumSource(Caching.class)
  void decide_firstBlockEndedAndRevoked_isRevoked(Caching caching) {
    Story story = new Story(caching);
    AgentToken token = story.atPlanner();
    Verifier verifier = story.verifier().revocations(revoking(1)).build();
    story.clock.set(Story.NOON.plus(Duration.ofMinutes(61)));

    CallDecision decision =
        verifier.decide(Credentials.of(token.encodeBase64(), null), Story.search());

    assertThat(codeOf(decision)).isEqualTo(DenialCode.REVOKED);
  }

  @Test
  void unusable_endedOrGood_saysWhich() {
    Story story = new Story();
    String token = story.atPlanner().encodeBase64();
    String handedOn = handedOnOften(story).encodeBase64();
    Verifier verifier = story.verifier().build();

    assertThat(verifier.unusable(token)).isNull();
    story.clock.set(Story.NOON.plus(Duration.ofMinutes(61)));
    assertThat(verifier.unusable(handedOn)).isEqualTo(DenialCode.EXPIRED);
  }

  /** A fault of the first look-up is told; without time for it, that of the call says so. */
  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"TIMEOUT", "DATABASE_UNAVAILABLE"})
  void decide_firstLookUpFails_isDenied(ErrorCode code) {
    Story story = new Story(Caching.OFF);
    AgentToken token = story.atPlanner();
    AtomicInteger asked = new AtomicInteger();
    Verifier verifier =
        story
            .verifier()
            .revocations(
                (fingerprints, now) -> {
                  if (asked.getAndIncrement() == 0) {
                    throw new TaperException(code, "no");
                  }
                  return new RevocationCheck(RevocationStatus.FRESH, -1, 1, Story.NOON);
                })
            .build();

    CallDecision decision = story.decide(verifier, token, story.plannerKey, Story.search());

    assertThat(codeOf(decision))
        .isEqualTo(
            code == ErrorCode.TIMEOUT ? DenialCode.TIMEOUT : DenialCode.REVOCATION_UNAVAILABLE);
  }

  /** Even if a later block is wrong, and whether the token is known or not. */
  @ParameterizedTest
  @EnumSource(Caching.class)
  void decide_firstBlockEndedBeforeAWrongOne_isExpired(Caching caching) {
    Story story = new Story(caching);
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    UnverifiedToken wrong =
        ForgedChain.of(story.atPlanner())
            .then(Block.builder().build(), story.plannerKey, next.publicKey(), 0)
            .held();
    story.meet(wrong);
    Verifier verifier = story.verifier().build();
    story.clock.set(Story.NOON.plus(Duration.ofMinutes(61)));

    CallDecision decision =
        verifier.decide(Credentials.of(wrong.encodeBase64(), null), Story.search());

    assertThat(codeOf(decision)).isEqualTo(DenialCode.EXPIRED);
  }
}
