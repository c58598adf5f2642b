package dev.taper.agent;

import dev.taper.token.Token;
import dev.taper.token.VerifiedChain;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a token's first block alone says against every call: it is of a kind that is not taken, what
 * it brings in is revoked, or it has ended. So a token that is of no use costs one signature,
 * however many it has. It is thrown from the midst of verifying; what follows the first block was
 * not looked at then, and nothing of it is recorded.
 */
final class FirstBlockRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DenialCode code;
  private final transient VerifiedChain firstBlock;
  private final transient Reason reason;
  private final transient CallDecision.@Nullable Decider decider;
  private final boolean blamesBlock;

  private FirstBlockRefusal(
      VerifiedChain firstBlock,
      DenialCode code,
      Reason reason,
      boolean blamesBlock,
      CallDecision.@Nullable Decider decider) {
    super(code.text(), null, false, false);
    this.firstBlock = firstBlock;
    this.code = code;
    this.reason = reason;
    this.blamesBlock = blamesBlock;
    this.decider = decider;
  }

  /** A token of a kind that the service does not take. */
  static FirstBlockRefusal ofKind(VerifiedChain token, DenialCode code, Token.Kind kind) {
    String words = "this service takes no " + kind.text() + " tokens";
    Reason reason = new Reason(null, "", "", List.of(words), null);
    return new FirstBlockRefusal(token, code, reason, false, null);
  }

  /** What the first block brings in, and is revoked. */
  static FirstBlockRefusal ofRevocation(VerifiedChain token, Reason revoked) {
    return new FirstBlockRefusal(token, DenialCode.REVOKED, revoked, true, null);
  }

  /**
   * The end of the first block, which is past.
   *
   * @param check the position of the check that names it
   */
  static FirstBlockRefusal ofEnd(VerifiedChain token, Reason ended, int check) {
    CallDecision.Decider decider = new CallDecision.Decider(true, check, null, 0);
    return new FirstBlockRefusal(token, DenialCode.EXPIRED, ended, true, decider);
  }

  /** The first block as a chain of its own, of which only a refusal may come. */
  VerifiedChain firstBlock() {
    return Objects.requireNonNull(firstBlock);
  }

  /** The denial of a call. */
  CallDecision denied(PendingDecision pending) {
    return pending.denied(code, reason, blamesBlock, decider);
  }

  /** The offer of nothing. */
  ToolOffer offer() {
    return ToolOffer.refused(code, reason.details().get(0));
  }
}
