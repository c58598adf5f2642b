package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Check;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Query.QueryExplanation;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation: all facts that hold, and the results of checks and policies on them. A world is
 * at its fixpoint from the start. For one thread only; the programs that it uses are shared.
 *
 * <p>Only the facts of the request and derived facts are its own. It uses the program's relations
 * until something is added to them, and makes what rules, regular expressions and look-ups need
 * when it is first needed. So a usual request allocates less than a kilobyte, and evaluating its
 * checks and policies allocates nothing. All methods that evaluate share one account of steps and
 * time, and throw {@link ErrorCode#TOO_MUCH_WORK} or {@link ErrorCode#TIMEOUT} when it is used up.
 * An error of an expression is always thrown: it never counts as "no match".
 */
public final class World {
  private final Program program;
  private final Accounts work;
  private final Frame frame;
  private final Matcher matcher;
  private final FactStore facts;
  private int iterations;

  private World(Program program, List<Fact> requestFacts, ExternFunctions externs, Accounts work) {
    this.program = program;
    this.work = work;
    this.frame = new Frame(program.slots, work, externs);
    work.watch.start();
    work.token.charge(program.linkSteps);
    this.facts = new FactStore(program, List.copyOf(requestFacts), frame);
    this.matcher = new Matcher(facts, frame, program.atoms, program.width);
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
    return run(token, authorizer, requestFacts, externs, Accounts.of(limits));
  }

  /**
   * Evaluates a token and an authorizer for a request, within what is left of a budget.
   *
   * @param token the token, or null for a request without one
   * @param authorizer the authorizer's code
   * @param requestFacts facts of the request; they count as the authorizer's
   * @param externs functions that expressions may call
   * @param work what the evaluation draws on, including all later calls
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
      Accounts work) {
    World world = new World(program(token, authorizer), requestFacts, externs, work);
    if (world.program.rules.length > 0) {
      Fixpoint fixpoint =
          new Fixpoint(world.facts, world.program, work.limits(), world.frame, world.matcher);
      world.iterations = fixpoint.run();
    }
    work.watch.stop();
    return world;
  }

  /**
   * Makes a world as a snapshot describes it, without applying any rule.
   *
   * @param token the token, or null
   * @param authorizer the authorizer's code
   * @param requestFacts facts of the request
   * @param generated facts that rules derived; a fact that exists anyway counts once
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
    Accounts work = Accounts.of(limits);
    work.watch.spend(elapsed);
    World world = new World(program, requestFacts, externs, work);
    long known = Origin.AUTHORIZER_BIT | (1L << program.blocks.size()) - 1;
    for (OriginFact fact : generated) {
      if ((fact.origin().mask() & ~known) != 0) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "the token has no block of origin " + fact.origin());
      }
      world.facts.derive(fact);
    }
    world.iterations = iterations;
    return world;
  }

  private static Program program(@Nullable TokenProgram token, AuthorizerProgram authorizer) {
    return token == null ? authorizer.alone() : token.with(authorizer);
  }

  /**
   * Evaluates the checks and policies: the authorizer's checks, the authority block's, the policies
   * up to the first that matches, then the checks of the other blocks. All checks are evaluated.
   *
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}
   */
  public Evaluation decide() {
    work.watch.start();
    frame.use(true);
    List<Evaluation.FailedCheck> failed = checkAll(program.body, List.of());
    Program.LinkedBlock[] blocks = program.linked;
    if (blocks.length > 0) {
      frame.use(false);
      failed = checkAll(blocks[0], failed);
    }
    frame.use(true);
    int matched = firstPolicy();
    frame.use(false);
    for (int i = 1; i < blocks.length; i++) {
      failed = checkAll(blocks[i], failed);
    }
    work.watch.stop();
    return new Evaluation(matched < 0 ? null : program.policies[matched].source, matched, failed);
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

  private List<Evaluation.FailedCheck> checkAll(
      Program.LinkedBlock block, List<Evaluation.FailedCheck> failed) {
    List<Evaluation.FailedCheck> result = failed;
    for (Program.LinkedCheck check : block.checks) {
      if (!passes(check.source.kind(), check.queries)) {
        if (result.isEmpty()) {
          result = new ArrayList<>();
        }
        result.add(new Evaluation.FailedCheck(check.block, check.index, check.source));
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
   * Asks for facts, by a rule whose head is their form. The service asks, so from a {@linkplain
   * AuthorizerProgram#confidential confidential} program it gets all that its own policies can see.
   *
   * @param rule the question; if it has scopes, they say what it trusts
   * @param scope what it trusts if it has none
   * @return distinct facts in the order they were found
   * @throws UnsafeRuleException {@link ErrorCode#INVALID_DATALOG} if the body does not bind a
   *     variable of the head
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}
   */
  public List<Fact> query(Rule rule, QueryScope scope) {
    CompiledRule code = QueryCompiler.compile(rule, ErrorCode.INVALID_DATALOG, null);
    LinkedQuery query = link(code.body, scope);
    if (query == null) {
      return List.of();
    }
    Relation found = new Relation(code.arity());
    Term[] row = new Term[code.arity()];
    frame.use(true);
    Frame own = new Frame(code.body.slots, frame);
    Budget budget = own.budget;
    work.watch.start();
    Matcher matches = new Matcher(facts, own, query.relations.length, code.body.width());
    matches.start(query);
    while (matches.next()) {
      budget.charge(1);
      if (code.body.holds(own)) {
        code.head(own, row);
        found.add(Origin.AUTHORIZER_BIT, row, budget);
      }
    }
    work.watch.stop();
    List<Fact> answers = new ArrayList<>(found.size);
    for (int i = 0; i < found.size; i++) {
      answers.add(found.fact(rule.head().name(), i));
    }
    return List.copyOf(answers);
  }

  /**
   * Links a query of the caller into this world; null if it names a predicate that has no facts.
   */
  private @Nullable LinkedQuery link(CompiledQuery code, QueryScope scope) {
    int[] numbers = new int[code.atoms.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = facts.find(code.source.predicates().get(i).name(), code.atoms[i].slots.length);
      if (numbers[i] < 0) {
        return null;
      }
    }
    long defaults = scope == QueryScope.ALL ? TrustedOrigins.all() : TrustedOrigins.DEFAULT;
    long trusted =
        TrustedOrigins.of(code.source.scopes(), defaults, Origin.AUTHORIZER, program.externalKeys);
    return new LinkedQuery(code, numbers, trusted, program.isConfidential());
  }

  /** All facts: the token's by block, the authorizer's, the request's, then the derived ones. */
  public List<OriginFact> facts() {
    return facts.list();
  }

  /** The facts that rules derived, in that order. */
  public List<OriginFact> derivedFacts() {
    return facts.listDerived();
  }

  /**
   * Explains a check: the result of each of its queries. It never fails because its budget runs
   * out; the answer then says that it is cut short. A block's check is explained only by facts that
   * the block could see, or that other blocks state, never by the service's own.
   *
   * @param check a check of this world, or any other
   * @param block the number of the block it stands in, or {@link Origin#AUTHORIZER}
   * @param explaining the accounts that explaining draws on
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is no such block; {@link
   *     ErrorCode#INVALID_DATALOG} if the check is nested too deeply
   */
  public List<QueryExplanation> explain(Check check, int block, Accounts explaining) {
    if (block != Origin.AUTHORIZER && (block < 0 || block >= program.blocks.size())) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the token has no block " + block);
    }
    List<QueryExplanation> answers = new ArrayList<>();
    for (Query query : check.queries()) {
      CompiledQuery code = QueryCompiler.compile(query);
      Frame own = new Frame(code.slots, explaining, frame.externs);
      own.use(block == Origin.AUTHORIZER);
      explaining.watch.start();
      boolean service = program.isConfidential() && block == Origin.AUTHORIZER;
      LinkedQuery linked =
          new LinkedQuery(
              code, find(query, service), program.trusted(query.scopes(), block), service);
      answers.add(new Explainer(facts, program, own, check.kind(), linked).explain());
      explaining.watch.pause();
    }
    return List.copyOf(answers);
  }

  /** Finds, for each predicate of a query, the relation in which one side sees it, or -1. */
  private int[] find(Query query, boolean service) {
    int[] relations = new int[query.predicates().size()];
    for (int i = 0; i < relations.length; i++) {
      Predicate predicate = query.predicates().get(i);
      int known = facts.find(predicate.name(), predicate.terms().size());
      relations[i] = program.seen(known, service);
    }
    return relations;
  }

  /** The number of facts; a fact of two origins counts twice. */
  public int factCount() {
    return facts.size();
  }

  /** The number of iterations that derived facts. */
  public int iterations() {
    return iterations;
  }

  /** The time spent evaluating so far. */
  public Duration elapsed() {
    return work.elapsed();
  }

  /** The steps used so far. */
  public long stepsUsed() {
    return work.stepsUsed();
  }

  /** The limits it was made with. */
  public RunLimits limits() {
    return work.limits();
  }
}
