package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.present;
import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.SmallReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.SettableClock;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proofs that were stolen, altered, reused, or made at the wrong time. */
@ParameterizedClass
@EnumSource(Caching.class)
class ProofAttackTest {
  private static final ToolCall CALL = Story.search();
  private static final Duration MILLI = Duration.ofMillis(1);

  /** Where the signature of a proof of form 1 begins: behind header, nonce and seven hints. */
  private static final int SIGNATURE = 3 + 8 + 16 + 7 * 4;

  private final Story story;
  private final Verifier verifier;
  private final AgentToken token;

  ProofAttackTest(Caching caching) {
    this.story = new Story(caching);
    this.verifier = story.verifier().build();
    this.token = story.atResearcher();
  }

  private Proof proof() {
    return token.prove(story.researcherKey, CALL, Story.JIRA, story.clock);
  }

  private Proof proofAt(Instant time) {
    SettableClock clock = new SettableClock(Story.NOON);
    clock.set(time);
    return token.prove(story.researcherKey, CALL, Story.JIRA, clock);
  }

  private CallDecision decide(Proof proof) {
    return verifier.decide(token.token(), CALL, proof, SentApprovals.NONE);
  }

  @Test
  void decide_ownProof_isAllowed() {
    assertAllowed(decide(proof()));
  }

  @Test
  void decide_noProof_isRefused() {
    assertDenied(
        verifier.decide(token.token(), CALL, null, SentApprovals.NONE), DenialCode.PROOF_REQUIRED);
    assertDenied(
        Attack.everything(story).decide(token.token(), CALL, null, SentApprovals.NONE),
        DenialCode.PROOF_REQUIRED);
  }

  @Test
  void decide_proofForAnotherTokenOfTheSameHolder_isRefused() {
    AgentToken other =
        story.atPlanner().delegate(story.plannerKey, Hop.to(story.researcher), story.clock);
    Proof forOther = other.prove(story.researcherKey, CALL, Story.JIRA, story.clock);

    assertDenied(decide(forOther), DenialCode.PROOF_MISMATCH);
    assertAllowed(verifier.decide(other.token(), CALL, forOther, SentApprovals.NONE));
  }

  @Test
  void decide_proofForTheTokenBeforeItWasNarrowed_isRefused() {
    AgentToken narrowed =
        token.delegate(story.researcherKey, Hop.toSelf().grant("jira.search"), story.clock);

    assertDenied(
        verifier.decide(narrowed.token(), CALL, proof(), SentApprovals.NONE),
        DenialCode.PROOF_MISMATCH);
    assertDenied(
        decide(narrowed.prove(story.researcherKey, CALL, Story.JIRA, story.clock)),
        DenialCode.PROOF_MISMATCH);
  }

  static Stream<Arguments> otherCalls() {
    String on = "jira:project/ACME/Q3/12";
    ToolCall search = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q3/1");
    ToolCall get = ToolCall.of("jira.get").operation("read");
    ToolCall list = ToolCall.of("jira.search").operation("list");
    ToolCall no = ToolCall.of("jira.search").on(on);
    return Stream.of(
        Arguments.of("tool", "tool", get.on(on).arg("limit", 50)),
        Arguments.of("operation", "operation", list.on(on).arg("limit", 50)),
        Arguments.of("no operation", "operation", no.arg("limit", 50)),
        Arguments.of("resource", "resource", search.arg("limit", 50)),
        Arguments.of(
            "no resource",
            "resource",
            ToolCall.of("jira.search").operation("read").arg("limit", 50)),
        Arguments.of("value", "arguments", search.on(on).arg("limit", 51)),
        Arguments.of("type", "arguments", search.on(on).arg("limit", "50")),
        Arguments.of("list", "arguments", search.on(on).argJson("limit", "[50]")),
        Arguments.of("name", "arguments", search.on(on).arg("Limit", 50)),
        Arguments.of("argument more", "arguments", CALL.arg("page", 1)),
        Arguments.of("argument less", "arguments", search.on(on)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherCalls")
  void decide_proofForACallThatDiffers_isRefused(String what, String part, ToolCall made) {
    Proof forOther = token.prove(story.researcherKey, made, Story.JIRA, story.clock);

    CallDecision refused = decide(forOther);
    assertDenied(refused, DenialCode.REQUEST_MISMATCH);
    assertThat(refused.explanation()).contains(": " + part + " is not what was signed");
    assertThat(codeOf(verifier.decide(token.token(), made, forOther, SentApprovals.NONE)))
        .as("its own call, %s", what)
        .isNotEqualTo(DenialCode.REQUEST_MISMATCH);
  }

  @Test
  void decide_proofForAnotherAudience_isRefused() {
    Proof forOther = token.prove(story.researcherKey, CALL, "svc:crm", story.clock);

    assertDenied(decide(forOther), DenialCode.REQUEST_MISMATCH);
    assertThat(decide(forOther).explanation()).contains("audience is not what was signed");
  }

  @Test
  void decide_proofByAnotherKey_isRefused() {
    PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);

    assertDenied(present(story, token.token(), mallory, CALL), DenialCode.PROOF_MISMATCH);
    assertDenied(present(story, token.token(), story.plannerKey, CALL), DenialCode.PROOF_MISMATCH);
    assertDenied(present(story, token.token(), story.root, CALL), DenialCode.PROOF_MISMATCH);
  }

  @Test
  void decide_proofByAKeyOfAnotherAlgorithm_isRefused() {
    assertDenied(present(story, token.token(), story.scraperKey, CALL), DenialCode.PROOF_MISMATCH);
    assertDenied(
        present(story, story.atScraper().token(), story.researcherKey, CALL),
        DenialCode.PROOF_MISMATCH);
    assertAllowed(present(story, story.atScraper().token(), story.scraperKey, CALL));
  }

  @Test
  void decide_ancestorsTokenPresentedByItsChild_isRefused() {
    AgentToken parent = story.atPlanner();
    Proof seen = parent.prove(story.plannerKey, CALL, Story.JIRA, story.clock);

    assertAllowed(verifier.decide(parent.token(), CALL, seen, SentApprovals.NONE));
    assertDenied(
        verifier.decide(parent.token(), CALL, seen, SentApprovals.NONE), DenialCode.PROOF_REPLAYED);
    assertDenied(
        present(story, parent.token(), story.researcherKey, CALL), DenialCode.PROOF_MISMATCH);
    assertDenied(
        verifier.decide(
            token.token(),
            CALL,
            parent.prove(story.plannerKey, CALL, Story.JIRA, story.clock),
            SentApprovals.NONE),
        DenialCode.PROOF_MISMATCH);
  }

  @Test
  void decide_proofUsedBefore_isRefusedForTheWholeWindow() {
    Proof proof = proofAt(Story.NOON.plusSeconds(30));

    assertAllowed(decide(proof));
    assertDenied(decide(proof), DenialCode.PROOF_REPLAYED);
    for (int i = 0; i < 9; i++) {
      story.clock.forward(Duration.ofSeconds(10));
      decide(proofAt(story.clock.instant()));
      assertDenied(decide(proof), DenialCode.PROOF_REPLAYED);
    }
    story.clock.forward(MILLI);
    assertDenied(decide(proof), DenialCode.PROOF_EXPIRED);
  }

  @Test
  void decide_proofOfARefusedCall_isNotRemembered() {
    ToolCall outside = CALL.on("jira:project/OTHER/1");
    Proof proof = token.prove(story.researcherKey, outside, Story.JIRA, story.clock);

    assertDenied(
        verifier.decide(token.token(), outside, proof, SentApprovals.NONE),
        DenialCode.OUT_OF_SCOPE);
    assertDenied(
        verifier.decide(token.token(), outside, proof, SentApprovals.NONE),
        DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void decide_proofReplayedAfterTheClockWasSetBack_isRefused() {
    Proof proof = proof();
    assertAllowed(decide(proof));
    story.clock.forward(Duration.ofMinutes(5));
    assertAllowed(decide(proof()));
    story.clock.set(Story.NOON);

    assertDenied(decide(proof), DenialCode.PROOF_EXPIRED);
  }

  /** Of one P-256 signature (r, s) anyone can make another: (r, n − s). */
  @Test
  void decide_proofWithItsTwinSignature_isRefused() {
    AgentToken scraper = story.atScraper();
    Proof proof = scraper.prove(story.scraperKey, CALL, Story.JIRA, story.clock);
    Proof twin = Proof.decode(twin(proof.encode()));

    assertThat(twin).isNotEqualTo(proof);
    assertAllowed(verifier.decide(scraper.token(), CALL, proof, SentApprovals.NONE));
    assertDenied(
        verifier.decide(scraper.token(), CALL, twin, SentApprovals.NONE),
        DenialCode.PROOF_REPLAYED);
  }

  private static byte[] twin(byte[] proof) {
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    int r = SIGNATURE + 4;
    int s = r + proof[r - 1] + 2;
    BigInteger old = new BigInteger(Arrays.copyOfRange(proof, s, proof.length));
    byte[] other = order.subtract(old).toByteArray();
    byte[] head = Arrays.copyOf(proof, s);
    head[s - 1] = (byte) other.length;
    head[SIGNATURE + 1] = (byte) (s - SIGNATURE - 2 + other.length);
    return ByteBuffer.allocate(s + other.length).put(head).put(other).array();
  }

  static Stream<Arguments> alterations() {
    return Stream.of(
        altered("another time", 10, DenialCode.PROOF_MISMATCH),
        altered("another nonce", 11, DenialCode.PROOF_MISMATCH),
        altered("another end of the nonce", 26, DenialCode.PROOF_MISMATCH),
        altered("another hint at the token", 27, DenialCode.PROOF_MISMATCH),
        altered("another hint at the audience", 31, DenialCode.REQUEST_MISMATCH),
        altered("another end of the hints", SIGNATURE - 1, DenialCode.REQUEST_MISMATCH),
        altered("another signature", SIGNATURE, DenialCode.PROOF_MISMATCH),
        altered("another end of the signature", SIGNATURE + 14, DenialCode.PROOF_MISMATCH));
  }

  private static Arguments altered(String what, int index, DenialCode expected) {
    UnaryOperator<byte[]> change =
        bytes -> {
          bytes[index] ^= 1;
          return bytes;
        };
    return Arguments.of(what, change, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("alterations")
  void decide_proofAltered_isRefusedAndSpendsNothing(
      String what, UnaryOperator<byte[]> change, DenialCode expected) {
    Proof proof = proof();

    assertDenied(decide(Proof.decode(change.apply(proof.encode()))), expected);
    assertAllowed(decide(proof));
    assertDenied(decide(proof), DenialCode.PROOF_REPLAYED);
  }

  @Test
  void decide_proofWithAnotherSpelling_throws() {
    String text = proof().encodeBase64();
    byte[] bytes = proof().encode();
    byte[] version = bytes.clone();
    version[0] = 1;
    byte[] form = bytes.clone();
    form[1] = 5;
    byte[] algorithm = bytes.clone();
    algorithm[2] = 7;

    for (String bad :
        new String[] {
          text + "=",
          text + "A",
          " " + text,
          text.substring(1),
          "",
          base64(version),
          base64(form),
          base64(algorithm),
          base64(Arrays.copyOf(bytes, bytes.length + 1))
        }) {
      assertThrows(
          () -> verifier.decide(Credentials.of(token.encodeBase64(), bad), CALL),
          ErrorCode.MALFORMED_HOLDER_PROOF);
    }
    assertAllowed(verifier.decide(Credentials.of(token.encodeBase64(), text), CALL));
  }

  /** Padding and stray bits would give one proof several spellings. */
  @Test
  void decide_proofWithPaddingOrStrayBits_throws() {
    AgentToken scraper = story.atScraper();
    Proof proof;
    do {
      proof = scraper.prove(story.scraperKey, CALL, Story.JIRA, story.clock);
    } while (proof.encode().length % 3 != 1);
    String text = proof.encodeBase64();
    String stray =
        text.substring(0, text.length() - 1) + (char) (text.charAt(text.length() - 1) + 1);

    for (String bad : new String[] {text + "==", stray}) {
      assertThrows(
          () -> verifier.decide(Credentials.of(scraper.encodeBase64(), bad), CALL),
          ErrorCode.MALFORMED_HOLDER_PROOF);
    }
    assertAllowed(verifier.decide(Credentials.of(scraper.encodeBase64(), text), CALL));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void decide_signatureMadeForAHop_isNoProof() {
    byte[] hop = token.token().revocationIds().get(1);
    byte[] forged = proof().encode();
    System.arraycopy(hop, 0, forged, SIGNATURE, 64);

    assertDenied(
        present(story, story.atPlanner().token(), story.researcherKey, CALL),
        DenialCode.PROOF_MISMATCH);
    assertDenied(decide(Proof.decode(forged)), DenialCode.PROOF_MISMATCH);
  }

  @Test
  void decide_proofAtTheEdgesOfItsWindow_isAcceptedOnTheEdgeAndNotBeyond() {
    Instant now = Story.NOON;

    assertAllowed(decide(proofAt(now.minusSeconds(60))));
    assertDenied(decide(proofAt(now.minusSeconds(60).minus(MILLI))), DenialCode.PROOF_EXPIRED);
    assertAllowed(decide(proofAt(now.plusSeconds(30))));
    assertDenied(decide(proofAt(now.plusSeconds(30).plus(MILLI))), DenialCode.PROOF_NOT_YET_VALID);
    assertDenied(decide(proofAt(now.plusSeconds(86_400 * 365))), DenialCode.PROOF_NOT_YET_VALID);
  }

  /** Checked first, as it takes no arithmetic with keys. */
  @Test
  void decide_proofByAnotherKeyOutsideTheWindow_isRefusedForItsTime() {
    Proof forged = proofBy(story.plannerKey, Story.NOON.minusSeconds(61));

    assertDenied(decide(forged), DenialCode.PROOF_EXPIRED);
  }

  private Proof proofBy(PrivateKey key, Instant time) {
    SettableClock clock = new SettableClock(Story.NOON);
    clock.set(time);
    byte[] state = token.token().revocationIds().get(1);
    return Proof.make(key, state, Story.JIRA, SentApprovals.NONE, CALL.sent(), clock);
  }

  @Test
  void decide_proofAtTheEdgesOfAWindowOfNothing_mustBeOfThisMillisecond() {
    Verifier exact =
        story
            .verifier()
            .proofWindow(new AcceptedProofs.Window(Duration.ZERO, Duration.ZERO))
            .build();

    assertAllowed(exact.decide(token.token(), CALL, proofAt(Story.NOON), SentApprovals.NONE));
    assertDenied(
        exact.decide(token.token(), CALL, proofAt(Story.NOON.minus(MILLI)), SentApprovals.NONE),
        DenialCode.PROOF_EXPIRED);
    assertDenied(
        exact.decide(token.token(), CALL, proofAt(Story.NOON.plus(MILLI)), SentApprovals.NONE),
        DenialCode.PROOF_NOT_YET_VALID);
  }

  @Test
  void decide_fullReplayCache_refusesRatherThanForgets() {
    Verifier small = story.verifier().replayMemory(SmallReplayMemory.of(3)).build();
    Proof first = proof();

    assertAllowed(small.decide(token.token(), CALL, first, SentApprovals.NONE));
    assertAllowed(small.decide(token.token(), CALL, proof(), SentApprovals.NONE));
    assertDenied(
        small.decide(token.token(), CALL, proof(), SentApprovals.NONE),
        DenialCode.REPLAY_CACHE_FULL);
    assertDenied(
        small.decide(token.token(), CALL, first, SentApprovals.NONE), DenialCode.PROOF_REPLAYED);
  }

  @Test
  void decide_forgedProofs_doNotFillTheReplayCache() {
    Verifier small = story.verifier().replayMemory(SmallReplayMemory.of(1)).build();

    for (int i = 0; i < 5; i++) {
      assertDenied(
          present(story, small, token.token(), story.plannerKey, CALL), DenialCode.PROOF_MISMATCH);
    }
    assertAllowed(small.decide(token.token(), CALL, proof(), SentApprovals.NONE));
  }

  @Test
  void decide_expiryOfAHop_isExactToTheSecond() {
    Instant end = Story.NOON.plus(Duration.ofMinutes(10));

    story.clock.set(end.minus(MILLI));
    assertAllowed(decide(proof()));
    story.clock.set(end);
    assertDenied(decide(proof()), DenialCode.EXPIRED);
  }

  @Test
  void decide_startOfAHop_isExactToTheSecond() {
    Instant start = Story.NOON.plusSeconds(120);
    AgentToken later = story.issuer.mint(story.delegation().notBefore(start));

    story.clock.set(start.minus(MILLI));
    assertDenied(present(story, later.token(), story.plannerKey, CALL), DenialCode.NOT_YET_VALID);
    story.clock.set(start);
    assertAllowed(present(story, later.token(), story.plannerKey, CALL));
  }

  @Test
  void decide_conditionsOfOtherServicesTasksAndDepths_areRefused() {
    Delegation delegation = story.delegation();

    assertDenied(atPlanner(delegation.audience("svc:crm")), DenialCode.WRONG_AUDIENCE);
    assertAllowed(atPlanner(delegation.audience("svc:crm", Story.JIRA)));
    assertAllowed(atPlanner(delegation.maxDepth(0)));
    assertDenied(
        story.decide(
            verifier,
            story
                .issuer
                .mint(delegation.maxDepth(0))
                .delegate(story.plannerKey, story.toResearcher(), story.clock),
            story.researcherKey,
            CALL),
        DenialCode.TOO_DEEP);
    assertDenied(atPlanner(delegation.condition(Condition.task("T-4712"))), DenialCode.WRONG_TASK);
    assertAllowed(atPlanner(delegation.condition(Condition.task("T-4711"))));
  }

  private CallDecision atPlanner(Delegation delegation) {
    return story.decide(verifier, story.issuer.mint(delegation), story.plannerKey, CALL);
  }
}
