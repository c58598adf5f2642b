package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links the blocks of a token and an authorizer into a program. Used once.
 *
 * <p>It runs for every token that is new, so its cost is that of the token: one look-up for each
 * predicate of a block, one row for each fact of the token. The data of a large policy set is not
 * copied: where a token has no facts of a predicate, all programs share the authorizer's relation
 * with the indexes that its own queries need. These are made once, for a service's own code only;
 * what a token brings is indexed within its steps (see {@link Matcher}).
 */
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

  /** The authorizer's queries, if it is alone. */
  private final List<LinkedQuery> indexable = new ArrayList<>();

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
    authorizerFacts(own);
    rules(authorizer.body, Origin.AUTHORIZER, own, trusted);
    List<Policy> sources = authorizer.code().policies();
    for (int i = 0; i < sources.size(); i++) {
      LinkedQuery[] queries = queries(authorizer.policies[i], Origin.AUTHORIZER, own, trusted);
      policies.add(new Program.LinkedPolicy(sources.get(i), queries));
    }
    indexable.forEach(this::index);
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

  /** The authorizer's facts; its predicates have the same numbers in every program. */
  private void authorizerFacts(int[] ids) {
    BlockProgram body = authorizer.body;
    if (blocks.isEmpty() || body.factPredicates.length <= Matcher.SCAN) {
      facts(body, Origin.AUTHORIZER, ids);
      return;
    }
    Relation[] prepared = authorizer.alone().relations;
    for (int id : ids) {
      if (relations.get(id).size == 0) {
        relations.set(id, prepared[id]);
        facts += prepared[id].size;
      }
    }
    for (int i = 0; i < body.factPredicates.length; i++) {
      int id = ids[body.factPredicates[i]];
      Relation relation = relations.get(id);
      if (relation != prepared[id]
          && relation.add(Origin.AUTHORIZER_BIT, body.factTerms[i], budget)) {
        facts++;
      }
    }
  }

  private void index(LinkedQuery query) {
    for (int i = 0; i < query.relations.length; i++) {
      Relation relation = relations.get(query.relations[i]);
      int[] key = query.code.atoms[i].key;
      if (relation.size > Matcher.SCAN && key.length > 0 && relation.index(key) == null) {
        relation.addIndex(key).extend(relation, relation.size, budget);
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
    long visible = TrustedOrigins.of(code.source.scopes(), trusted, number, externalKeys);
    LinkedQuery query = new LinkedQuery(code, numbers, visible);
    if (blocks.isEmpty()) {
      indexable.add(query);
    }
    return query;
  }
}
