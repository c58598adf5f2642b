package dev.taper.policies.cases;

import dev.taper.TaperException;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Reason;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what the cases of a policy reach. It turns every policy, check, rule and alternative into a
 * check of its own, named by its number, and gives them to the same verifier with the same call:
 * the decision then names those that do not hold. Each must hold in one case and fail in another,
 * except those without a condition, which cannot fail.
 */
final class Coverage {
  private static final Expression TRUE = new Expression.Value(new Term.Bool(true));

  private final PolicySet.Part policy;
  private final List<Probe> probes = new ArrayList<>();
  private final Set<Integer> held = new HashSet<>();
  private final Set<Integer> failed = new HashSet<>();
  private final Map<Set<PolicySet.Part>, PolicySet> sets = new HashMap<>();

  private record Probe(String place, String text, Check check) {}

  Coverage(PolicySet.Part policy) {
    this.policy = policy;
    Block block = policy.code().block();
    for (int i = 0; i < block.rules().size(); i++) {
      Rule rule = block.rules().get(i);
      add("rule " + i, rule.toString(), Check.Kind.IF, List.of(rule.body()));
    }
    for (int i = 0; i < block.checks().size(); i++) {
      Check check = block.checks().get(i);
      add("check " + i, check.toString(), check.kind(), check.queries());
    }
    for (int i = 0; i < policy.code().policies().size(); i++) {
      Policy one = policy.code().policies().get(i);
      add("policy " + i, one.toString(), Check.Kind.IF, one.queries());
    }
  }

  private void add(String place, String text, Check.Kind kind, List<Query> queries) {
    probes.add(new Probe(place, text, new Check(kind, queries)));
    for (int i = 0; queries.size() > 1 && i < queries.size(); i++) {
      Query query = queries.get(i);
      probes.add(
          new Probe(
              place + ", alternative " + i, query.toString(), new Check(kind, List.of(query))));
    }
  }

  /**
   * Adds a case.
   *
   * @param runner the runner that decides it
   * @param one the case
   * @param parts all parts that decide it, this policy included
   */
  void add(CaseRunner runner, PolicyCase one, List<PolicySet.Part> parts) {
    PolicySet set = sets.computeIfAbsent(Set.copyOf(parts), p -> probing(parts));
    CallDecision decision;
    try {
      decision = runner.decide(one, set);
    } catch (TaperException e) {
      return; // refused before any policy was asked
    }
    Set<String> failing = new HashSet<>();
    if (decision instanceof CallDecision.Denied denied) {
      if (denied.operatorReasons().isEmpty() || denied.code() == DenialCode.EVALUATION_FAILED) {
        return; // nothing was evaluated to its end
      }
      for (Reason reason : denied.operatorReasons()) {
        if (reason.part() != null) {
          failing.add(reason.part());
        }
      }
    }
    for (int i = 0; i < probes.size(); i++) {
      (failing.contains(String.valueOf(i)) ? failed : held).add(i);
    }
  }

  private PolicySet probing(List<PolicySet.Part> parts) {
    List<PolicySet.Part> all = new ArrayList<>();
    for (PolicySet.Part part : parts) {
      Block.Builder stated = scoped(part);
      part.code().block().facts().forEach(stated::fact);
      part.code().block().rules().forEach(stated::rule);
      all.add(new PolicySet.Part("stated", new AuthorizerCode(stated.build(), List.of())));
    }
    for (int i = 0; i < probes.size(); i++) {
      Block probe = scoped(policy).check(probes.get(i).check).build();
      all.add(new PolicySet.Part(String.valueOf(i), new AuthorizerCode(probe, List.of())));
    }
    Query always = new Query(List.of(), List.of(TRUE), List.of());
    Policy allow = new Policy(Policy.Kind.ALLOW, List.of(always));
    all.add(
        new PolicySet.Part("allow", new AuthorizerCode(Block.builder().build(), List.of(allow))));
    return PolicySet.of(all);
  }

  private static Block.Builder scoped(PolicySet.Part part) {
    Block.Builder block = Block.builder();
    part.code().block().scopes().forEach(block::scope);
    return block;
  }

  /** Returns every element, and how far the cases reached it. */
  List<PolicyReport.Reached> reached() {
    List<PolicyReport.Reached> all = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      Probe probe = probes.get(i);
      boolean unconditional =
          probe.check.queries().stream()
              .anyMatch(q -> q.predicates().isEmpty() && q.expressions().equals(List.of(TRUE)));
      all.add(
          new PolicyReport.Reached(
              probe.place, probe.text, held.contains(i), unconditional || failed.contains(i)));
    }
    return all;
  }
}
