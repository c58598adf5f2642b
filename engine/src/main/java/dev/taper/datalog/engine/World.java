package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation: all facts that hold, and what checks and policies make of them. Made at its
 * fixpoint. For one thread only; the programs it is made of are shared.
 *
 * <p>Only the facts of the request and derived facts are its own. Relations are those of the
 * program until something is added to them. Every method that evaluates draws on the same steps and
 * the same time, and throws {@link ErrorCode#TOO_MUCH_WORK} or {@link ErrorCode#TIMEOUT} when they
 * are used up. An error of an expression is thrown as well, always: it never counts as "no match".
 */
public final class World {
  private static final int[] NONE = {};

  private final Program program;
  private final RunLimits limits;
  private final Budget budget;
  private final Frame frame;
  private final Matcher matcher;
  private final List<Fact> requestFacts;
  private Relation[] relations;

  /** Predicates that only occur in facts added here, numbered after the program's. */
  private @Nullable PredicateTable extra;

  private int factCount;
  private int iterations;

  /** The relations of the derived facts, in order. */
  private int[] derived = NONE;

  private int derivedCount;

  private World(
      Program program,
      List<Fact> requestFacts,
      ExternFunctions externs,
      RunLimits limits,
      LongSupplier ticker,
      long spentNanos) {
    this.program = program;
    this.limits = limits;
    this.budget = new Budget(limits, ticker, spentNanos);
    this.frame = new Frame(program.slots, budget, externs, new RegexCache());
    this.matcher = new Matcher(this, frame, program.atoms, program.width);
    this.requestFacts = List.copyOf(requestFacts);
    this.relations = program.relations.clone();
    this.factCount = program.facts;
  }

  /**
   * Evaluates a token and an authorizer for a request.
   *
   * @param token the token, or null for a request without one
   * @param authorizer the authorizer's code
   * @param requestFacts facts of the request; they count as the authorizer's
   * @param externs functions that expressions may call
   * @param limits what the evaluation may use up, including all later calls
   * @return the world at its fixpoint
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}, or {@link ErrorCode#INVALID_DATALOG} if a fact is nested too
   *     deeply
   */
  public static World run(
      @Nullable TokenProgram token,
      AuthorizerProgram authorizer,
      List<Fact> requestFacts,
      ExternFunctions externs,
      RunLimits limits) {
    return run(token, authorizer, requestFacts, externs, limits, System::nanoTime);
  }

  static World run(
      @Nullable TokenProgram token,
      AuthorizerProgram authorizer,
      List<Fact> requestFacts,
      ExternFunctions externs,
      RunLimits limits,
      LongSupplier ticker) {
    World world = new World(program(token, authorizer), requestFacts, externs, limits, ticker, 0);
    world.budget.start();
    world.addRequestFacts();
    if (world.program.rules.length > 0) {
      Fixpoint fixpoint = new Fixpoint(world, world.program, limits, world.budget);
      world.iterations = fixpoint.run(world.frame, world.matcher);
    }
    world.budget.stop();
    return world;
  }

  /**
   * Makes a world as a snapshot describes it, without applying any rule.
   *
   * @param token the token, or null
   * @param authorizer the authorizer's code
   * @param requestFacts facts of the request
   * @param generated facts that rules derived; those that exist anyway count once
   * @param iterations how many iterations that took
   * @param elapsed how much time it took, which is taken off the limit
   * @param externs functions that expressions may call
   * @param limits what the evaluation may use up
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a fact's origin names a block that
   *     the token does not have or the iterations or time are negative; {@link
   *     ErrorCode#INVALID_DATALOG} if a fact is nested too deeply
   */
  public static World restore(
      @Nullable TokenProgram token,
      AuthorizerProgram authorizer,
      List<Fact> requestFacts,
      List<OriginFact> generated,
      int iterations,
      Duration elapsed,
      ExternFunctions externs,
      RunLimits limits) {
    if (iterations < 0 || elapsed.isNegative()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "an evaluation took no negative time or iterations");
    }
    Program program = program(token, authorizer);
    long spent = limits.withMaxTime(elapsed.plusNanos(1)).maxNanos() - 1;
    World world = new World(program, requestFacts, externs, limits, System::nanoTime, spent);
    world.addRequestFacts();
    long known = Origin.AUTHORIZER_BIT | (1L << program.blocks.size()) - 1;
    for (OriginFact fact : generated) {
      if ((fact.origin().mask() & ~known) != 0) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the token has no block of origin " + fact.origin());
      }
      Term[] row = row(fact.fact());
      world.derive(world.number(fact.fact()), fact.origin().mask(), row);
    }
    world.iterations = iterations;
    return world;
  }

  private static Program program(@Nullable TokenProgram token, AuthorizerProgram authorizer) {
    return token == null ? authorizer.alone() : token.with(authorizer);
  }

  private void addRequestFacts() {
    for (int i = 0; i < requestFacts.size(); i++) {
      Fact fact = requestFacts.get(i);
      add(number(fact), Origin.AUTHORIZER_BIT, row(fact));
    }
  }

  private static Term[] row(Fact fact) {
    Term[] row = fact.predicate().terms().toArray(new Term[0]);
    for (Term term : row) {
      QueryCompiler.constant(term);
    }
    return row;
  }

  /** The number of a fact's predicate, a new one if need be. */
  private int number(Fact fact) {
    String name = fact.predicate().name();
    int arity = fact.predicate().terms().size();
    int id = find(name, arity);
    if (id < 0) {
      if (extra == null) {
        extra = new PredicateTable();
      }
      id = program.predicates.size() + extra.add(name, arity);
      relations = Arrays.copyOf(relations, id + 1);
      relations[id] = new Relation(arity, 1);
    }
    return id;
  }

  /** The number of a predicate, or -1 if no fact, rule or query has it. */
  private int find(String name, int arity) {
    int id = program.predicates.find(name, arity);
    if (id < 0 && extra != null) {
      int more = extra.find(name, arity);
      return more < 0 ? -1 : program.predicates.size() + more;
    }
    return id;
  }

  private String name(int id) {
    int own = program.predicates.size();
    return id < own || extra == null ? program.predicates.name(id) : extra.name(id - own);
  }

  Relation relation(int id) {
    return relations[id];
  }

  /** A relation that may be changed. */
  Relation ownRelation(int id) {
    Relation relation = relations[id];
    if (id < program.relations.length && relation == program.relations[id]) {
      relation = relation.copy();
      relations[id] = relation;
    }
    return relation;
  }

  private boolean add(int id, long origin, Term[] row) {
    boolean added = ownRelation(id).add(origin, row, budget);
    factCount += added ? 1 : 0;
    return added;
  }

  /** Adds a fact that a rule derived. */
  void derive(int id, long origin, Term[] row) {
    if (add(id, origin, row)) {
      if (derivedCount == derived.length) {
        derived = Arrays.copyOf(derived, Math.max(8, derivedCount + (derivedCount >> 1)));
      }
      derived[derivedCount++] = id;
    }
  }

  /**
   * Evaluates the checks and policies: the authorizer's checks, the authority block's, the policies
   * up to the first that matches, then the checks of the other blocks. All checks are evaluated.
   *
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}
   */
  public Verdict decide() {
    budget.start();
    List<Verdict.FailedCheck> failed = checkAll(program.checksBeforePolicies, List.of());
    int matched = firstPolicy();
    failed = checkAll(program.checksAfterPolicies, failed);
    budget.stop();
    return new Verdict(matched < 0 ? null : program.policies[matched].source, matched, failed);
  }

  private int firstPolicy() {
    Program.LinkedPolicy[] policies = program.policies;
    for (int i = 0; i < policies.length; i++) {
      for (LinkedQuery query : policies[i].queries) {
        if (hasMatch(query)) {
          return i;
        }
      }
    }
    return -1;
  }

  private List<Verdict.FailedCheck> checkAll(
      Program.LinkedCheck[] checks, List<Verdict.FailedCheck> failed) {
    List<Verdict.FailedCheck> result = failed;
    for (Program.LinkedCheck check : checks) {
      if (!passes(check.source.kind(), check.queries)) {
        if (result.isEmpty()) {
          result = new ArrayList<>();
        }
        result.add(new Verdict.FailedCheck(check.block, check.index, check.source));
      }
    }
    return result;
  }

  private boolean passes(Check.Kind kind, LinkedQuery[] queries) {
    boolean reject = kind == Check.Kind.REJECT;
    for (LinkedQuery query : queries) {
      if (kind == Check.Kind.ALL ? allMatch(query) : hasMatch(query)) {
        return !reject;
      }
    }
    return reject;
  }

  private boolean hasMatch(LinkedQuery query) {
    matcher.start(query);
    while (matcher.next()) {
      if (query.code.holds(frame)) {
        return true;
      }
    }
    return false;
  }

  private boolean allMatch(LinkedQuery query) {
    matcher.start(query);
    boolean found = false;
    while (matcher.next()) {
      if (!query.code.holds(frame)) {
        return false;
      }
      found = true;
    }
    return found;
  }

  /**
   * Asks for facts, by a rule whose head they take.
   *
   * @param rule the question; if it has scopes, they say what it trusts
   * @param scope what it trusts otherwise
   * @return distinct facts in the order they were found
   * @throws UnsafeRuleException {@link ErrorCode#INVALID_DATALOG} if the body does not bind a
   *     variable of the head
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}
   */
  public List<Fact> query(Rule rule, QueryScope scope) {
    PredicateTable local = new PredicateTable();
    CompiledRule code = new QueryCompiler(local).compile(rule, ErrorCode.INVALID_DATALOG);
    LinkedQuery query = link(code.body, scope);
    if (query == null) {
      return List.of();
    }
    Relation found = new Relation(code.arity(), 0);
    Term[] row = new Term[code.arity()];
    Frame own = new Frame(code.body.slots, budget, frame.externs, frame.regexes);
    budget.start();
    Matcher matches = new Matcher(this, own, query.relations.length, local.maxArity());
    matches.start(query);
    while (matches.next()) {
      budget.charge(1);
      if (code.body.holds(own)) {
        code.head(own, row);
        found.add(Origin.AUTHORIZER_BIT, row, budget);
      }
    }
    budget.stop();
    List<Fact> facts = new ArrayList<>(found.size);
    for (int i = 0; i < found.size; i++) {
      facts.add(found.fact(rule.head().name(), i));
    }
    return List.copyOf(facts);
  }

  /** A query of the caller in this world, or null if it names a predicate that has no facts. */
  private @Nullable LinkedQuery link(CompiledQuery code, QueryScope scope) {
    int[] numbers = new int[code.atoms.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = find(code.source.predicates().get(i).name(), code.atoms[i].slots.length);
      if (numbers[i] < 0) {
        return null;
      }
    }
    long defaults = scope == QueryScope.ALL ? TrustedOrigins.all() : TrustedOrigins.DEFAULT;
    long trusted =
        TrustedOrigins.of(code.source.scopes(), defaults, Origin.AUTHORIZER, program.externalKeys);
    return new LinkedQuery(code, numbers, trusted);
  }

  /** All facts: the token's by block, the authorizer's, the request's, then the derived ones. */
  public List<OriginFact> facts() {
    List<OriginFact> facts = new ArrayList<>(factCount);
    int[] rows = new int[relations.length];
    for (int i = 0; i < program.blocks.size(); i++) {
      Block block = program.blocks.get(i).block();
      collect(block.facts(), 1L << i, rows, facts);
    }
    collect(program.authorizer.code().block().facts(), Origin.AUTHORIZER_BIT, rows, facts);
    collect(requestFacts, Origin.AUTHORIZER_BIT, rows, facts);
    collectDerived(rows, facts);
    return List.copyOf(facts);
  }

  /** The facts that rules derived, in the order they did. */
  public List<OriginFact> derivedFacts() {
    int[] rows = new int[relations.length];
    for (int id = 0; id < rows.length; id++) {
      rows[id] = relations[id].size;
    }
    for (int i = 0; i < derivedCount; i++) {
      rows[derived[i]]--;
    }
    List<OriginFact> facts = new ArrayList<>(derivedCount);
    collectDerived(rows, facts);
    return List.copyOf(facts);
  }

  private void collectDerived(int[] rows, List<OriginFact> to) {
    for (int i = 0; i < derivedCount; i++) {
      int id = derived[i];
      int row = rows[id]++;
      Origin origin = new Origin(relations[id].origins[row]);
      to.add(new OriginFact(origin, relations[id].fact(name(id), row)));
    }
  }

  /** Rows keep the order of adding, so a fact that is not the next row was there before. */
  private void collect(List<Fact> sources, long origin, int[] rows, List<OriginFact> to) {
    for (Fact fact : sources) {
      int id = find(fact.predicate().name(), fact.predicate().terms().size());
      Relation relation = relations[id];
      if (relation.isRow(rows[id], origin, fact.predicate().terms().toArray(new Term[0]))) {
        rows[id]++;
        to.add(new OriginFact(new Origin(origin), fact));
      }
    }
  }

  /** The number of facts; a fact of two origins counts twice. */
  public int factCount() {
    return factCount;
  }

  /** The number of iterations that derived facts. */
  public int iterations() {
    return iterations;
  }

  /** The time spent evaluating so far. */
  public Duration elapsed() {
    return Duration.ofNanos(budget.spentNanos());
  }

  /** The steps used so far. */
  public long stepsUsed() {
    return budget.stepsUsed();
  }

  /** The limits it was made with. */
  public RunLimits limits() {
    return limits;
  }
}
