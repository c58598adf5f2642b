package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.grant.CallPattern;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The terms on which an approver approves. Without more, it is exactly the call that was asked for,
 * at the service that was asked for, as often as it is made. {@link ApprovalRequest#statement}
 * checks the terms. Immutable and thread-safe; every method returns a changed copy.
 */
public final class ApprovalTerms {
  private final Duration window;
  private final SortedSet<String> audiences;
  private final List<CallPattern> patterns;
  private final @Nullable Integer onwardFrom;
  private final @Nullable Integer uses;
  private final @Nullable String reason;

  private ApprovalTerms(
      Duration window,
      SortedSet<String> audiences,
      List<CallPattern> patterns,
      @Nullable Integer onwardFrom,
      @Nullable Integer uses,
      @Nullable String reason) {
    this.window = window;
    this.audiences = new TreeSet<>(audiences);
    this.patterns = List.copyOf(patterns);
    this.onwardFrom = onwardFrom;
    this.uses = uses;
    this.reason = reason;
  }

  /**
   * Terms for exactly the call that was asked for.
   *
   * @param window for how long, counted from signing, in whole seconds
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it has fractions of a second
   */
  public static ApprovalTerms lasting(Duration window) {
    if (!window.equals(window.truncatedTo(ChronoUnit.SECONDS))) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the window of an approval has whole seconds");
    }
    return new ApprovalTerms(window, new TreeSet<>(), List.of(), null, null, null);
  }

  /** Names these services instead of the one that was asked for. */
  public ApprovalTerms at(Collection<String> services) {
    return new ApprovalTerms(window, new TreeSet<>(services), patterns, onwardFrom, uses, reason);
  }

  /** Allows one call only. */
  public ApprovalTerms once() {
    return uses(1);
  }

  /** Allows a number of calls; a verifier takes such an approval for a day at most, by default. */
  public ApprovalTerms uses(int calls) {
    return new ApprovalTerms(window, audiences, patterns, onwardFrom, calls, reason);
  }

  /** Approves all calls of these patterns instead of the one that was asked for, in a number. */
  public ApprovalTerms calls(Collection<CallPattern> calls) {
    return new ApprovalTerms(window, audiences, List.copyOf(calls), onwardFrom, uses, reason);
  }

  /**
   * Makes it good for everybody who has the token from some holder on; for patterns only. All of
   * them share the number of calls.
   *
   * @param block the index of the block by which that holder got the token
   */
  public ApprovalTerms onwardFrom(int block) {
    return new ApprovalTerms(window, audiences, patterns, block, uses, reason);
  }

  /** Adds why, one line of visible text of at most 1 KiB. */
  public ApprovalTerms because(String why) {
    return new ApprovalTerms(window, audiences, patterns, onwardFrom, uses, why);
  }

  Duration window() {
    return window;
  }

  @Nullable Integer onwardFrom() {
    return onwardFrom;
  }

  /** Puts the terms into a statement that asks for a call at a service. */
  void addTo(ApprovalStatement.Parts parts, String audience, String meaning) {
    parts.audiences = audiences.isEmpty() ? new TreeSet<>(List.of(audience)) : audiences;
    parts.patterns = patterns;
    parts.meaning = patterns.isEmpty() ? meaning : null;
    parts.onward = onwardFrom != null;
    parts.uses = uses;
    parts.reason = reason;
  }

  /** For how long, and for what. */
  @Override
  public String toString() {
    return "ApprovalTerms(" + window + ", " + (patterns.isEmpty() ? "the call" : patterns) + ")";
  }
}
