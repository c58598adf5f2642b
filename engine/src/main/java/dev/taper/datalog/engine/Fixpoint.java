package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;

/**
 * Applies rules in rounds until nothing new follows. A round sees the facts of earlier rounds only;
 * what it derives becomes visible together. Evaluation is semi-naive (see {@link Matcher}): no
 * round repeats the work of the last, so recursion costs in proportion to the matches there are,
 * not to these times the rounds. It changes neither the facts, their order, the number of rounds
 * nor the first error. The state of a round is two numbers a relation; a fact that is new is stored
 * once and never moved between sets of old and new ones.
 */
final class Fixpoint {
  private final FactStore facts;
  private final RunLimits limits;
  private final Program program;
  private final Budget budget;

  /** By relation: the first row of the last round, and the number of rows this round sees. */
  private int[] deltas;

  private int[] visible;

  Fixpoint(FactStore facts, Program program, RunLimits limits, Budget budget) {
    this.facts = facts;
    this.program = program;
    this.limits = limits;
    this.budget = budget;
    this.deltas = new int[program.relations.length];
    this.visible = new int[program.relations.length];
  }

  /** Runs to the end and returns the number of rounds that derived facts. */
  int run(Frame frame, Matcher matcher) {
    Term[] row = new Term[program.width];
    for (int iterations = 0; ; ) {
      for (int id = 0; id < visible.length; id++) {
        visible[id] = facts.relation(id).size;
      }
      int before = facts.size();
      for (Program.LinkedRule rule : program.rules) {
        apply(rule, iterations == 0, before, frame, matcher, row);
      }
      if (facts.size() == before) {
        return iterations;
      }
      iterations++;
      if (iterations >= limits.maxIterations()) {
        throw new TaperException(
            ErrorCode.TOO_MANY_ITERATIONS,
            "rules still derive facts after " + limits.maxIterations() + " iterations");
      }
      if (facts.size() >= limits.maxFacts()) {
        throw new TaperException(
            ErrorCode.TOO_MANY_FACTS, "rules derive " + limits.maxFacts() + " facts or more");
      }
      budget.checkTime();
      int[] swap = deltas;
      deltas = visible;
      visible = swap;
    }
  }

  private void apply(
      Program.LinkedRule rule,
      boolean first,
      int before,
      Frame frame,
      Matcher matcher,
      Term[] row) {
    if (!first && rule.body().relations.length == 0) {
      return; // it said all it has to say in the first round
    }
    matcher.start(rule.body(), deltas, visible);
    while (matcher.next()) {
      budget.charge(1);
      if (!rule.body().code.holds(frame)) {
        continue;
      }
      // A round that reaches the limit ends the run, but with an earlier error if there is one:
      // it goes on without keeping what it derives, so the limit also bounds the memory.
      if (facts.size() < limits.maxFacts() || facts.size() == before) {
        rule.code().head(frame, row);
        facts.derive(rule.head(), rule.origin() | matcher.origin(), row);
      }
    }
  }
}
