package dev.taper.authorizer;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.engine.Accounts;
import dev.taper.datalog.engine.AuthorizerProgram;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.datalog.engine.World;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request: a policy set, perhaps a token, and the facts that the service knows about the
 * request. Not thread-safe; make a new one for every request.
 */
public final class Authorizer {
  private final AuthorizerProgram program;
  private final Provenance provenance;
  private final List<Block.Decoded> blocks;
  private final @Nullable TokenProgram token;

  /** The facts: an immutable list as it was given, or a list of its own. */
  private List<Fact> facts = List.of();

  private boolean ownFacts;
  private RunLimits limits = RunLimits.defaults();
  private @Nullable WorkBudget work;
  private ExternFunctions externs = ExternFunctions.none();

  Authorizer(
      AuthorizerProgram program,
      Provenance provenance,
      List<Block.Decoded> blocks,
      @Nullable TokenProgram token) {
    this.program = program;
    this.provenance = provenance;
    this.blocks = blocks;
    this.token = token;
  }

  static Authorizer withoutToken(AuthorizerProgram program, Provenance provenance) {
    return new Authorizer(program, provenance, List.of(), null);
  }

  /** Adds a fact about the request. */
  public Authorizer fact(Fact fact) {
    ownFacts().add(fact);
    return this;
  }

  /**
   * Adds a fact about the request.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if a term is a variable
   */
  public Authorizer fact(String name, Term... terms) {
    return fact(Fact.of(name, terms));
  }

  /** Adds facts about the request. */
  public Authorizer facts(List<Fact> more) {
    if (facts.isEmpty()) {
      facts = List.copyOf(more); // of an immutable list: itself
      ownFacts = false;
    } else {
      ownFacts().addAll(more);
    }
    return this;
  }

  private List<Fact> ownFacts() {
    if (!ownFacts) {
      facts = new ArrayList<>(facts);
      ownFacts = true;
    }
    return facts;
  }

  /** Adds {@code time(NOW)}, the clock's time in whole seconds, for checks of expiry. */
  public Authorizer time(Clock clock) {
    return fact("time", Term.Date.of(clock.instant()));
  }

  /** Replaces the {@linkplain RunLimits#defaults() default limits}. */
  public Authorizer limits(RunLimits newLimits) {
    this.limits = newLimits;
    return this;
  }

  /**
   * Draws on what is left of a budget, which several evaluations may share, and not on a budget of
   * its own; the limits of that budget hold.
   */
  public Authorizer work(WorkBudget budget) {
    this.work = budget;
    return this;
  }

  /** Sets the functions that expressions may call; none by default. */
  public Authorizer externs(ExternFunctions newExterns) {
    this.externs = newExterns;
    return this;
  }

  /**
   * Evaluates all facts and rules.
   *
   * @throws TaperException with a code of the category {@link ErrorCode.Category#LIMIT} or {@link
   *     ErrorCode.Category#EXECUTION}; the request must then be refused
   */
  public Authorization run() {
    List<Fact> request = List.copyOf(facts);
    World world = World.run(token, program, request, externs, accounts());
    return new Authorization(world, program, provenance, request, blocks);
  }

  private Accounts accounts() {
    if (work != null) {
      return work.accounts();
    }
    return program.isConfidential() ? Accounts.separate(limits) : Accounts.of(limits);
  }

  /**
   * Evaluates and decides.
   *
   * @throws TaperException as {@link #run}
   */
  public Decision authorize() {
    return run().decide();
  }
}
