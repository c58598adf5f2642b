package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and an authorizer linked together: all parts of an evaluation that do not depend on the
 * request. Immutable and shared between threads.
 */
final class Program {
  /** A rule in its place. */
  record LinkedRule(
      CompiledRule code, LinkedQuery body, int head, long origin, boolean declassifies) {
    /** Returns the origin of a fact that it derives from facts of the given origins. */
    long origin(long matched) {
      return origin | (declassifies ? matched & ~Origin.SERVICE_BIT : matched);
    }
  }

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

  /** The facts of the token and the authorizer, by predicate. */
  final Relation[] relations;

  /**
   * Tells for each predicate of the authorizer whether the token's blocks must not see its
   * relation. They have a relation of their own, if they ask for the predicate at all.
   */
  final boolean[] apart;

  /** The other relation of each predicate, or -1. Empty if no predicate has another relation. */
  final int[] mates;

  /** The origins that any of the authorizer's queries trusts. */
  final long serviceTrusted;

  /** The steps that linking the token's facts and predicates took. */
  final long linkSteps;

  final int facts;

  /** How many of the facts are the authorizer's. */
  final int serviceFacts;

  /** The token's blocks. */
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
    this.apart = linker.apart;
    this.mates = linker.mates();
    this.serviceTrusted = linker.serviceTrusted;
    this.linkSteps = linker.budget.stepsUsed();
    this.facts = linker.facts;
    this.serviceFacts = linker.serviceFacts;
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
   * Estimates, from above, the bytes that this keeps alive besides the blocks and the authorizer. A
   * fact was measured to take at most 40, a query 120 and a relation 180.
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

  /** True if token and authorizer have accounts of their own. */
  boolean isConfidential() {
    return authorizer.isConfidential();
  }

  /**
   * Returns the number under which one side sees a predicate that {@code predicates} numbers, or
   * -1.
   */
  int seen(int id, boolean service) {
    boolean same = service || id < 0 || id >= apart.length || !apart[id];
    return same ? id : mate(id);
  }

  /** Returns the other relation of a relation's predicate, or -1. */
  int mate(int id) {
    return id < mates.length ? mates[id] : -1;
  }

  /** True if a relation is for the token's blocks alone. */
  boolean isTokens(int id) {
    return id >= apart.length && mate(id) >= 0;
  }

  /**
   * True if a fact of this origin that is in one relation of a predicate is in the other one too.
   */
  boolean isCopied(int id, long origin) {
    return isTokens(id) ? (origin & ~serviceTrusted) == 0 : (origin & Origin.SERVICE_BIT) == 0;
  }

  /** Returns the origins trusted by an element of a block that has the given scopes of its own. */
  long trusted(List<Scope> scopes, int block) {
    BlockProgram code = block == Origin.AUTHORIZER ? authorizer.body : blocks.get(block);
    long defaults =
        TrustedOrigins.of(code.block().scopes(), TrustedOrigins.DEFAULT, block, externalKeys);
    return TrustedOrigins.of(scopes, defaults, block, externalKeys);
  }
}
