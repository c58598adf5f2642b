package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Scope;
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
  final LinkedRule[] rules;

  /** The authorizer's, then the authority block's. */
  final LinkedCheck[] checksBeforePolicies;

  final LinkedPolicy[] policies;

  /** Those of blocks 1 to n. */
  final LinkedCheck[] checksAfterPolicies;

  /** The greatest need of any query: slots, predicates, terms of a predicate. */
  final int slots;

  final int atoms;
  final int width;

  Program(Linker linker) {
    this.blocks = linker.blocks;
    this.externalKeys = linker.externalKeys;
    this.authorizer = linker.authorizer;
    this.predicates = linker.predicates;
    this.relations = linker.relations.toArray(new Relation[0]);
    this.facts = linker.facts;
    this.rules = linker.rules.toArray(new LinkedRule[0]);
    this.checksBeforePolicies = linker.checksBeforePolicies.toArray(new LinkedCheck[0]);
    this.policies = linker.policies.toArray(new LinkedPolicy[0]);
    this.checksAfterPolicies = linker.checksAfterPolicies.toArray(new LinkedCheck[0]);
    this.slots = linker.slots;
    this.atoms = linker.atoms;
    this.width = linker.width;
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
    queries += queries(checksBeforePolicies) + queries(checksAfterPolicies);
    return 1_024 + 64L * facts + 160 * queries + 200L * relations.length;
  }

  private static long queries(LinkedCheck[] checks) {
    long queries = 0;
    for (LinkedCheck check : checks) {
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
