package dev.taper.cli.conformance;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Policy;
import java.util.ArrayList;
import java.util.List;

/**
 * An evaluated world, one element a line, each with its origin in front. Rules and checks are those
 * of the token's blocks and the authorizer; facts are those at the end of the evaluation.
 *
 * @param facts every fact
 * @param rules every rule
 * @param checks every check
 * @param policies every policy
 */
record ActualWorld(
    List<String> facts, List<String> rules, List<String> checks, List<String> policies) {
  /** How the authorizer is called in an origin. */
  static final String AUTHORIZER = "authorizer";

  static ActualWorld of(List<Block> blocks, AuthorizerCode authorizer, List<OriginFact> facts) {
    List<String> rules = new ArrayList<>();
    List<String> checks = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      add(Integer.toString(i), blocks.get(i), rules, checks);
    }
    add(AUTHORIZER, authorizer.block(), rules, checks);
    List<String> policies = new ArrayList<>();
    for (Policy policy : authorizer.policies()) {
      policies.add(policy.toString());
    }
    return new ActualWorld(lines(facts), rules, checks, policies);
  }

  private static void add(String origin, Block block, List<String> rules, List<String> checks) {
    block.rules().forEach(rule -> rules.add(line(origin, rule.toString())));
    block.checks().forEach(check -> checks.add(line(origin, check.toString())));
  }

  private static List<String> lines(List<OriginFact> facts) {
    List<String> lines = new ArrayList<>();
    for (OriginFact fact : facts) {
      lines.add(line(origin(fact.origin()), fact.fact().toString()));
    }
    return lines;
  }

  private static String origin(Origin origin) {
    List<String> names = new ArrayList<>();
    if (origin.authorizer()) {
      names.add(AUTHORIZER);
    }
    origin.blocks().forEach(block -> names.add(block.toString()));
    return origin(names);
  }

  /** An origin of several, the authorizer first. */
  static String origin(List<String> names) {
    return String.join(",", names);
  }

  /** An element and its origin. */
  static String line(String origin, String element) {
    return "[" + origin + "] " + element;
  }
}
