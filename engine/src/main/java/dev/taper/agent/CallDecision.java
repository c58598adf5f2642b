package dev.taper.agent;

import dev.taper.agent.request.Invocation;
import dev.taper.authorizer.MatchedPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier decided about one call: a value, whether it allows or not. Immutable and
 * thread-safe.
 *
 * @param code why the call is refused; null if it is allowed
 * @param reason one sentence for people; empty if the call is allowed
 * @param audience the service that decided
 * @param call the call
 * @param chain who gave what to whom
 * @param policy the policy of the service that decided, or null
 * @param findings the checks that failed, the earliest hop's first
 * @param lastAllowed the last holder whose token would still have allowed the call; null if none
 *     would, or if the refusal is not a hop's
 * @param lastAllowedKnown false if it took too much work to find out whose token would have
 * @param ask what would let the call through, or null if no grant would
 * @param dormant the grant that would cover the call if it was woken; null unless that is all that
 *     the call is refused for
 */
public record CallDecision(
    @Nullable DenialCode code,
    String reason,
    String audience,
    Invocation call,
    DelegationChain chain,
    @Nullable MatchedPolicy policy,
    List<Finding> findings,
    @Nullable String lastAllowed,
    boolean lastAllowedKnown,
    @Nullable Ask ask,
    @Nullable Dormant dormant) {
  /** Copies the list. */
  public CallDecision {
    findings = List.copyOf(findings);
  }

  /** A decision of which it is known whose token would still have allowed the call. */
  CallDecision(
      @Nullable DenialCode code,
      String reason,
      String audience,
      Invocation call,
      DelegationChain chain,
      @Nullable MatchedPolicy policy,
      List<Finding> findings,
      @Nullable String lastAllowed,
      @Nullable Ask ask,
      @Nullable Dormant dormant) {
    this(code, reason, audience, call, chain, policy, findings, lastAllowed, true, ask, dormant);
  }

  /**
   * A refusal that is not a check's.
   *
   * @param code why
   * @param reason one sentence for people
   * @param audience the service that decided
   * @param call the call
   * @param chain who gave what to whom
   */
  public static CallDecision refused(
      DenialCode code, String reason, String audience, Invocation call, DelegationChain chain) {
    return new CallDecision(code, reason, audience, call, chain, null, List.of(), null, null, null);
  }

  /** True if the call may go ahead. */
  public boolean allowed() {
    return code == null;
  }

  /** The hop that refuses the call; null if it is allowed, or if no hop does. */
  public @Nullable DelegationHop failingHop() {
    return findings.isEmpty() ? null : findings.get(0).hop();
  }

  /**
   * The part of the service's policies that decided: the one that allowed or denied, or whose check
   * failed; null if a hop refuses, no policy matched, or the policies have no parts.
   */
  public @Nullable String decidingPart() {
    if (allowed() || code == DenialCode.POLICY_DENIED) {
      return policy == null ? null : policy.part();
    }
    return code == DenialCode.CHECK_FAILED && !findings.isEmpty() ? findings.get(0).part() : null;
  }

  /** The decision for people, a few lines. */
  public String explanation() {
    return DecisionText.of(this);
  }

  /** The decision as a JSON object, for logs and programs. */
  public String toJson() {
    return DecisionJson.of(this);
  }

  /** The explanation. */
  @Override
  public String toString() {
    return explanation();
  }
}
