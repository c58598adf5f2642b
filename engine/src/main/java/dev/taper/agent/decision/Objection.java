package dev.taper.agent.decision;

import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import org.jspecify.annotations.Nullable;

/**
 * What a step finds against a call before the checks of its chain are evaluated. Immutable.
 *
 * @param code what it is denied with
 * @param reason why, for the caller
 * @param operatorReason why, for the operator
 * @param blamed what a block brought in; null if no block is to blame
 * @param decider the check that decided; null for no check
 */
record Objection(
    DenialCode code,
    String reason,
    String operatorReason,
    @Nullable Reason blamed,
    CallDecision.@Nullable Decider decider) {
  static Objection of(DenialCode code, String reason) {
    return of(code, reason, reason);
  }

  static Objection of(DenialCode code, String reason, String operatorReason) {
    return new Objection(code, reason, operatorReason, null, null);
  }

  /** An objection for which a block is to blame. */
  static Objection of(DenialCode code, Reason blamed, CallDecision.@Nullable Decider decider) {
    String reason = blamed.details().get(0);
    return new Objection(code, reason, reason, blamed, decider);
  }

  /**
   * What a memory or a proof threw.
   *
   * @throws TaperException the same, if it is no reason to refuse a call
   */
  static Objection refusing(TaperException e) {
    DenialCode code = DenialCode.refusing(e);
    String message = String.valueOf(e.getMessage());
    return of(code, reason(code, message), message);
  }

  /** What was thrown while a call was evaluated: whatever it is, the call is refused. */
  static Objection evaluating(TaperException e) {
    return DenialCode.of(e.code()) != null
        ? refusing(e)
        : of(
            DenialCode.EVALUATION_FAILED,
            "the call could not be evaluated",
            e.code().text() + ": " + e.getMessage());
  }

  /**
   * The reason for the caller: what is wrong with its proof is said in the proof's own words, and
   * what a memory says of itself is not quoted.
   */
  private static String reason(DenialCode code, String message) {
    return switch (code) {
      case PROOF_REPLAYED -> "the proof was used before; every call needs its own";
      case REPLAY_CACHE_FULL -> "the service cannot remember more proofs just now";
      case REPLAY_CACHE_UNAVAILABLE ->
          "the service cannot find out just now whether the proof was used before";
      case BUDGET_UNAVAILABLE -> "the service cannot count the budget just now";
      case APPROVAL_USES_FULL -> "the service cannot remember more used approvals just now";
      case APPROVAL_USES_UNAVAILABLE ->
          "the service cannot find out just now whether the approval was used before";
      case TIMEOUT -> "the service did not come to decide about the call in time";
      default -> message;
    };
  }

  /** The denial of a call. */
  CallDecision denied(String audience, ToolCall call, DelegationChain chain) {
    CallDecision.Denied.Builder denial = CallDecision.Denied.of(code, audience, call, chain);
    return (blamed == null ? denial.because(reason, operatorReason) : denial.because(blamed))
        .decider(decider)
        .build();
  }

  /** The offer of nothing. */
  ToolOffer offer() {
    return ToolOffer.refused(code, reason);
  }
}
