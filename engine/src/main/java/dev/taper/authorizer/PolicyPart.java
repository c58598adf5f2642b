package dev.taper.authorizer;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * One of several pieces of authorizer code that make up a {@link PolicySet}, such as a file. Its
 * name tells, in decisions, which part decided. Immutable and thread-safe.
 *
 * @param name its name
 * @param code its code
 */
public record PolicyPart(String name, AuthorizerCode code) {

  /**
   * Returns the code with its default scope written out at every rule, check and policy without
   * one.
   */
  AuthorizerCode scoped() {
    List<Scope> scopes = code.block().scopes();
    if (scopes.isEmpty()) {
      return code;
    }
    Block.Builder block = Block.builder();
    code.block().facts().forEach(block::fact);
    for (Rule rule : code.block().rules()) {
      block.rule(new Rule(rule.head(), scoped(rule.body(), scopes)));
    }
    for (Check check : code.block().checks()) {
      block.check(new Check(check.kind(), scoped(check.queries(), scopes)));
    }
    List<Policy> policies = new ArrayList<>();
    for (Policy policy : code.policies()) {
      policies.add(new Policy(policy.kind(), scoped(policy.queries(), scopes)));
    }
    return new AuthorizerCode(block.build(), policies);
  }

  private static List<Query> scoped(List<Query> queries, List<Scope> scopes) {
    List<Query> scoped = new ArrayList<>(queries.size());
    for (Query query : queries) {
      scoped.add(scoped(query, scopes));
    }
    return scoped;
  }

  private static Query scoped(Query query, List<Scope> scopes) {
    return query.scopes().isEmpty()
        ? new Query(query.predicates(), query.expressions(), scopes)
        : query;
  }
}
