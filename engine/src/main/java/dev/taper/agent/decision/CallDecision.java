package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier decided about one call: either {@link Allowed} or {@link Denied}, which says why.
 * Immutable and thread-safe.
 *
 * <p>A decision has three texts. {@link #explanation()}, {@link #toJson()}, {@link Denied#reason()}
 * and {@link Denied#reasons()} are for the caller and may be sent to it: they say what its own
 * chain lacks and whom to ask, and nothing of the service's policies and facts. Everything whose
 * name has {@code operator} in it, and {@link #policy()}, is for the service's operator. {@link
 * #toString()} is for logs: it has names, never an argument's value.
 */
public abstract sealed class CallDecision {
  private final String audience;
  private final ToolCall call;
  private final DelegationChain chain;
  private final @Nullable MatchedPolicy policy;

  private CallDecision(
      String audience, ToolCall call, DelegationChain chain, @Nullable MatchedPolicy policy) {
    this.audience = audience;
    this.call = call;
    this.chain = chain;
    this.policy = policy;
  }

  /** True if the call may go ahead. */
  public abstract boolean allowed();

  /** The service that decided. */
  public final String audience() {
    return audience;
  }

  /** The call. */
  public final ToolCall call() {
    return call;
  }

  /** Who gave what to whom. */
  public final DelegationChain chain() {
    return chain;
  }

  /** The policy of the service that decided, or null. For the operator. */
  public final @Nullable MatchedPolicy policy() {
    return policy;
  }

  /**
   * The part of the service's policies that decided: the one that allowed or denied, or whose check
   * failed; null if a hop refuses, no policy matched, or the policies have no parts. For the
   * operator.
   */
  public @Nullable String decidingPart() {
    return policy == null ? null : policy.part();
  }

  /**
   * The one policy or check that decided: the policy that allowed or denied, or the first check
   * that failed, a hop's before the service's; null if no policy matched, or if it was not for
   * policies and checks to decide. For the operator and the log.
   */
  public @Nullable Decider decider() {
    return policy == null ? null : new Decider(false, policy.index(), policy.part(), null);
  }

  /**
   * Where a policy or check stands that decided.
   *
   * @param check true for a check, false for a policy
   * @param index its position there, from 0
   * @param part the part of the service's policies; null for a hop, or if they have no parts
   * @param block the block of the chain; null for the service
   */
  public record Decider(boolean check, int index, @Nullable String part, @Nullable Integer block) {}

  /** The decision for the caller, a few lines. */
  public final String explanation() {
    return DecisionText.of(this, DecisionView.CALLER);
  }

  /** The decision for the service's operator, a few lines: policies, facts and values included. */
  public final String operatorExplanation() {
    return DecisionText.of(this, DecisionView.OPERATOR);
  }

  /** The decision for the caller as a JSON object, which docs/delegation.md describes. */
  public final String toJson() {
    return DecisionJson.of(this, DecisionView.CALLER);
  }

  /** The decision for the service's operator as a JSON object, policies and values included. */
  public final String toOperatorJson() {
    return DecisionJson.of(this, DecisionView.OPERATOR);
  }

  /** The decision for logs, in one line: names, and no argument's value. */
  @Override
  public String toString() {
    return "allowed: " + callAtService();
  }

  final String callAtService() {
    return call
        + " at "
        + audience
        + " by "
        + chain.hops().get(chain.hops().size() - 1).holderName();
  }

  /** A call that may go ahead. Immutable but for its reservation, and thread-safe. */
  public static final class Allowed extends CallDecision {
    private final Reservation reservation;
    private final @Nullable Denied observedDenial;

    Allowed(
        String audience,
        ToolCall call,
        DelegationChain chain,
        @Nullable MatchedPolicy policy,
        Reservation reservation) {
      super(audience, call, chain, policy);
      this.reservation = reservation;
      this.observedDenial = null;
    }

    private Allowed(Denied denied) {
      super(denied.audience(), denied.call(), denied.chain(), denied.policy());
      this.reservation = new Reservation(() -> {});
      this.observedDenial = denied;
    }

    /** Lets a denied call through, because the verifier only observes. */
    static Allowed despite(Denied denied) {
      return new Allowed(denied);
    }

    /**
     * Why the call would be denied, by a verifier that {@linkplain VerifierBuilder#observeOnly only
     * observes}; null if it is allowed for good reasons. For the operator, who is not to tell the
     * caller more of it than the denial's own texts for the caller.
     */
    public @Nullable Denied observedDenial() {
      return observedDenial;
    }

    @Override
    public @Nullable Decider decider() {
      return observedDenial == null ? super.decider() : observedDenial.decider();
    }

    /**
     * What the call took from budgets and approvals. It counts, unless the service says that it
     * never began the call.
     */
    public Reservation reservation() {
      return reservation;
    }

    @Override
    public boolean allowed() {
      return true;
    }

    @Override
    public String toString() {
      return observedDenial == null
          ? super.toString()
          : super.toString() + ", only observed; " + observedDenial;
    }
  }

  /** A call that is refused, and why. Immutable and thread-safe. */
  public static final class Denied extends CallDecision {
    /** The most characters of {@link #reason}; what is longer is cut. */
    static final int MAX_REASON = 4096;

    /** The most characters of all reasons together; what is longer is cut. */
    public static final int MAX_REASONS = 65_536;

    private final DenialCode code;
    private final String reason;
    private final String operatorReason;
    private final List<Reason> reasons;
    private final List<Reason> operatorReasons;
    private final @Nullable DelegationHop lastAllowed;
    private final boolean lastAllowedKnown;
    private final @Nullable Suggestion suggestion;
    private final @Nullable MissingActivation missingActivation;
    private final boolean approversPublished;
    private final @Nullable Decider decider;

    private Denied(Builder b) {
      super(b.audience, b.call, b.chain, b.policy);
      this.code = b.code;
      this.reason = b.reason;
      this.operatorReason = b.operatorReason;
      this.reasons = Reason.within(MAX_REASONS, b.reasons);
      this.operatorReasons = Reason.within(MAX_REASONS, b.operatorReasons);
      this.lastAllowed = b.lastAllowed;
      this.lastAllowedKnown = b.lastAllowedKnown;
      this.suggestion = b.suggestion;
      this.missingActivation = b.missingActivation;
      this.approversPublished = b.approversPublished;
      this.decider = b.decider;
    }

    /** Starts a denial; it needs a reason, too. */
    static Builder of(DenialCode code, String audience, ToolCall call, DelegationChain chain) {
      return new Builder(code, audience, call, chain);
    }

    @Override
    public boolean allowed() {
      return false;
    }

    /** Why, as a code that stays the same. */
    public DenialCode code() {
      return code;
    }

    /** Why, in one sentence for the caller. */
    public String reason() {
      return reason;
    }

    /** Why, in one sentence for the service's operator. */
    public String operatorReason() {
      return operatorReason;
    }

    /**
     * The checks of the chain that failed, the earliest hop's first, as the caller may read them;
     * if the service's policies refuse the call too, one more reason says only that.
     */
    public List<Reason> reasons() {
      return reasons;
    }

    /** Everything that refused the call, the earliest hop's checks first. For the operator. */
    public List<Reason> operatorReasons() {
      return operatorReasons;
    }

    /**
     * The last hop whose token would still have allowed the call; null if none would, or if the
     * refusal is not a hop's.
     */
    public @Nullable DelegationHop lastAllowed() {
      return lastAllowed;
    }

    /** False if it took too much work to find out whose token would still have allowed the call. */
    public boolean lastAllowedKnown() {
      return lastAllowedKnown;
    }

    /** What would let the call through, and whom to ask for it; null if no grant would. */
    public @Nullable Suggestion suggestion() {
      return suggestion;
    }

    /**
     * The approvals and justifications that the call lacks; null if it is refused for anything
     * else. It names the approvers of the service's policies too; {@link #toJson()} has what the
     * caller may read.
     */
    public @Nullable MissingActivation missingActivation() {
      return missingActivation;
    }

    /**
     * Asks for the approval that the call lacks, as the service understood the call, so that no
     * approver has to believe an agent's words for it.
     *
     * @param token the token that the call came with
     * @param why one line of visible text of at most 1 KiB
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the call lacks no approval, or
     *     did not come with this token; {@link ErrorCode#INVALID_REQUEST} for the reason
     */
    public ApprovalRequest approvalRequest(UnverifiedToken token, String why) {
      if (missingActivation == null || !missingActivation.isApprovalMissing()) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "an approval is not what the call lacks");
      }
      if (!chain().states().equals(ApprovalStatement.State.of(token))) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the call did not come with this token");
      }
      return ApprovalRequest.of(token, call(), audience(), why);
    }

    /** True if callers may read whom the service's policies name as approvers. */
    boolean approversPublished() {
      return approversPublished;
    }

    /** The hop that refuses the call; null if no hop does. */
    public @Nullable DelegationHop failingHop() {
      return operatorReasons.isEmpty() ? null : operatorReasons.get(0).hop();
    }

    @Override
    public @Nullable Decider decider() {
      return decider;
    }

    @Override
    public @Nullable String decidingPart() {
      if (code == DenialCode.POLICY_DENIED) {
        return super.decidingPart();
      }
      return code == DenialCode.CHECK_FAILED && !operatorReasons.isEmpty()
          ? operatorReasons.get(0).part()
          : null;
    }

    @Override
    public String toString() {
      DelegationHop hop = failingHop();
      return "denied "
          + code.text()
          + ": "
          + callAtService()
          + (hop == null ? "" : ", refused by hop " + hop.block());
    }

    /** Collects what a denial says. For one thread. */
    static final class Builder {
      private final DenialCode code;
      private final String audience;
      private final ToolCall call;
      private final DelegationChain chain;
      private @Nullable MatchedPolicy policy;
      private String reason = "";
      private String operatorReason = "";
      private List<Reason> reasons = List.of();
      private List<Reason> operatorReasons = List.of();
      private @Nullable DelegationHop lastAllowed;
      private boolean lastAllowedKnown = true;
      private @Nullable Suggestion suggestion;
      private @Nullable MissingActivation missingActivation;
      private boolean approversPublished;
      private @Nullable Decider decider;

      private Builder(DenialCode code, String audience, ToolCall call, DelegationChain chain) {
        this.code = code;
        this.audience = audience;
        this.call = call;
        this.chain = chain;
      }

      /** Sets the sentence for the caller and the operator. */
      Builder because(String sentence) {
        return because(sentence, sentence);
      }

      /** Sets a sentence for the caller, and one for the operator. */
      Builder because(String sentence, String operatorSentence) {
        reason = ShortText.of(sentence, MAX_REASON);
        operatorReason = ShortText.of(operatorSentence, MAX_REASON);
        return this;
      }

      /** Sets the one reason for the caller and the operator. */
      Builder because(Reason one) {
        return reasons(List.of(one), List.of(one)).because(one.details().get(0));
      }

      /** Sets the reasons for the caller, and those for the operator. */
      Builder reasons(List<Reason> some, List<Reason> all) {
        reasons = some;
        operatorReasons = all;
        return this;
      }

      Builder policy(@Nullable MatchedPolicy matched) {
        policy = matched;
        return this;
      }

      /** Sets the hop whose token would have allowed the call, and whether that is known. */
      Builder lastAllowed(@Nullable DelegationHop hop, boolean known) {
        lastAllowed = hop;
        lastAllowedKnown = known;
        return this;
      }

      Builder suggestion(@Nullable Suggestion what) {
        suggestion = what;
        return this;
      }

      Builder missing(MissingActivation what) {
        missingActivation = what;
        return this;
      }

      Builder approversPublished(boolean published) {
        approversPublished = published;
        return this;
      }

      Builder decider(@Nullable Decider what) {
        decider = what;
        return this;
      }

      Denied build() {
        return new Denied(this);
      }
    }
  }
}
