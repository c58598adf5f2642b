package dev.taper.agent;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.AudienceIn;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Expiry;
import dev.taper.agent.grant.ForTask;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.MaxDepth;
import dev.taper.agent.grant.Mismatch;
import dev.taper.agent.grant.NotBefore;
import dev.taper.agent.grant.VerifiedHolder;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.DecisionCode;
import dev.taper.authorizer.Explanation;
import dev.taper.authorizer.WorkBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says why a call is refused: the code, the hops to blame, what would let it through and whom to
 * ask. The code is settled first, then explained; whatever goes wrong while explaining, the refusal
 * keeps its code, with fewer words. For one thread.
 */
final class Attribution {
  /** Tries the call again, only to explain: what follows from it never allows anything. */
  interface Trials {
    /** What is known of the call if the chain ended after its first blocks. */
    CallFacts facts(int length);

    /** What would be decided about the chain's first blocks; null if it cannot be found out. */
    @Nullable Decision decide(int length);

    /** The same if so many keys approved the call and, perhaps, its holder justified it. */
    @Nullable Decision decideIf(int length, Set<String> approvers, boolean justified);

    /** What explaining may use up. */
    WorkBudget work();

    /** True if there was too much work to find out everything. */
    boolean exhausted();
  }

  /** So many failed checks are explained; nobody reads more. */
  private static final int MOST_FINDINGS = 64;

  private final PendingDecision.Service service;
  private final ToolCall call;
  private final DelegationChain chain;
  private final Decision decision;
  private final CallFacts facts;
  private final Readings readings;
  private final Trials trials;

  Attribution(
      PendingDecision.Service service,
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

  /** The refusal, explained as far as it can be. */
  CallDecision refusal(Escalation escalation) {
    DenialCode code;
    ActivationDiagnosis dormancy = null;
    try {
      MissingActivation dormant = needs(decision, facts, chain.hops().size());
      if (dormant != null) {
        dormancy = ActivationDiagnosis.of(dormant, facts, escalation, service.approversPublished());
      }
      code = dormancy == null ? code() : dormancy.code();
    } catch (RuntimeException e) {
      service.unexplained().note(e);
      code = bareCode();
    }
    Why why;
    try {
      why = dormancy == null ? why(code) : why(dormancy);
    } catch (RuntimeException e) {
      service.unexplained().note(e);
      why = bare();
    }
    return new CallDecision(code, service.audience(), call, chain, why);
  }

  private @Nullable MissingActivation needs(Decision refused, CallFacts known, int length) {
    return ActivationSearch.of(
        refused,
        known,
        chain,
        service.policies().code(),
        readings,
        (keys, justified) -> trials.decideIf(length, keys, justified));
  }

  private Why why(ActivationDiagnosis dormancy) {
    Explanation why = explanation();
    return new Why(
        dormancy.reason(),
        dormancy.operatorReason(),
        decision.policy(),
        findings(),
        operatorFindings(why),
        null,
        true,
        null,
        dormancy.dormant(),
        service.approversPublished());
  }

  private Why why(DenialCode code) {
    List<Reason> findings = findings();
    List<Reason> operatorFindings = operatorFindings(explanation());
    int hop = blamedHop();
    String last = null;
    MissingActivation ofLast = null;
    boolean searching = true;
    boolean foundOut = true;
    for (int length = hop; length > 0 && searching; length--) {
      Decision without = trials.decide(length);
      if (without != null && without.allowed()) {
        last = chain.hops().get(length - 1).holderName();
      } else if (without != null && code == DenialCode.OUT_OF_SCOPE) {
        ofLast = needs(without, trials.facts(length), length);
      }
      // Of a longer part that is not known, a shorter one says nothing.
      searching = last == null && ofLast == null;
      if (searching && (trials.exhausted() || (length > 1 && readings.areUsedUp()))) {
        searching = false;
        foundOut = false;
      }
    }
    // Only a missing grant can be asked for, from the one whose token still allows the call.
    String whom =
        last == null && ofLast == null ? chain.delegator() : chain.hops().get(hop).grantor();
    return new Why(
        findings.get(0).reasons().get(0),
        operatorFindings.get(0).reasons().get(0),
        decision.policy(),
        findings,
        operatorFindings,
        last,
        last != null || ofLast != null || (foundOut && !trials.exhausted()),
        code == DenialCode.OUT_OF_SCOPE
            ? Suggestion.of(whom, ofLast, call, decision, facts, readings)
            : null,
        null,
        service.approversPublished());
  }

  /** Of every failed check of a hop where it stands, and no more. */
  private Why bare() {
    List<Reason> bare = new ArrayList<>();
    for (FailedCheck failed : first(decision.failedChecks())) {
      if (failed.block().isPresent()) {
        DelegationHop hop = chain.hops().get(failed.block().getAsInt());
        bare.add(new Reason(hop, "", "", List.of("a check of this hop does not hold")));
      }
    }
    if (isOfService()) {
      bare.add(Reason.OF_SERVICE);
    }
    String reason = bare.get(0).reasons().get(0);
    return new Why(reason, reason, decision.policy(), bare, bare, null, true, null, null, false);
  }

  /** True if the service has something against the call, whatever the hops have. */
  private boolean isOfService() {
    boolean ofHops = false;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isEmpty()) {
        return true;
      }
      ofHops = true;
    }
    return !ofHops || decision.code() != DecisionCode.CHECK_FAILED;
  }

  private @Nullable Explanation explanation() {
    try {
      return decision.explain(trials.work());
    } catch (RuntimeException e) {
      service.unexplained().note(e);
      return null;
    }
  }

  /** What the caller may know: its hops' findings, by what it can read itself. */
  private List<Reason> findings() {
    List<Reason> all = new ArrayList<>();
    for (FailedCheck failed : first(decision.failedChecks())) {
      if (failed.block().isPresent()) {
        all.add(ofHop(failed, mismatches(failed)));
      }
    }
    if (isOfService()) {
      all.add(Reason.OF_SERVICE);
    }
    return all;
  }

  /** The refusing hops' findings, the earliest first, then those of the service. */
  private List<Reason> operatorFindings(@Nullable Explanation why) {
    List<Reason> ofHops = new ArrayList<>();
    List<Reason> ofService = new ArrayList<>();
    List<FailedCheck> failedChecks = decision.failedChecks();
    for (int i = 0; i < first(failedChecks).size(); i++) {
      FailedCheck failed = failedChecks.get(i);
      List<String> reasons = mismatches(failed);
      if (reasons.isEmpty() && why != null) {
        reasons = words(why.parts().get(i));
      }
      if (failed.block().isPresent()) {
        ofHops.add(ofHop(failed, reasons));
      } else {
        String words = readings.of(failed.check()).words();
        ofService.add(new Reason(null, failed.text(), words, orElse(reasons), failed.part()));
      }
    }
    if (why != null) {
      for (Explanation.Part part : why.parts().subList(failedChecks.size(), why.parts().size())) {
        ofService.add(new Reason(null, part.text(), part.text(), orElse(words(part)), part.part()));
      }
    }
    if (ofService.isEmpty() && ofHops.isEmpty()) {
      ofService.add(new Reason(null, "", "", List.of("no policy allows it")));
    }
    ofHops.addAll(ofService);
    return ofHops;
  }

  private static List<FailedCheck> first(List<FailedCheck> failed) {
    return failed.subList(0, Math.min(failed.size(), MOST_FINDINGS));
  }

  private Reason ofHop(FailedCheck failed, List<String> reasons) {
    DelegationHop hop = chain.hops().get(failed.block().orElseThrow());
    String words = readings.of(failed.check()).words();
    return new Reason(hop, failed.text(), words, orElse(reasons));
  }

  private static List<String> orElse(List<String> reasons) {
    return reasons.isEmpty() ? List.of("the check does not hold") : reasons;
  }

  private static List<String> words(Explanation.Part part) {
    List<String> words = new ArrayList<>();
    part.queries().forEach(query -> words.add(Explanation.words(query)));
    return words;
  }

  /** In what the call misses a grant or condition, which its facts alone say; else nothing. */
  private List<String> mismatches(FailedCheck failed) {
    Caveat caveat = readings.of(failed.check());
    List<String> reasons = new ArrayList<>();
    if (caveat instanceof Grants grants) {
      for (Mismatch mismatch : grants.nearest(facts).mismatches(facts)) {
        reasons.add(mismatch.toString());
      }
    } else if (caveat instanceof Condition condition) {
      Mismatch mismatch = condition.mismatch(facts);
      if (mismatch != null) {
        reasons.add(mismatch.toString());
      }
    }
    return reasons;
  }

  private DenialCode code() {
    if (decision.code() == DecisionCode.POLICY_DENIED) {
      return DenialCode.POLICY_DENIED;
    }
    DenialCode first = null;
    DenialCode own = null;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isEmpty()) {
        own = DenialCode.CHECK_FAILED;
      } else if (ActivationSearch.dormant(readings.of(failed.check()), facts) == null) {
        return code(failed);
      } else if (first == null) {
        first = code(failed); // waking the grant would not be enough
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
    } else if (caveat instanceof Expiry) {
      return DenialCode.EXPIRED;
    } else if (caveat instanceof NotBefore) {
      return DenialCode.NOT_YET_VALID;
    } else if (caveat instanceof AudienceIn) {
      return DenialCode.WRONG_AUDIENCE;
    } else if (caveat instanceof ForTask) {
      return DenialCode.WRONG_TASK;
    } else if (caveat instanceof MaxDepth) {
      return DenialCode.TOO_DEEP;
    } else if (caveat instanceof VerifiedHolder) {
      return DenialCode.HOLDER_NOT_VERIFIED;
    }
    return DenialCode.CHECK_FAILED;
  }

  /**
   * The first hop with a failed check that nothing can wake, or else the first with a failed check:
   * no token from there on allows the call. 0 if no hop's check failed.
   */
  private int blamedHop() {
    int first = -1;
    for (FailedCheck failed : decision.failedChecks()) {
      if (failed.block().isPresent()) {
        if (ActivationSearch.dormant(readings.of(failed.check()), facts) == null) {
          return failed.block().getAsInt();
        }
        first = first < 0 ? failed.block().getAsInt() : first;
      }
    }
    return Math.max(first, 0);
  }
}
