package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Links the blocks of a token and an authorizer into a program. Used once. */
final class Linker {
  /** Linking is bounded by the size of what is linked, not by steps. */
  private static final RunLimits UNLIMITED =
      new RunLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1));

  final List<BlockProgram> blocks;
  final List<@Nullable PublicKey> externalKeys;
  final AuthorizerProgram authorizer;
  final PredicateTable predicates = new PredicateTable();
  final List<Relation> relations = new ArrayList<>();
  final List<Program.LinkedRule> rules = new ArrayList<>();
  final List<Program.LinkedCheck> checksBeforePolicies = new ArrayList<>();
  final List<Program.LinkedPolicy> policies = new ArrayList<>();
  final List<Program.LinkedCheck> checksAfterPolicies = new ArrayList<>();
  int facts;
  int slots;
  int atoms;
  int width;

  private final Budget budget = new Budget(UNLIMITED, () -> 0, 0);

  Linker(
      List<BlockProgram> blocks,
      List<@Nullable PublicKey> externalKeys,
      AuthorizerProgram authorizer) {
    this.blocks = blocks;
    this.externalKeys = externalKeys;
    this.authorizer = authorizer;
  }

  Program link() {
    int[] own = numbers(authorizer.body);
    long trusted = trusted(authorizer.body, Origin.AUTHORIZER);
    checks(authorizer.body, Origin.AUTHORIZER, own, trusted, checksBeforePolicies);
    for (int i = 0; i < blocks.size(); i++) {
      BlockProgram block = blocks.get(i);
      int[] ids = numbers(block);
      long blockTrusted = trusted(block, i);
      facts(block, i, ids);
      rules(block, i, ids, blockTrusted);
      checks(block, i, ids, blockTrusted, i == 0 ? checksBeforePolicies : checksAfterPolicies);
    }
    facts(authorizer.body, Origin.AUTHORIZER, own);
    rules(authorizer.body, Origin.AUTHORIZER, own, trusted);
    List<Policy> sources = authorizer.code().policies();
    for (int i = 0; i < sources.size(); i++) {
      LinkedQuery[] queries = queries(authorizer.policies[i], Origin.AUTHORIZER, own, trusted);
      policies.add(new Program.LinkedPolicy(sources.get(i), queries));
    }
    return new Program(this);
  }

  private long trusted(BlockProgram block, int number) {
    return TrustedOrigins.of(block.block().scopes(), TrustedOrigins.DEFAULT, number, externalKeys);
  }

  /** The numbers in this program of a block's own predicate numbers. */
  private int[] numbers(BlockProgram block) {
    int[] ids = new int[block.predicates.size()];
    for (int i = 0; i < ids.length; i++) {
      int arity = block.predicates.arity(i);
      ids[i] = predicates.add(block.predicates.name(i), arity);
      if (ids[i] == relations.size()) {
        relations.add(new Relation(arity));
      }
      width = Math.max(width, arity);
    }
    return ids;
  }

  private void facts(BlockProgram block, int number, int[] ids) {
    for (int i = 0; i < block.factPredicates.length; i++) {
      Relation relation = relations.get(ids[block.factPredicates[i]]);
      if (relation.add(1L << number, block.factTerms[i], budget)) {
        facts++;
      }
    }
  }

  private void rules(BlockProgram block, int number, int[] ids, long trusted) {
    for (CompiledRule rule : block.rules) {
      LinkedQuery body = query(rule.body, number, ids, trusted);
      rules.add(new Program.LinkedRule(rule, body, ids[rule.predicate], 1L << number));
    }
  }

  private void checks(
      BlockProgram block, int number, int[] ids, long trusted, List<Program.LinkedCheck> to) {
    List<Check> sources = block.block().checks();
    for (int i = 0; i < sources.size(); i++) {
      LinkedQuery[] queries = queries(block.checks[i], number, ids, trusted);
      to.add(new Program.LinkedCheck(sources.get(i), queries, number, i));
    }
  }

  private LinkedQuery[] queries(CompiledQuery[] codes, int number, int[] ids, long trusted) {
    LinkedQuery[] queries = new LinkedQuery[codes.length];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = query(codes[i], number, ids, trusted);
    }
    return queries;
  }

  private LinkedQuery query(CompiledQuery code, int number, int[] ids, long trusted) {
    int[] numbers = new int[code.atoms.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ids[code.atoms[i].predicate];
    }
    slots = Math.max(slots, code.slots);
    atoms = Math.max(atoms, numbers.length);
    return new LinkedQuery(
        code, numbers, TrustedOrigins.of(code.source.scopes(), trusted, number, externalKeys));
  }
}
