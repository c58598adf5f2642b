package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Signer;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How tests present tokens that a well-behaved agent would not, and what they expect of it. */
public final class Attack {
  private Attack() {}

  /** What the verifier says if this key proves the call for this token, whoever should hold it. */
  public static CallDecision present(
      Story story, Verifier verifier, UnverifiedToken token, Signer key, ToolCall call) {
    story.meet(token);
    List<byte[]> signatures = token.revocationIds();
    byte[] state = signatures.get(signatures.size() - 1);
    Proof proof = Proof.make(key, state, Story.JIRA, SentApprovals.NONE, call.sent(), story.clock);
    return verifier.decide(Credentials.of(token.encodeBase64(), proof.encodeBase64()), call);
  }

  /** The same with a verifier that takes every manner of presenting. */
  public static CallDecision present(
      Story story, UnverifiedToken token, Signer key, ToolCall call) {
    return present(story, everything(story), token, key, call);
  }

  public static Verifier everything(Story story) {
    return story.verifier().acceptBearer().acceptSealed().build();
  }

  public static void assertThrows(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** A verifier may tell anyone why: the message names the block and the rule. */
  public static void assertViolation(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROFILE_VIOLATION))
        .hasMessageContaining(message);
  }

  public static void assertDenied(CallDecision decision, DenialCode code) {
    assertThat(codeOf(decision)).as(decision.explanation()).isEqualTo(code);
  }

  public static void assertAllowed(CallDecision decision) {
    assertThat(decision.allowed()).as(decision.explanation()).isTrue();
  }
}
