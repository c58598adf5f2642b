package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.Refused;
import dev.taper.token.UnverifiedToken;
import dev.taper.trust.RootKeySet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals say what was given instead, and what to do. */
class TeachingTest {
  private final Story story = new Story();
  private final AgentToken token = story.atPlanner();
  private final String text = token.encodeBase64();
  private final Proof proof =
      token.prove(story.plannerKey, Story.search(), Story.JIRA, story.clock);
  private final Verifier verifier = story.verifier().build();

  @Test
  void decode_swapped_saysSo() {
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "this is a holder's proof, not a token: were the two swapped?",
        () -> UnverifiedToken.decode(proof.encodeBase64()));
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "this is a holder's proof",
        () -> UnverifiedToken.decode(proof.encode()));
    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF,
        "the proof is a token: were the two swapped?",
        () -> Proof.decode(text));
    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF,
        "the proof is a token",
        () -> Proof.decode("biscuit:" + text));
    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF, "is a token", () -> Proof.decode(token.encode()));
  }

  @Test
  void decide_swapped_saysSo() {
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "were the two swapped?",
        () -> verifier.decide(Credentials.of(proof.encodeBase64(), text), Story.search()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "Taper "})
  void decode_schemeInFront_saysSo(String scheme) {
    Refused.with(
        ErrorCode.INVALID_BASE64,
        "the token has \"" + scheme + "\" in front: give what stands behind it",
        () -> UnverifiedToken.decode(scheme + text));
    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF,
        "the proof has \"" + scheme + "\" in front",
        () -> Proof.decode(scheme + proof.encodeBase64()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", " "})
  void decode_whiteSpaceAtAnEnd_saysSo(String end) {
    String whole = text.replace("=", "");
    Refused.with(
        ErrorCode.INVALID_BASE64,
        "the token has white space at an end, such as the line break of a file: strip it",
        () -> UnverifiedToken.decode(whole + end));
    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF,
        "the proof has white space at an end",
        () -> Proof.decode(proof.encodeBase64() + end));
  }

  @Test
  @SuppressWarnings("NullAway") // what a header that is not there gives
  void decode_null_saysThatTheHeaderIsMissing() {
    String nothing = null;
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "the token is missing: null was given, as for a header that is not there",
        () -> UnverifiedToken.decode(nothing));
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "the token is missing",
        () -> verifier.decide(Credentials.of(nothing, proof.encodeBase64()), Story.search()));
    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF, "the proof is missing", () -> Proof.decode(nothing));
  }

  @Test
  @SuppressWarnings("NullAway") // what a header that is not there gives
  void decode_approvalWithSomethingAround_saysSo() {
    String nothing = null;
    Refused.with(
        ErrorCode.MALFORMED_APPROVAL,
        "an approval is missing: null was given",
        () -> SentApprovals.bytes(nothing));
    Refused.with(
        ErrorCode.MALFORMED_APPROVAL,
        "an approval has white space at an end",
        () -> SentApprovals.bytes("AQAA\n"));
    Refused.with(
        ErrorCode.MALFORMED_APPROVAL,
        "an approval has \"Taper \" in front",
        () -> SentApprovals.bytes("Taper AQAA"));
    byte[] approval = new byte[150];
    approval[0] = 1;
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "this is an approval, not a token",
        () -> UnverifiedToken.decode(approval));
  }

  @Test
  void decode_bytesAndTextConfused_saysSo() {
    String raw = new String(token.encode(), StandardCharsets.UTF_8);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    Refused.with(
        ErrorCode.INVALID_BASE64,
        "the token is raw bytes that were read as text",
        () -> UnverifiedToken.decode(raw));
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "these bytes are a token's text in base64url",
        () -> UnverifiedToken.decode(bytes));
  }

  @Test
  void prove_byAnother_namesHolderAndKeys() {
    String message =
        Refused.with(
            ErrorCode.INVALID_ARGUMENT,
            "only agent:planner, who holds the token, can prove a call",
            () -> token.prove(story.scraperKey, Story.search(), Story.JIRA, story.clock));

    assertThat(message)
        .contains("its key is " + story.plannerKey.publicKey())
        .contains("the given one is " + story.scraperKey.publicKey());
  }

  @Test
  void justify_byAnother_namesHolder() {
    Justification why =
        Justification.of("jira.search", "a duplicate", Duration.ofMinutes(1), story.clock);

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "only agent:planner, who holds the token, can justify a call",
        () -> token.justify(story.scraperKey, why));
  }

  @Test
  void delegate_byTheHolderBefore_saysSo() {
    AgentToken onward = story.atResearcher();
    Hop hop = Hop.to(story.scraper);

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "the given one is "
            + story.plannerKey.publicKey()
            + ", of agent:planner, who held it before",
        () -> onward.delegate(story.plannerKey, hop, story.clock));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "only agent:researcher, who holds the token, can seal it",
        () -> onward.seal(story.plannerKey));
  }

  @Test
  void prove_bearer_saysThatNobodyHoldsIt() {
    AgentToken bearer = token.delegate(story.plannerKey, Hop.toBearer(), story.clock);

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "nobody holds a bearer token, so nobody's key can prove a call",
        () -> bearer.prove(story.plannerKey, Story.search(), Story.JIRA, story.clock));
  }

  @Test
  void decide_clockBehind_saysByHowMuch() {
    story.clock.forward(Duration.ofSeconds(130));

    CallDecision decision =
        verifier.decide(Credentials.of(text, proof.encodeBase64()), Story.search());

    Attack.assertDenied(decision, DenialCode.PROOF_EXPIRED);
    assertThat(decision.explanation()).contains("your clock is 130 s behind this service's");
  }

  @Test
  void decide_proofForAnotherServiceOrCall_namesThePart() {
    Proof elsewhere = token.prove(story.plannerKey, Story.search(), "svc:github", story.clock);

    CallDecision decision =
        verifier.decide(Credentials.of(text, elsewhere.encodeBase64()), Story.search());

    Attack.assertDenied(decision, DenialCode.REQUEST_MISMATCH);
    assertThat(decision.explanation()).contains("audience is not what was signed");
  }

  @Test
  void verify_otherRootKey_saysWithWhatItWasSigned() {
    PublicKey other = PrivateKey.generate(Algorithm.ED25519).publicKey();
    PublicKey p256 = PrivateKey.generate(Algorithm.SECP256R1).publicKey();

    Refused.with(
        ErrorCode.INVALID_SIGNATURE,
        "block[0]: the signature does not verify: it was made with a key of ed25519, tried was "
            + other,
        () -> token.token().verifyAny(RootKeys.of(other)));
    Refused.with(
        ErrorCode.MALFORMED_SIGNATURE,
        "is malformed: it was made with a key of ed25519, tried was " + p256,
        () -> token.token().verifyAny(RootKeys.of(p256)));
  }

  @Test
  void verify_unknownRootKeyId_namesIt() {
    AgentToken numbered = story.issuer.keyId(7).mint(story.delegation());

    Refused.with(
        ErrorCode.UNKNOWN_ROOT_KEY,
        "no root key with the id 7, which the token names, is trusted now; it was signed with a key"
            + " of ed25519",
        () -> numbered.token().verifyAny(RootKeySet.of(story.clock, List.of())));
    Refused.with(
        ErrorCode.UNKNOWN_ROOT_KEY,
        "no root key is trusted now, and the token names no id of one",
        () -> token.token().verifyAny(RootKeySet.of(story.clock, List.of())));
  }
}
