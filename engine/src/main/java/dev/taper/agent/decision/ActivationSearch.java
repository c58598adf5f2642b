package dev.taper.agent.decision;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a refused call lacks only the approvals and justifications that its grants and
 * the service's policies require. A grant itself says what it covers. A check or policy of the
 * service may ask for anything else too, so the call is tried once as if all that is required were
 * there.
 */
final class ActivationSearch {
  /**
   * What is assumed to try a call again.
   *
   * @param approvers the keys that approve it, as text
   * @param groups the groups of which all persons approve it
   * @param justified true if its holder justifies it
   */
  record Assumed(Set<String> approvers, Set<String> groups, boolean justified) {}

  /**
   * What was found out.
   *
   * @param missing what is missing
   * @param asked all that is asked for where something is missing, met or not
   */
  record Found(MissingActivation missing, Set<Activation> asked) {}

  /** Decides the call as if something were so. */
  @FunctionalInterface
  interface Trial {
    /** What would be decided; null if that cannot be found out. */
    @Nullable Decision decide(Assumed assumed);
  }

  private final CallFacts facts;
  private final DelegationChain chain;
  private final AuthorizerCode policies;
  private final Readings readings;
  private final Set<Activation> ofGrants = new LinkedHashSet<>();
  private final Set<Activation> ofService = new LinkedHashSet<>();
  private final Set<Activation> asked = new LinkedHashSet<>();
  private final Set<String> approvers = new LinkedHashSet<>();
  private final Set<String> groups = new LinkedHashSet<>();
  private @Nullable DelegationHop hop;
  private @Nullable Grant grant;

  private ActivationSearch(
      CallFacts facts, DelegationChain chain, AuthorizerCode policies, Readings readings) {
    this.facts = facts;
    this.chain = chain;
    this.policies = policies;
    this.readings = readings;
  }

  /**
   * Says what is missing; null if the call is refused for anything else.
   *
   * @param decision the refusal
   * @param facts what is known of the call
   * @param chain who gave what to whom
   * @param policies the service's, whose facts may hold the keys of approvers
   * @param readings what is known of the checks
   * @param trial tries the call again
   */
  static @Nullable Found of(
      Decision decision,
      CallFacts facts,
      DelegationChain chain,
      AuthorizerCode policies,
      Readings readings,
      Trial trial) {
    return new ActivationSearch(facts, chain, policies, readings).find(decision, trial);
  }

  private @Nullable Found find(Decision decision, Trial trial) {
    if (decision.allowed() || decision.code() == Decision.Code.POLICY_DENIED) {
      return null;
    }
    for (FailedCheck failed : decision.failedChecks()) {
      boolean known = failed.block().isPresent() ? addGrant(failed) : addCheck(failed.check());
      if (!known) {
        return null;
      }
    }
    boolean isPolicyMissing = decision.policy() == null;
    if (isPolicyMissing && !addPolicies()) {
      return null;
    }
    if (isPolicyMissing || !ofService.isEmpty()) {
      boolean justified = ofGrants.stream().anyMatch(a -> a.kind() == Activation.Kind.JUSTIFIED);
      Decision met = trial.decide(new Assumed(approvers, groups, justified));
      if (met == null || !met.allowed()) {
        return null;
      }
      if (isPolicyMissing && met.policy() != null) {
        ofService.addAll(missing(met.policy().policy().queries()));
      }
    }
    return ofGrants.isEmpty() && ofService.isEmpty()
        ? null
        : new Found(
            new MissingActivation(hop, grant, List.copyOf(ofGrants), List.copyOf(ofService)),
            asked);
  }

  private boolean addGrant(FailedCheck failed) {
    Caveat caveat = readings.of(failed.check());
    readings.noteCompared(caveat);
    Grant covering = covering(caveat, facts);
    if (covering == null) {
      return false;
    }
    if (hop == null) {
      hop = chain.hops().get(failed.block().orElseThrow());
      grant = covering;
    }
    asked.addAll(covering.activations());
    for (Activation activation : missing(covering, facts)) {
      ofGrants.add(activation);
      assume(activation);
    }
    return true;
  }

  private boolean addCheck(Check check) {
    List<Activation> missing = missing(check.queries());
    ofService.addAll(missing);
    return check.kind() == Check.Kind.IF && !missing.isEmpty() && addApprovers(check.queries());
  }

  private boolean addPolicies() {
    boolean found = false;
    for (Policy policy : policies.policies()) {
      found |= policy.kind() == Policy.Kind.ALLOW && addApprovers(policy.queries());
    }
    return found;
  }

  private boolean addApprovers(List<Query> queries) {
    boolean found = false;
    for (Query query : queries) {
      List<Activation> asked = Activation.approvalsIn(query, policies.block().facts());
      if (!asked.isEmpty() && !isOfAnotherCall(query)) {
        asked.forEach(this::assume);
        found = true;
      }
    }
    return found;
  }

  private void assume(Activation activation) {
    approvers.addAll(activation.approvers());
    if (activation.group() != null) {
      groups.add(activation.group());
    }
  }

  /** The approvals that are missing for the first query that may be about the call. */
  private List<Activation> missing(List<Query> queries) {
    for (Query query : queries) {
      List<Activation> missing = new ArrayList<>();
      List<Activation> all = Activation.approvalsIn(query, policies.block().facts());
      for (Activation approved : all) {
        if (!approved.isMet(facts)) {
          missing.add(approved);
        }
      }
      if (!missing.isEmpty() && !isOfAnotherCall(query)) {
        asked.addAll(all);
        return missing;
      }
    }
    return List.of();
  }

  private boolean isOfAnotherCall(Query query) {
    return Caveat.of(new Check(Check.Kind.IF, List.of(query))) instanceof Grants grants
        && !grants.alternatives().get(0).covers(facts);
  }

  /** The grant that covers the call and lacks the least; null if no grant of the check does. */
  static @Nullable Grant covering(Caveat caveat, CallFacts facts) {
    Grant best = null;
    if (caveat instanceof Grants grants) {
      for (Grant grant : grants.alternatives()) {
        if (grant.covers(facts)
            && (best == null || missing(grant, facts).size() < missing(best, facts).size())) {
          best = grant;
        }
      }
    }
    return best;
  }

  private static List<Activation> missing(Grant grant, CallFacts facts) {
    List<Activation> missing = new ArrayList<>();
    for (Activation activation : grant.activations()) {
      if (!activation.isMet(facts)) {
        missing.add(activation);
      }
    }
    return missing;
  }
}
