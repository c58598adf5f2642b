package dev.taper.datalog.engine;

import static dev.taper.datalog.Origin.AUTHORIZER;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.engine.Program.LinkedBlock;
import dev.taper.datalog.engine.Program.LinkedCheck;
import dev.taper.datalog.engine.Program.LinkedPolicy;
import dev.taper.datalog.engine.Program.LinkedRule;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links the blocks of a token and an authorizer into a program. Used once.
 *
 * <p>It runs for every new token, so its cost depends on the token: one look-up for each predicate
 * that is written in a block, one row for each fact. The authorizer is linked once, alone, and that
 * result is reused. Its predicates have the same numbers in every program. If a token has no facts
 * of a predicate, all programs share the authorizer's relation, with the indexes that its own
 * queries need. Its queries are shared too, unless a block has an external signature, which may
 * change whose facts they see. Indexes are made here only for a service's own code; a token's facts
 * are indexed within its steps (see {@link Matcher}).
 *
 * <p>If the authorizer is confidential, the predicates that it states or derives, except for shared
 * ones, are <em>apart</em>: a block that asks for one gets a relation of its own, which holds
 * everything but the service's facts. A predicate is also apart if the authorizer asks for it and a
 * block that it does not trust states or derives it: then the authorizer's relation holds only
 * facts that it trusts. So neither side ever meets, or pays for, a fact that it may not see. A fact
 * that both may see is in both relations, and counts once.
 */
final class Linker {
  private static final LinkedBlock[] NO_BLOCKS = {};
  private static final Relation[] NO_RELATIONS = {};
  private static final boolean[] NONE_APART = {};
  private static final int[] NO_MATES = {};

  final List<BlockProgram> blocks;
  final List<@Nullable PublicKey> externalKeys;
  final AuthorizerProgram authorizer;
  final PredicateTable predicates;

  /** The relation of each predicate; there is room for more. */
  Relation[] relations;

  /** The relation of each predicate of the authorizer, in use until the token adds a fact. */
  private final Relation[] shared;

  /** As in {@link Program}. */
  boolean[] apart;

  long serviceTrusted = TrustedOrigins.DEFAULT | Origin.SERVICE_BIT;
  int facts;
  int serviceFacts;
  int slots;
  int atoms;
  int width;

  /**
   * The steps for linking a token: one for each fact and predicate, unless facts were made to
   * collide. Every evaluation is charged these steps, whether it had to link or not.
   */
  final Budget budget;

  private final Budget free = Budget.unlimited();
  private final boolean confidential;

  /**
   * The number of the token's relation for each predicate of the authorizer that is apart, or -1.
   */
  private int[] own = NO_MATES;

  private Term[] row = BlockProgram.NO_TERMS;

  /** Makes a linker for an authorizer alone. */
  private Linker(AuthorizerProgram authorizer) {
    this.blocks = List.of();
    this.externalKeys = List.of();
    this.authorizer = authorizer;
    this.predicates = new PredicateTable();
    this.relations = new Relation[8];
    this.shared = NO_RELATIONS;
    this.apart = NONE_APART;
    this.budget = free;
    this.confidential = authorizer.isConfidential();
  }

  /** Makes a linker for a token and an authorizer that was linked alone. */
  private Linker(
      List<BlockProgram> blocks, List<@Nullable PublicKey> externalKeys, Program authorizer) {
    this.blocks = blocks;
    this.externalKeys = externalKeys;
    this.authorizer = authorizer.authorizer;
    this.predicates = authorizer.predicates.copy();
    this.relations = Arrays.copyOf(authorizer.relations, authorizer.relations.length + 8);
    this.shared = authorizer.relations;
    this.facts = authorizer.facts;
    this.serviceFacts = authorizer.facts;
    this.apart = authorizer.apart;
    this.serviceTrusted = authorizer.serviceTrusted;
    this.budget = new Budget(RunLimits.defaults().maxSteps(), Stopwatch.stopped());
    this.confidential = authorizer.isConfidential();
    this.slots = authorizer.slots;
    this.atoms = authorizer.atoms;
    this.width = authorizer.width;
  }

  /** Links the program of requests without a token, which is a part of all others. */
  static Program link(AuthorizerProgram authorizer) {
    Linker linker = new Linker(authorizer);
    linker.serviceFacts(authorizer.body);
    LinkedBlock body = linker.link(authorizer.body, AUTHORIZER);
    LinkedPolicy[] policies = linker.policies();
    linker.index(body, policies);
    if (linker.confidential) {
      linker.keepApart(body);
    }
    return new Program(linker, NO_BLOCKS, body, policies);
  }

  static Program link(
      List<BlockProgram> blocks,
      List<@Nullable PublicKey> externalKeys,
      AuthorizerProgram authorizer) {
    Program alone = authorizer.alone();
    Linker linker = new Linker(blocks, externalKeys, alone);
    LinkedBlock body = alone.body;
    LinkedPolicy[] policies = alone.policies;
    for (PublicKey key : externalKeys) {
      if (key != null) {
        body = linker.link(authorizer.body, AUTHORIZER);
        policies = linker.policies();
        break;
      }
    }
    LinkedBlock[] linked = new LinkedBlock[blocks.size()];
    for (int i = 0; linker.confidential && i < linked.length; i++) {
      linker.keepApart(blocks.get(i), i);
    }
    for (int i = 0; i < linked.length; i++) {
      linker.facts(blocks.get(i), i);
      linked[i] = linker.link(blocks.get(i), i);
    }
    linker.authorizerFacts();
    return new Program(linker, linked, body, policies);
  }

  /** Keeps apart what the service states or derives and nobody else may see. */
  private void keepApart(LinkedBlock body) {
    apart = new boolean[predicates.size()];
    for (int id = 0; id < apart.length; id++) {
      apart[id] = relations[id].size > 0 && !authorizer.isShared(predicates.name(id));
    }
    for (LinkedRule rule : body.rules) {
      apart[rule.head()] |= !rule.declassifies();
    }
  }

  /** Keeps apart what the service asks for and a block that it does not trust says. */
  private void keepApart(BlockProgram block, int number) {
    if ((serviceTrusted & 1L << number) != 0) {
      return;
    }
    for (Fact fact : block.block().facts()) {
      keepApart(fact.predicate());
    }
    for (CompiledRule rule : block.rules) {
      keepApart(rule.source.head());
    }
  }

  private void keepApart(Predicate predicate) {
    int id = predicates.find(predicate.name(), predicate.terms().size());
    if (id >= 0 && !apart[id]) {
      if (apart == authorizer.alone().apart) {
        apart = apart.clone();
      }
      apart[id] = true;
    }
  }

  /** Returns the number of a predicate as a block, or the authorizer, sees it. */
  private int number(Predicate predicate, int block) {
    int known = predicates.size();
    int id = predicates.add(predicate.name(), predicate.terms().size());
    if (id == known) {
      room(id, predicate);
    }
    return block == AUTHORIZER || id >= apart.length || !apart[id] ? id : ownNumber(id, predicate);
  }

  private int ownNumber(int id, Predicate predicate) {
    if (own.length == 0) {
      own = new int[apart.length];
      Arrays.fill(own, -1);
    }
    if (own[id] < 0) {
      own[id] = predicates.append(predicate.name(), predicate.terms().size());
      room(own[id], predicate);
    }
    return own[id];
  }

  private void room(int id, Predicate predicate) {
    int arity = predicate.terms().size();
    if (id == relations.length) {
      relations = Arrays.copyOf(relations, 2 * id);
    }
    relations[id] = Relation.empty(arity);
    width = Math.max(width, arity);
  }

  /** As in {@link Program}. */
  int[] mates() {
    if (own.length == 0) {
      return NO_MATES;
    }
    int[] mates = new int[predicates.size()];
    Arrays.fill(mates, -1);
    for (int id = 0; id < own.length; id++) {
      if (own[id] >= 0) {
        mates[id] = own[id];
        mates[own[id]] = id;
      }
    }
    return mates;
  }

  private void serviceFacts(BlockProgram body) {
    for (Fact source : body.block().facts()) {
      Predicate fact = source.predicate();
      boolean secret = confidential && !authorizer.isShared(fact.name());
      long origin = secret ? Origin.SERVICE_BIT : Origin.AUTHORIZER_BIT;
      facts += add(number(fact, AUTHORIZER), origin, fact.terms()) ? 1 : 0;
    }
    serviceFacts = facts;
  }

  private void facts(BlockProgram block, int number) {
    List<Fact> sources = block.block().facts();
    long origin = 1L << number;
    for (int i = 0; i < sources.size(); i++) {
      Predicate fact = sources.get(i).predicate();
      budget.charge(1);
      int id = number(fact, number);
      facts += add(id, origin, fact.terms()) ? 1 : 0;
      if (own.length > 0 && (origin & ~serviceTrusted) == 0) {
        int services = predicates.find(fact.name(), fact.terms().size());
        if (services != id) {
          add(services, origin, fact.terms());
        }
      }
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

  /** Adds the authorizer's facts, behind any facts of the token. */
  private void authorizerFacts() {
    for (int id = 0; id < shared.length; id++) {
      if (relations[id] != shared[id]) {
        relations[id].addAll(shared[id], -1, free);
      }
      if (own.length > 0 && own[id] >= 0 && shared[id].size > 0) {
        Relation open = relations[own[id]];
        relations[own[id]] = open.size == 0 ? new Relation(open.arity) : open;
        relations[own[id]].addAll(shared[id], ~Origin.SERVICE_BIT, free);
      }
    }
  }

  private LinkedBlock link(BlockProgram block, int number) {
    long trusted = trusted(block, number);
    LinkedRule[] rules = new LinkedRule[block.rules.length];
    for (int i = 0; i < rules.length; i++) {
      CompiledRule code = block.rules[i];
      LinkedQuery body = link(code.body, number, trusted);
      Predicate head = code.source.head();
      boolean service = confidential && number == AUTHORIZER;
      boolean declassifies = service && authorizer.isShared(head.name());
      long origin = service && !declassifies ? Origin.SERVICE_BIT : 1L << number;
      rules[i] = new LinkedRule(code, body, number(head, number), origin, declassifies);
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

  /** Returns the origins that a block's queries see if they do not say it themselves. */
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
      numbers[i] = number(code.source.predicates().get(i), number);
    }
    slots = Math.max(slots, code.slots);
    atoms = Math.max(atoms, numbers.length);
    long visible = TrustedOrigins.of(code.source.scopes(), trusted, number, externalKeys);
    boolean service = number == AUTHORIZER;
    if (service) {
      serviceTrusted |= visible;
    } else {
      budget.charge(2 + numbers.length);
    }
    return new LinkedQuery(code, numbers, visible, service && confidential);
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
      if (relation.size > Matcher.SCAN
          && key.length > 0
          && relation.index(key, query.service) == null) {
        relation.addIndex(key, query.service).extend(relation, relation.size, budget);
      }
    }
  }
}
