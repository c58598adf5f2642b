package dev.taper.datalog.engine;

import static dev.taper.datalog.engine.Origin.AUTHORIZER;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import dev.taper.datalog.engine.Program.LinkedBlock;
import dev.taper.datalog.engine.Program.LinkedCheck;
import dev.taper.datalog.engine.Program.LinkedPolicy;
import dev.taper.datalog.engine.Program.LinkedRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links the blocks of a token and an authorizer into a program. Used once.
 *
 * <p>It runs for every token that is new, so its cost is that of the token: one look-up for each
 * predicate that is written in a block, one row for each of its facts. What the authorizer brings
 * is linked once, when it is alone, and then taken as it is: its predicates have the same numbers
 * in every program; where a token has no facts of a predicate, all programs share the authorizer's
 * relation with the indexes that its own queries need; its queries are shared, too, unless a block
 * has an external signature, which may change whose facts they see. Indexes are made here for a
 * service's own code only; what a token brings is indexed within its steps (see {@link Matcher}).
 */
final class Linker {
  /** Linking is bounded by the size of what is linked, not by steps. */
  private static final RunLimits UNLIMITED =
      new RunLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1));

  private static final LinkedBlock[] NO_BLOCKS = {};
  private static final Relation[] NO_RELATIONS = {};

  final List<BlockProgram> blocks;
  final List<@Nullable PublicKey> externalKeys;
  final AuthorizerProgram authorizer;
  final PredicateTable predicates;

  /** By predicate; there is room for more. */
  Relation[] relations;

  /** By predicate of the authorizer: the relation that is there until the token adds a fact. */
  private final Relation[] shared;

  int facts;
  int slots;
  int atoms;
  int width;

  private final Budget budget = new Budget(UNLIMITED, () -> 0, 0);
  private Term[] row = BlockProgram.NO_TERMS;

  /** For an authorizer alone. */
  private Linker(AuthorizerProgram authorizer) {
    this.blocks = List.of();
    this.externalKeys = List.of();
    this.authorizer = authorizer;
    this.predicates = new PredicateTable();
    this.relations = new Relation[8];
    this.shared = NO_RELATIONS;
  }

  /** For a token and an authorizer that was linked alone. */
  private Linker(
      List<BlockProgram> blocks, List<@Nullable PublicKey> externalKeys, Program authorizer) {
    this.blocks = blocks;
    this.externalKeys = externalKeys;
    this.authorizer = authorizer.authorizer;
    this.predicates = authorizer.predicates.copy();
    this.relations = Arrays.copyOf(authorizer.relations, authorizer.relations.length + 8);
    this.shared = authorizer.relations;
    this.facts = authorizer.facts;
    this.slots = authorizer.slots;
    this.atoms = authorizer.atoms;
    this.width = authorizer.width;
  }

  /** The program of requests without a token, and a part of all others. */
  static Program link(AuthorizerProgram authorizer) {
    Linker linker = new Linker(authorizer);
    linker.facts(authorizer.body, AUTHORIZER);
    LinkedBlock body = linker.link(authorizer.body, AUTHORIZER);
    LinkedPolicy[] policies = linker.policies();
    linker.index(body, policies);
    return new Program(linker, NO_BLOCKS, body, policies);
  }

  static Program link(
      List<BlockProgram> blocks,
      List<@Nullable PublicKey> externalKeys,
      AuthorizerProgram authorizer) {
    Program alone = authorizer.alone();
    Linker linker = new Linker(blocks, externalKeys, alone);
    LinkedBlock[] linked = new LinkedBlock[blocks.size()];
    boolean external = false;
    for (int i = 0; i < linked.length; i++) {
      linker.facts(blocks.get(i), i);
      linked[i] = linker.link(blocks.get(i), i);
      external |= externalKeys.get(i) != null;
    }
    linker.authorizerFacts();
    return external
        ? new Program(linker, linked, linker.link(authorizer.body, AUTHORIZER), linker.policies())
        : new Program(linker, linked, alone.body, alone.policies);
  }

  /** The number of a predicate. */
  private int number(Predicate predicate) {
    int arity = predicate.terms().size();
    int known = predicates.size();
    int id = predicates.add(predicate.name(), arity);
    if (id == known) {
      if (id == relations.length) {
        relations = Arrays.copyOf(relations, 2 * id);
      }
      relations[id] = Relation.empty(arity);
      width = Math.max(width, arity);
    }
    return id;
  }

  private void facts(BlockProgram block, int number) {
    List<Fact> sources = block.block().facts();
    for (int i = 0; i < sources.size(); i++) {
      Predicate fact = sources.get(i).predicate();
      facts += add(number(fact), 1L << number, fact.terms()) ? 1 : 0;
    }
  }

  private boolean add(int id, long origin, List<Term> terms) {
    if (isShared(id)) {
      relations[id] = new Relation(terms.size());
    }
    row = terms.toArray(row);
    return relations[id].add(origin, row, budget);
  }

  private boolean isShared(int id) {
    return relations[id].size == 0 || (id < shared.length && relations[id] == shared[id]);
  }

  /** The authorizer's facts, behind those of the token where there are such. */
  private void authorizerFacts() {
    for (int id = 0; id < shared.length; id++) {
      if (relations[id] != shared[id]) {
        relations[id].addAll(shared[id], budget);
      }
    }
  }

  private LinkedBlock link(BlockProgram block, int number) {
    long trusted = trusted(block, number);
    LinkedRule[] rules = new LinkedRule[block.rules.length];
    for (int i = 0; i < rules.length; i++) {
      CompiledRule code = block.rules[i];
      LinkedQuery body = link(code.body, number, trusted);
      rules[i] = new LinkedRule(code, body, number(code.source.head()), 1L << number);
    }
    List<Check> sources = block.block().checks();
    LinkedCheck[] checks = new LinkedCheck[block.checks.length];
    for (int i = 0; i < checks.length; i++) {
      LinkedQuery[] queries = link(block.checks[i], number, trusted);
      checks[i] = new LinkedCheck(sources.get(i), queries, number, i);
    }
    return new LinkedBlock(rules, checks);
  }

  private LinkedPolicy[] policies() {
    long trusted = trusted(authorizer.body, AUTHORIZER);
    List<Policy> sources = authorizer.code().policies();
    LinkedPolicy[] policies = new LinkedPolicy[authorizer.policies.length];
    for (int i = 0; i < policies.length; i++) {
      LinkedQuery[] queries = link(authorizer.policies[i], AUTHORIZER, trusted);
      policies[i] = new LinkedPolicy(sources.get(i), queries);
    }
    return policies;
  }

  /** Whose facts a block's queries see that do not say it themselves. */
  private long trusted(BlockProgram block, int number) {
    return TrustedOrigins.of(block.block().scopes(), TrustedOrigins.DEFAULT, number, externalKeys);
  }

  private LinkedQuery[] link(CompiledQuery[] codes, int number, long trusted) {
    LinkedQuery[] queries = new LinkedQuery[codes.length];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = link(codes[i], number, trusted);
    }
    return queries;
  }

  private LinkedQuery link(CompiledQuery code, int number, long trusted) {
    int[] numbers = new int[code.atoms.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(code.source.predicates().get(i));
    }
    slots = Math.max(slots, code.slots);
    atoms = Math.max(atoms, numbers.length);
    long visible = TrustedOrigins.of(code.source.scopes(), trusted, number, externalKeys);
    return new LinkedQuery(code, numbers, visible);
  }

  private void index(LinkedBlock body, LinkedPolicy[] policies) {
    for (LinkedRule rule : body.rules) {
      index(rule.body());
    }
    for (LinkedCheck check : body.checks) {
      index(check.queries);
    }
    for (LinkedPolicy policy : policies) {
      index(policy.queries);
    }
  }

  private void index(LinkedQuery... queries) {
    for (LinkedQuery query : queries) {
      index(query);
    }
  }

  private void index(LinkedQuery query) {
    for (int i = 0; i < query.relations.length; i++) {
      Relation relation = relations[query.relations[i]];
      int[] key = query.code.atoms[i].key;
      if (relation.size > Matcher.SCAN && key.length > 0 && relation.index(key) == null) {
        relation.addIndex(key).extend(relation, relation.size, budget);
      }
    }
  }
}
