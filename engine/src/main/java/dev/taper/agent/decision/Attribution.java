package dev.taper.agent.decision;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Explanation;
import dev.taper.authorizer.WorkBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says why a call is refused: the code, the hops to blame, what would let it through and whom to
 * ask. The code is settled first, then explained. If explaining fails, the refusal keeps its code,
 * with fewer words. For one thread.
 */
final class Attribution {
  /** Tries the call again, only to explain: what follows from it never allows anything. */
  interface Trials {
    /** What is known of the call if the chain ended after its first blocks. */
    CallFacts facts(int length);

    /** What would be decided about the chain's first blocks; null if it cannot be found out. */
    @Nullable Decision decide(int length);

    /** What would be decided if something were so. */
    @Nullable Decision decideIf(int length, ActivationSearch.Assumed assumed);

    /** The work that explaining may take. */
    WorkBudget work();

    /** True if there was too much work to find out everything. */
    boolean exhausted();
  }

  /** The most failed checks that are explained; nobody reads more. */
  private static final int MOST_REASONS = 64;

  private final Service service;
  private final ToolCall call;
  private final DelegationChain chain;
  private final Decision decision;
  private final CallFacts facts;
  private final Readings readings;
  private final Trials trials;

  Attribution(
      Service service,
      ToolCall call,
      DelegationChain chain,
      Decision decision,
      Trials trials,
      Readings readings) {
    this.service = service;
    this.call = call;
    this.chain = chain;
    this.decision = decision;
    this.trials = trials;
    this.readings = readings;
    this.facts = trials.facts(chain.hops().size());
  }

  /** Gives the refusal, explained as far as it can be. */
  CallDecision refusal(Escalation escalation) {
    DenialCode code;
    ActivationDiagnosis diagnosis = null;
    try {
      ActivationSearch.Found found = needs(decision, facts, chain.hops().size());
      if (found != null) {
        diagnosis =
            ActivationDiagnosis.of(found, facts, escalation, service.shared.approversPublished);
      }
      code = diagnosis == null ? code() : diagnosis.code();
    } catch (RuntimeException e) {
      service.shared.unexplained.note(e);
      code = bareCode();
    }
    try {
      return diagnosis == null ? explained(code) : explained(diagnosis);
    } catch (RuntimeException e) {
      service.shared.unexplained.note(e);
      return bare(code);
    }
  }

  private Denied.Builder denied(DenialCode code) {
    return Denied.of(code, service.audience(), call, chain)
        .policy(decision.policy())
        .decider(decider());
  }

  /** The policy that denied, or the first check that failed, a hop's before the service's. */
  private CallDecision.@Nullable Decider decider() {
    Decision.MatchedPolicy policy = decision.policy();
    if (decision.code() == Decision.Code.POLICY_DENIED && policy != null) {
      return new CallDecision.Decider(false, policy.index(), policy.part(), null);
    }
    FailedCheck first = null;
    for (FailedCheck failed : decision.failedChecks()) {
      boolean isOfHop = failed.block().isPresent();
      if (first == null || (isOfHop && first.block().isEmpty())) {
        first = failed;
      }
    }
    if (first == null) {
      return null;
    }
    Integer block = first.block().isPresent() ? first.block().getAsInt() : null;
    return new CallDecision.Decider(true, first.index(), first.part(), block);
  }

  private ActivationSearch.@Nullable Found needs(Decision refused, CallFacts known, int length) {
    return ActivationSearch.of(
        refused,
        known,
        chain,
        service.policies.code(),
        readings,
        assumed -> trials.decideIf(length, assumed));
  }

  private Denied explained(ActivationDiagnosis diagnosis) {
    return denied(diagnosis.code())
        .because(diagnosis.reason(), diagnosis.operatorReason())
        .reasons(reasons(), operatorReasons(explanation()))
        .missing(diagnosis.missing())
        .approversPublished(service.shared.approversPublished)
        .build();
  }

  private Denied explained(DenialCode code) {
    List<Reason> reasons = reasons();
    List<Reason> operatorReasons = operatorReasons(explanation());
    int hop = blamedHop();
    DelegationHop last = null;
    MissingActivation ofLast = null;
    boolean searching = true;
    boolean foundOut = true;
    for (int length = hop; length > 0 && searching; length--) {
      Decision without = trials.decide(length);
      if (without != null && without.allowed()) {
        last = chain.hops().get(length - 1);
      } else if (without != null && code == DenialCode.OUT_OF_SCOPE) {
        ActivationSearch.Found found = needs(without, trials.facts(length), length);
        ofLast = found == null ? null : found.missing();
      }
      // If a longer part could not be decided, a shorter one says nothing about it.
      searching = last == null && ofLast == null;
      if (searching && (trials.exhausted() || (length > 1 && readings.areUsedUp()))) {
        searching = false;
        foundOut = false;
      }
    }
    // Only a missing grant can be asked for, from the one whose token still allows the call.
    String whom =
        last == null && ofLast == null ? chain.delegator() : chain.hops().get(hop).grantor();
    boolean known = last != null || ofLast != null || (foundOut && !trials.exhausted());
    return denied(code)
        .because(reasons.get(0).details().get(0), operatorReasons.get(0).details().get(0))
        .reasons(reasons, operatorReasons)
        .lastAllowed(last, known)
        .suggestion(
            code == DenialCode.OUT_OF_SCOPE
                ? Suggestion.of(whom, ofLast, call, decision, facts, readings)
                : null)
        .approversPublished(service.shared.approversPublished)
        .build();
  }

  /** The refusal that only says at which hops a check failed. */
  private Denied bare(DenialCode code) {
    List<Reason> bare = new ArrayList<>();
    for (FailedCheck failed : first(decision.failedChecks())) {
      if (failed.block().isPresent()) {
        DelegationHop hop = chain.hops().get(failed.block().getAsInt());
        bare.add(Reason.of(hop, "", "", List.of("a check of this hop does not hold")));
      }
    }
    if (isOfService()) {
      bare.add(Reason.OF_SERVICE);
    }
    return denied(code).because(bare.get(0).details().get(0)).reasons(bare, bare).build();
  }

  /** True if the service refuses the call, whether or not a hop does. */
  private boolean isOfService() {
    boolean ofHops = false;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isEmpty()) {
        return true;
      }
      ofHops = true;
    }
    return !ofHops || decision.code() != Decision.Code.CHECK_FAILED;
  }

  private @Nullable Explanation explanation() {
    try {
      return decision.explain(trials.work());
    } catch (RuntimeException e) {
      service.shared.unexplained.note(e);
      return null;
    }
  }

  /** The reasons for the caller: those of its hops, by what it can read itself. */
  private List<Reason> reasons() {
    List<Reason> all = new ArrayList<>();
    int length = 0;
    for (FailedCheck failed : first(decision.failedChecks())) {
      if (failed.block().isPresent()) {
        DelegationHop hop = chain.hops().get(failed.block().getAsInt());
        Reason reason =
            length < Denied.MAX_REASONS
                ? reason(failed, hop, mismatches(failed))
                : Reason.leftOut(hop);
        length += reason.length();
        all.add(reason);
      }
    }
    if (isOfService()) {
      all.add(Reason.OF_SERVICE);
    }
    return all;
  }

  /** The refusing hops' reasons, the earliest first, then those of the service. */
  private List<Reason> operatorReasons(@Nullable Explanation why) {
    List<Reason> ofHops = new ArrayList<>();
    List<Reason> ofService = new ArrayList<>();
    List<FailedCheck> failedChecks = decision.failedChecks();
    int length = 0;
    for (int i = 0; i < first(failedChecks).size(); i++) {
      FailedCheck failed = failedChecks.get(i);
      if (failed.block().isEmpty()) {
        ofService.add(operatorReason(failed, null, why == null ? null : why.parts().get(i)));
        continue;
      }
      DelegationHop hop = chain.hops().get(failed.block().getAsInt());
      Reason reason =
          length < Denied.MAX_REASONS
              ? operatorReason(failed, hop, why == null ? null : why.parts().get(i))
              : Reason.leftOut(hop);
      length += reason.length();
      ofHops.add(reason);
    }
    if (why != null) {
      for (Explanation.Part part : why.parts().subList(failedChecks.size(), why.parts().size())) {
        ofService.add(new Reason(null, part.text(), part.text(), orElse(words(part)), part.part()));
      }
    }
    if (ofService.isEmpty() && ofHops.isEmpty()) {
      ofService.add(new Reason(null, "", "", List.of("no policy allows it"), null));
    }
    ofHops.addAll(ofService);
    return ofHops;
  }

  private Reason operatorReason(
      FailedCheck failed, @Nullable DelegationHop hop, Explanation.@Nullable Part why) {
    List<String> details = mismatches(failed);
    if (details.isEmpty() && why != null) {
      details = words(why);
    }
    return reason(failed, hop, details);
  }

  private static List<FailedCheck> first(List<FailedCheck> failed) {
    return failed.subList(0, Math.min(failed.size(), MOST_REASONS));
  }

  private Reason reason(FailedCheck failed, @Nullable DelegationHop hop, List<String> details) {
    String words = readings.of(failed.check()).words(Reason.MAX_WORDS);
    return new Reason(hop, failed.text(), words, orElse(details), failed.part());
  }

  private static List<String> orElse(List<String> details) {
    return details.isEmpty() ? List.of("the check does not hold") : details;
  }

  private static List<String> words(Explanation.Part part) {
    List<String> words = new ArrayList<>();
    part.queries().forEach(query -> words.add(Explanation.words(query)));
    return words;
  }

  /** The points in which the call does not fit a grant or condition; empty for any other check. */
  private List<String> mismatches(FailedCheck failed) {
    Caveat caveat = readings.of(failed.check());
    List<String> details = new ArrayList<>();
    if (caveat instanceof Grants grants) {
      Grant nearest = grants.nearest(facts);
      for (Caveat.Mismatch mismatch : nearest.mismatches(facts, Reason.MAX_DETAILS)) {
        details.add(mismatch.toString());
      }
    } else if (caveat instanceof Condition condition) {
      Caveat.Mismatch mismatch = condition.mismatch(facts);
      if (mismatch != null) {
        details.add(withTask(mismatch).toString());
      }
    }
    return details;
  }

  /** The task is stated by the token, and not by what is known of the call. */
  private Caveat.Mismatch withTask(Caveat.Mismatch mismatch) {
    return mismatch.subject() == Caveat.Mismatch.Subject.TASK
        ? new Caveat.Mismatch(mismatch.subject(), null, chain.task().id(), mismatch.wanted())
        : mismatch;
  }

  private DenialCode code() {
    if (decision.code() == Decision.Code.POLICY_DENIED) {
      return DenialCode.POLICY_DENIED;
    }
    DenialCode first = null;
    DenialCode own = null;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isEmpty()) {
        own = DenialCode.CHECK_FAILED;
      } else if (ActivationSearch.covering(readings.of(failed.check()), facts) == null) {
        return code(failed);
      } else if (first == null) {
        first = code(failed); // an active grant would not be enough
      }
    }
    if (own != null) {
      return own;
    }
    return first != null ? first : DenialCode.NO_MATCHING_POLICY;
  }

  private DenialCode bareCode() {
    return switch (decision.code()) {
      case POLICY_DENIED -> DenialCode.POLICY_DENIED;
      case NO_MATCHING_POLICY -> DenialCode.NO_MATCHING_POLICY;
      default -> DenialCode.CHECK_FAILED;
    };
  }

  private DenialCode code(FailedCheck failed) {
    Caveat caveat = readings.of(failed.check());
    if (caveat instanceof Grants) {
      return DenialCode.OUT_OF_SCOPE;
    }
    return caveat instanceof Condition condition ? code(condition) : DenialCode.CHECK_FAILED;
  }

  /** The code of a condition that does not hold. */
  static DenialCode code(Condition condition) {
    return switch (condition.kind()) {
      case EXPIRY -> DenialCode.EXPIRED;
      case NOT_BEFORE -> DenialCode.NOT_YET_VALID;
      case AUDIENCE -> DenialCode.WRONG_AUDIENCE;
      case TASK -> DenialCode.WRONG_TASK;
      case MAX_DEPTH -> DenialCode.TOO_DEEP;
      case VERIFIED_HOLDER -> DenialCode.HOLDER_NOT_VERIFIED;
      case BUDGET_STORE -> DenialCode.BUDGET_UNAVAILABLE;
    };
  }

  /**
   * The first hop with a failed check that no activation would mend, or else the first with a
   * failed check; 0 if no hop's check failed. No token from there on allows the call.
   */
  private int blamedHop() {
    int first = -1;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isPresent()) {
        if (ActivationSearch.covering(readings.of(failed.check()), facts) == null) {
          return failed.block().getAsInt();
        }
        first = first < 0 ? failed.block().getAsInt() : first;
      }
    }
    return Math.max(first, 0);
  }
}
