package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and an authorizer linked together: everything about an evaluation that does not depend on
 * the request. Immutable and shared between threads.
 */
final class Program {
  /** A rule in its place. */
  record LinkedRule(CompiledRule code, LinkedQuery body, int head, long origin) {}

  /** A check in its place. */
  static final class LinkedCheck {
    final Check source;
    final LinkedQuery[] queries;
    final int block;
    final int index;

    LinkedCheck(Check source, LinkedQuery[] queries, int block, int index) {
      this.source = source;
      this.queries = queries;
      this.block = block;
      this.index = index;
    }
  }

  /** A block, or the authorizer's code. */
  static final class LinkedBlock {
    final LinkedRule[] rules;
    final LinkedCheck[] checks;

    LinkedBlock(LinkedRule[] rules, LinkedCheck[] checks) {
      this.rules = rules;
      this.checks = checks;
    }
  }

  /** A policy. */
  static final class LinkedPolicy {
    final Policy source;
    final LinkedQuery[] queries;

    LinkedPolicy(Policy source, LinkedQuery[] queries) {
      this.source = source;
      this.queries = queries;
    }
  }

  final List<BlockProgram> blocks;
  final List<@Nullable PublicKey> externalKeys;
  final AuthorizerProgram authorizer;
  final PredicateTable predicates;

  /** By predicate: the facts of the token and the authorizer. */
  final Relation[] relations;

  final int facts;

  /** By block of the token. */
  final LinkedBlock[] linked;

  /** The authorizer's code. */
  final LinkedBlock body;

  final LinkedPolicy[] policies;

  /** All rules: the token's by block, then the authorizer's. */
  final LinkedRule[] rules;

  /** The greatest need of any query: slots, predicates, terms of a predicate. */
  final int slots;

  final int atoms;
  final int width;

  Program(Linker linker, LinkedBlock[] linked, LinkedBlock body, LinkedPolicy[] policies) {
    this.blocks = linker.blocks;
    this.externalKeys = linker.externalKeys;
    this.authorizer = linker.authorizer;
    this.predicates = linker.predicates;
    this.relations = Arrays.copyOf(linker.relations, predicates.size());
    this.facts = linker.facts;
    this.linked = linked;
    this.body = body;
    this.policies = policies;
    this.rules = rules(linked, body);
    this.slots = linker.slots;
    this.atoms = linker.atoms;
    this.width = linker.width;
  }

  private static LinkedRule[] rules(LinkedBlock[] linked, LinkedBlock body) {
    int count = body.rules.length;
    for (LinkedBlock block : linked) {
      count += block.rules.length;
    }
    if (count == body.rules.length) {
      return body.rules; // tokens seldom have any
    }
    List<LinkedRule> all = new ArrayList<>(count);
    for (LinkedBlock block : linked) {
      Collections.addAll(all, block.rules);
    }
    Collections.addAll(all, body.rules);
    return all.toArray(new LinkedRule[0]);
  }

  /**
   * What this keeps alive besides the blocks and the authorizer, in bytes, estimated from above:
   * measured were at most 40 for a fact, 120 for a query and 180 for a relation.
   */
  long weight() {
    long queries = rules.length;
    for (LinkedPolicy policy : policies) {
      queries += policy.queries.length;
    }
    queries += queries(body);
    for (LinkedBlock block : linked) {
      queries += queries(block);
    }
    return 1_024 + 64L * facts + 160 * queries + 200L * relations.length;
  }

  private static long queries(LinkedBlock block) {
    long queries = 0;
    for (LinkedCheck check : block.checks) {
      queries += check.queries.length;
    }
    return queries;
  }

  /** The origins trusted by an element of a block that has the given scopes of its own. */
  long trusted(List<Scope> scopes, int block) {
    BlockProgram code = block == Origin.AUTHORIZER ? authorizer.body : blocks.get(block);
    long defaults =
        TrustedOrigins.of(code.block().scopes(), TrustedOrigins.DEFAULT, block, externalKeys);
    return TrustedOrigins.of(scopes, defaults, block, externalKeys);
  }
}
