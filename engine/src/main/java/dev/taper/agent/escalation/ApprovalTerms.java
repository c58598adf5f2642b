package dev.taper.agent.escalation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * On what terms a call is approved. Immutable and thread-safe; every method returns a changed copy.
 *
 * @param window for how long, counted from signing, in whole seconds
 * @param anyArguments true if the call may have other arguments than those asked for
 * @param singleUse true if it is good for one call
 */
public record ApprovalTerms(Duration window, boolean anyArguments, boolean singleUse) {
  /**
   * Checks the window.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is less than a second, or not
   *     of whole ones
   */
  public ApprovalTerms {
    if (window.compareTo(Duration.ofSeconds(1)) < 0
        || !window.equals(window.truncatedTo(ChronoUnit.SECONDS))) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the window of an approval has whole seconds, and at least one");
    }
  }

  /** For exactly the call that was asked for, as often as it is made within the window. */
  public static ApprovalTerms lasting(Duration window) {
    return new ApprovalTerms(window, false, false);
  }

  /** Whatever the arguments are. */
  public ApprovalTerms withAnyArguments() {
    return new ApprovalTerms(window, true, singleUse);
  }

  /** For one call only. */
  public ApprovalTerms once() {
    return new ApprovalTerms(window, anyArguments, true);
  }
}
