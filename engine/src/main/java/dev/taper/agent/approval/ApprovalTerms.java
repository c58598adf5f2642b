package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The terms on which a call is approved. Immutable and thread-safe; every method returns a changed
 * copy.
 *
 * @param window for how long, counted from signing, in whole seconds; a verifier takes an approval
 *     that is good for one call for a day at most, unless it says otherwise
 * @param audiences at which services it is good, sorted; none for the one that was asked for
 * @param anyArguments true if the call may have other arguments than those asked for
 * @param singleUse true if it is good for one call
 */
public record ApprovalTerms(
    Duration window, SortedSet<String> audiences, boolean anyArguments, boolean singleUse) {
  /**
   * Checks the terms, and copies the services.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the window is less than a second,
   *     or not of whole ones; if there are more than {@link Approval#MAX_AUDIENCES} services, or
   *     several for one call; {@link ErrorCode#INVALID_REQUEST} if the name of one is ambiguous
   */
  public ApprovalTerms {
    if (window.compareTo(Duration.ofSeconds(1)) < 0
        || !window.equals(window.truncatedTo(ChronoUnit.SECONDS))) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the window of an approval has whole seconds, and at least one");
    }
    audiences = Collections.unmodifiableSortedSet(new TreeSet<>(audiences));
    audiences.forEach(Canonical::audience);
    if (audiences.size() > Approval.MAX_AUDIENCES) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "an approval names at most " + Approval.MAX_AUDIENCES + " services");
    }
    if (singleUse && audiences.size() > 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "an approval for one call is good at one service: what one remembers no other knows");
    }
  }

  /** Terms for exactly the call that was asked for, as often as it is made within the window. */
  public static ApprovalTerms lasting(Duration window) {
    return new ApprovalTerms(window, new TreeSet<>(), false, false);
  }

  /** Names these services instead of the one that was asked for. */
  public ApprovalTerms at(Collection<String> services) {
    return new ApprovalTerms(window, new TreeSet<>(services), anyArguments, singleUse);
  }

  /** Allows any arguments. */
  public ApprovalTerms withAnyArguments() {
    return new ApprovalTerms(window, audiences, true, singleUse);
  }

  /** Allows one call only. */
  public ApprovalTerms once() {
    return new ApprovalTerms(window, audiences, anyArguments, true);
  }
}
