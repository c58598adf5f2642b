package dev.taper.agent;

import dev.taper.authorizer.Decision.MatchedPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision says beside its code.
 *
 * @param reason one sentence for the caller
 * @param operatorReason one sentence for the operator
 * @param policy the policy that decided, or null
 * @param findings what the caller may know of what failed
 * @param operatorFindings everything that failed
 * @param lastAllowed the last holder whose token would have allowed the call, or null
 * @param lastAllowedKnown false if it took too much work to find out whose token would have
 * @param ask what to ask for, or null
 * @param dormant what is missing, if that is all, or null
 * @param approversPublished true if callers may know whom policies name as approvers
 */
record Why(
    String reason,
    String operatorReason,
    @Nullable MatchedPolicy policy,
    List<Reason> findings,
    List<Reason> operatorFindings,
    @Nullable String lastAllowed,
    boolean lastAllowedKnown,
    @Nullable Suggestion ask,
    @Nullable MissingActivation dormant,
    boolean approversPublished) {
  /** Copies the lists. */
  Why {
    findings = List.copyOf(findings);
    operatorFindings = List.copyOf(operatorFindings);
  }

  /** A sentence for each, and nothing else. */
  static Why of(String reason, String operatorReason) {
    return new Why(
        reason, operatorReason, null, List.of(), List.of(), null, true, null, null, false);
  }

  /** A finding that both may read. */
  static Why of(Reason finding) {
    String reason = finding.reasons().get(0);
    List<Reason> one = List.of(finding);
    return new Why(reason, reason, null, one, one, null, true, null, null, false);
  }

  /** A call that is allowed by a policy. */
  static Why allowed(@Nullable MatchedPolicy policy) {
    return new Why("", "", policy, List.of(), List.of(), null, true, null, null, false);
  }
}
