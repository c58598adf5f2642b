package dev.taper.testvectors;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an authorization ended.
 *
 * @param code the kind of end
 * @param policy the index of the policy that matched, or null if none did or evaluation failed
 * @param failedChecks the checks that did not hold, in the order of evaluation: those of the
 *     authorizer, of block 0, of block 1 and so on; empty if evaluation failed
 */
public record ExpectedDecision(
    Code code, @Nullable Integer policy, List<FailedCheck> failedChecks) {
  /** The kinds of end. */
  public enum Code {
    /** An allow policy matched and every check held. */
    ALLOWED,
    /** An allow policy matched, but a check did not hold. */
    CHECK_FAILED,
    /** A deny policy matched. */
    POLICY_DENIED,
    /** No policy matched. */
    NO_MATCHING_POLICY,
    /** An expression could not be evaluated. */
    EXECUTION_ERROR
  }

  /**
   * A check that did not hold.
   *
   * @param block the number of its block, or {@link #AUTHORIZER}
   * @param check its position among the checks of the block, from 0
   */
  public record FailedCheck(int block, int check) {
    /** Stands for the authorizer where a block is named. */
    public static final int AUTHORIZER = -1;
  }

  /** Copies the checks. */
  public ExpectedDecision {
    failedChecks = List.copyOf(failedChecks);
  }

  /** Makes the decision of a matching allow policy: allowed if no check failed. */
  public static ExpectedDecision allow(int policy, List<FailedCheck> failedChecks) {
    return new ExpectedDecision(
        failedChecks.isEmpty() ? Code.ALLOWED : Code.CHECK_FAILED, policy, failedChecks);
  }

  /** Makes the decision of a matching deny policy. */
  public static ExpectedDecision deny(int policy, List<FailedCheck> failedChecks) {
    return new ExpectedDecision(Code.POLICY_DENIED, policy, failedChecks);
  }

  /** Makes the decision when no policy matched. */
  public static ExpectedDecision noMatchingPolicy(List<FailedCheck> failedChecks) {
    return new ExpectedDecision(Code.NO_MATCHING_POLICY, null, failedChecks);
  }

  /** Makes the decision when an expression could not be evaluated. */
  public static ExpectedDecision executionError() {
    return new ExpectedDecision(Code.EXECUTION_ERROR, null, List.of());
  }
}
