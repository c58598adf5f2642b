package dev.taper.agent;

import dev.taper.agent.call.ToolCall;
import dev.taper.authorizer.Decision.MatchedPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier decided about one call: a value, whether it allows or not. Immutable and
 * thread-safe.
 *
 * <p>A decision has three texts. {@link #explanation()}, {@link #reason()}, {@link #findings()} and
 * {@link #toJson()} are for the caller and may be sent to it: they say what its own chain lacks and
 * whom to ask, and nothing of the service's policies and facts. Everything whose name has {@code
 * operator} in it, and {@link #policy()}, is for the service's operator. {@link #toString()} is for
 * logs: it has names, never an argument's value.
 */
public final class CallDecision {
  private final @Nullable DenialCode code;
  private final String audience;
  private final ToolCall call;
  private final DelegationChain chain;
  private final Why why;

  CallDecision(
      @Nullable DenialCode code, String audience, ToolCall call, DelegationChain chain, Why why) {
    this.code = code;
    this.audience = audience;
    this.call = call;
    this.chain = chain;
    this.why = why;
  }

  /**
   * A refusal that is not a check's.
   *
   * @param code why
   * @param reason one sentence, which the caller may read
   * @param audience the service that decided
   * @param call the call
   * @param chain who gave what to whom
   */
  public static CallDecision refused(
      DenialCode code, String reason, String audience, ToolCall call, DelegationChain chain) {
    return new CallDecision(code, audience, call, chain, Why.of(reason, reason));
  }

  /** True if the call may go ahead. */
  public boolean allowed() {
    return code == null;
  }

  /** Why the call is refused; null if it is allowed. */
  public @Nullable DenialCode code() {
    return code;
  }

  /** Why, in one sentence for the caller; empty if the call is allowed. */
  public String reason() {
    return why.reason();
  }

  /** Why, in one sentence for the service's operator; empty if the call is allowed. */
  public String operatorReason() {
    return why.operatorReason();
  }

  /** The service that decided. */
  public String audience() {
    return audience;
  }

  /** The call. */
  public ToolCall call() {
    return call;
  }

  /** Who gave what to whom. */
  public DelegationChain chain() {
    return chain;
  }

  /** The policy of the service that decided, or null. For the operator. */
  public @Nullable MatchedPolicy policy() {
    return why.policy();
  }

  /**
   * The checks of the chain that failed, the earliest hop's first, as the caller may read them; if
   * the service's policies refuse the call too, one finding more that says only that.
   */
  public List<Reason> findings() {
    return why.findings();
  }

  /** Everything that refused the call, the earliest hop's checks first. For the operator. */
  public List<Reason> operatorFindings() {
    return why.operatorFindings();
  }

  /**
   * The last holder whose token would still have allowed the call; null if none would, or if the
   * refusal is not a hop's.
   */
  public @Nullable String lastAllowed() {
    return why.lastAllowed();
  }

  /** False if it took too much work to find out whose token would still have allowed the call. */
  public boolean lastAllowedKnown() {
    return why.lastAllowedKnown();
  }

  /** What would let the call through, and whom to ask for it; null if no grant would. */
  public @Nullable Suggestion ask() {
    return why.ask();
  }

  /**
   * What has to be there so that the call is allowed, if that is all that it is refused for; else
   * null. It names the approvers of the service's policies too: what of it the caller may read is
   * in {@link #toJson()}.
   */
  public @Nullable MissingActivation dormant() {
    return why.dormant();
  }

  /** True if callers may read whom the service's policies name as approvers. */
  boolean approversPublished() {
    return why.approversPublished();
  }

  /** The hop that refuses the call; null if it is allowed, or if no hop does. */
  public @Nullable DelegationHop failingHop() {
    List<Reason> all = why.operatorFindings();
    return all.isEmpty() ? null : all.get(0).hop();
  }

  /**
   * The part of the service's policies that decided: the one that allowed or denied, or whose check
   * failed; null if a hop refuses, no policy matched, or the policies have no parts. For the
   * operator.
   */
  public @Nullable String decidingPart() {
    if (allowed() || code == DenialCode.POLICY_DENIED) {
      return policy() == null ? null : policy().part();
    }
    List<Reason> all = why.operatorFindings();
    return code == DenialCode.CHECK_FAILED && !all.isEmpty() ? all.get(0).part() : null;
  }

  /** The decision for the caller, a few lines. */
  public String explanation() {
    return DecisionText.of(this, DecisionView.CALLER);
  }

  /** The decision for the service's operator, a few lines: policies, facts and values included. */
  public String operatorExplanation() {
    return DecisionText.of(this, DecisionView.OPERATOR);
  }

  /** The decision for the caller as a JSON object, which docs/delegation.md describes. */
  public String toJson() {
    return DecisionJson.of(this, DecisionView.CALLER);
  }

  /** The decision for the service's operator as a JSON object, policies and values included. */
  public String toOperatorJson() {
    return DecisionJson.of(this, DecisionView.OPERATOR);
  }

  /** The decision for logs, in one line: names, and no argument's value. */
  @Override
  public String toString() {
    DelegationHop hop = failingHop();
    return (code == null ? "allowed" : "denied " + code.text())
        + ": "
        + call
        + " at "
        + audience
        + " by "
        + chain.hops().get(chain.hops().size() - 1).holderName()
        + (hop == null ? "" : ", refused by hop " + hop.block());
  }
}
