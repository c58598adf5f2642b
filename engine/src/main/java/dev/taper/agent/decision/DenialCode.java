package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was refused, as a stable code. Malformed or forged tokens are exceptions instead, with
 * a {@link dev.taper.ErrorCode}.
 */
public enum DenialCode {
  /** The verifier does not take bearer tokens. */
  BEARER_NOT_ACCEPTED,
  /** The verifier does not take sealed tokens. */
  SEALED_NOT_ACCEPTED,
  /** Something that the token stands on is revoked: a block, its task, a key, its delegator. */
  REVOKED,
  /** What is revoked is not known well enough: the list is older than it may be. */
  REVOCATION_STALE,
  /** What is revoked is not known: there is no list. */
  REVOCATION_UNAVAILABLE,
  /** A held token came without a proof of its holder. */
  PROOF_REQUIRED,
  /** The proof is for another token, or not signed with its holder's key. */
  PROOF_MISMATCH,
  /** The proof is for another request: another service, call or approvals. */
  REQUEST_MISMATCH,
  /** The proof is too old. */
  PROOF_EXPIRED,
  /** The proof is from the future. */
  PROOF_NOT_YET_VALID,
  /** The proof was used before. */
  PROOF_REPLAYED,
  /** The verifier cannot remember more proofs just now. */
  REPLAY_CACHE_FULL,
  /** Whether the proof was used before cannot be found out just now. */
  REPLAY_CACHE_UNAVAILABLE,
  /** No grant of a hop covers the call. */
  OUT_OF_SCOPE,
  /** An inactive grant covers the call, and the holder did not justify the call. */
  JUSTIFICATION_REQUIRED,
  /** The holder's justification is past its window. */
  JUSTIFICATION_EXPIRED,
  /** The window of the holder's justification has not begun. */
  JUSTIFICATION_NOT_YET_VALID,
  /** The window of the holder's justification is longer than the grant or the verifier allows. */
  JUSTIFICATION_TOO_LONG,
  /** The holder's justification is for other tools. */
  JUSTIFICATION_MISMATCH,
  /** The justification is by somebody who held the token before. */
  JUSTIFICATION_BY_EARLIER_HOLDER,
  /** An inactive grant covers the call, and too few of its approvers have approved the call. */
  APPROVAL_REQUIRED,
  /** The approval is past its window. */
  APPROVAL_EXPIRED,
  /** The approval's window has not begun. */
  APPROVAL_NOT_YET_VALID,
  /** The window of a counted approval is longer than the verifier remembers its uses. */
  APPROVAL_TOO_LONG,
  /** The approval, or its approver's key, was revoked. */
  APPROVAL_WITHDRAWN,
  /** The approval is for another service, call or token. */
  APPROVAL_MISMATCH,
  /** The key that approved the call is not among the approvers whom the grant names. */
  APPROVAL_UNKNOWN_KEY,
  /** The approval is for somebody who held the token before. */
  APPROVAL_FOR_EARLIER_HOLDER,
  /** The approval is for a number of calls, which the verifier cannot count. */
  APPROVAL_NOT_COUNTED,
  /** All calls for which the approval was good were made before. */
  APPROVAL_USED,
  /** The verifier cannot remember more used approvals just now. */
  APPROVAL_USES_FULL,
  /** Whether the approval was used before cannot be found out just now. */
  APPROVAL_USES_UNAVAILABLE,
  /** A hop's budget is used up. */
  BUDGET_EXHAUSTED,
  /** The call has no amount that a hop's budget can count: none, a negative one, another unit. */
  BUDGET_AMOUNT,
  /** The service does not keep a hop's budget, or cannot find out what is left of it just now. */
  BUDGET_UNAVAILABLE,
  /** A hop's end is past. */
  EXPIRED,
  /** A hop's start is not reached. */
  NOT_YET_VALID,
  /** A hop does not name this service. */
  WRONG_AUDIENCE,
  /** A hop is for another task. */
  WRONG_TASK,
  /** The authority was handed on too often. */
  TOO_DEEP,
  /** The caller's name and key are not in the directory. */
  HOLDER_NOT_VERIFIED,
  /**
   * Something is forbidden about an argument, or asked of all of its values, and what it is cannot
   * be stated exactly.
   */
  ARGUMENT_OPAQUE,
  /** Another check of the token or of the service failed. */
  CHECK_FAILED,
  /** A policy of the service denies the call. */
  POLICY_DENIED,
  /** No policy of the service allows the call. */
  NO_MATCHING_POLICY,
  /** What the holder, or one before it, did is to be looked at by a person before calls go on. */
  HELD_BACK,
  /** The Datalog could not be evaluated: an error, or a limit. */
  EVALUATION_FAILED,
  /**
   * The call's time was used up before everything was asked that it depends on: by what was asked
   * before, or by a machine that had no time for it. It says nothing about the call.
   */
  TIMEOUT,
  /** The decision could not be recorded, and nothing may happen unrecorded. */
  AUDIT_UNAVAILABLE;

  private final String text = name().toLowerCase(Locale.ROOT);

  /**
   * The denial code for an error that checking a proof, claiming a proof or an approval, or
   * evaluating throws.
   *
   * @return null if the error has no denial code of its own
   */
  static @Nullable DenialCode of(ErrorCode code) {
    return switch (code) {
      case HOLDER_PROOF_MISMATCH -> PROOF_MISMATCH;
      case REQUEST_MISMATCH -> REQUEST_MISMATCH;
      case HOLDER_PROOF_EXPIRED -> PROOF_EXPIRED;
      case HOLDER_PROOF_NOT_YET_VALID -> PROOF_NOT_YET_VALID;
      case HOLDER_PROOF_REPLAYED -> PROOF_REPLAYED;
      case REPLAY_CACHE_FULL -> REPLAY_CACHE_FULL;
      case REPLAY_CACHE_UNAVAILABLE -> REPLAY_CACHE_UNAVAILABLE;
      case APPROVAL_USES_FULL -> APPROVAL_USES_FULL;
      case APPROVAL_USES_UNAVAILABLE -> APPROVAL_USES_UNAVAILABLE;
      case BUDGETS_FULL, BUDGET_UNAVAILABLE -> BUDGET_UNAVAILABLE;
      case TIMEOUT -> TIMEOUT;
      default -> null;
    };
  }

  /**
   * The denial code for what was thrown.
   *
   * @throws TaperException the same, if it is no reason to refuse a call
   */
  static DenialCode refusing(TaperException e) {
    DenialCode code = of(e.code());
    if (code == null) {
      throw e;
    }
    return code;
  }

  /** The code in lower case, as printed and logged. */
  public String text() {
    return text;
  }
}
