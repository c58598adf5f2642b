package dev.taper.operations.findings;

import dev.taper.agent.decision.DenialCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is counted of somebody, by the names that the rules know. */
enum Counted {
  /** Calls, whatever was decided about them. */
  CALLS,
  /** Calls that were refused because the authority does not cover them. */
  DENIALS,
  /** Hops that claim more than their parent has, of whoever signed them. */
  WIDENINGS,
  /** Tools that were never used before. */
  NEW_TOOLS,
  /** Places from which no call came before. */
  NEW_PLACES,
  /** Proofs that the holder's key did not make. */
  WRONG_KEYS,
  /** Proofs that were sent before. */
  REPLAYS,
  /** Asks for approval that are like the last one. */
  ASKED_ALIKE,
  /** Asks for approval of what is like something that somebody refused. */
  ASKED_AFTER_NO,
  /** Calls with approvals that are not for them, or by nobody who approves them. */
  UNFIT_APPROVALS,
  /** Calls that were refused because a budget is used up. */
  USED_UP;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in rules. */
  String text() {
    return text;
  }

  /**
   * What a denial counts as. What is no sign of abuse is not counted: authority that ended, an
   * approval that is still missing, a store that does not answer.
   */
  static @Nullable Counted of(DenialCode code) {
    return switch (code) {
      case OUT_OF_SCOPE,
          WRONG_AUDIENCE,
          WRONG_TASK,
          TOO_DEEP,
          HOLDER_NOT_VERIFIED,
          JUSTIFICATION_MISMATCH,
          JUSTIFICATION_TOO_LONG,
          JUSTIFICATION_BY_EARLIER_HOLDER,
          ARGUMENT_OPAQUE,
          BUDGET_AMOUNT,
          CHECK_FAILED,
          POLICY_DENIED,
          NO_MATCHING_POLICY,
          EVALUATION_FAILED ->
          DENIALS;
      case APPROVAL_MISMATCH,
          APPROVAL_UNKNOWN_KEY,
          APPROVAL_FOR_EARLIER_HOLDER,
          APPROVAL_WITHDRAWN ->
          UNFIT_APPROVALS;
      case BUDGET_EXHAUSTED -> USED_UP;
      case PROOF_MISMATCH -> WRONG_KEYS;
      case PROOF_REPLAYED -> REPLAYS;
      default -> null;
    };
  }
}
