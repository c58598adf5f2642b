package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * Applies rules in rounds until nothing new follows. A round sees only the facts of earlier rounds;
 * what it derives becomes visible together. Evaluation is semi-naive (see {@link Matcher}): no
 * round repeats the work of the last, so the cost of recursion grows with the number of matches,
 * not with matches times rounds. It changes neither the facts, their order, the number of rounds
 * nor the first error. The state of a round is two numbers for each relation; a new fact is stored
 * once and never moves between sets of old and new ones.
 */
final class Fixpoint {
  private final FactStore facts;
  private final RunLimits limits;
  private final Program program;
  private final Frame frame;
  private final Matcher matcher;
  private final Term[] row;
  private final int large;

  /** What waits to be added to a large relation; made for the first one. */
  private @Nullable Heads heads;

  /** The first row of the last round, by relation, and the number of rows that this round sees. */
  private int[] deltas;

  private int[] visible;

  /** The facts before a round, by side (the token's first), and the rounds that added some. */
  private final int[] before = new int[2];

  private final int[] rounds = new int[2];

  Fixpoint(FactStore facts, Program program, RunLimits limits, Frame frame, Matcher matcher) {
    this(facts, program, limits, frame, matcher, Heads.LARGE);
  }

  /**
   * @param large how many rows a relation has, more than a small one, for which derived facts wait
   */
  Fixpoint(
      FactStore facts, Program program, RunLimits limits, Frame frame, Matcher matcher, int large) {
    this.large = large;
    this.facts = facts;
    this.program = program;
    this.limits = limits;
    this.frame = frame;
    this.matcher = matcher;
    this.row = new Term[program.width];
    this.deltas = new int[program.relations.length];
    this.visible = new int[program.relations.length];
  }

  /** Runs to the end and returns the number of rounds that derived facts. */
  int run() {
    for (int iterations = 0; ; iterations++) {
      for (int id = 0; id < visible.length; id++) {
        visible[id] = facts.relation(id).size;
      }
      int all = facts.size();
      before[0] = facts.size(false);
      before[1] = facts.size(true);
      for (Program.LinkedRule rule : program.rules) {
        apply(rule, iterations == 0);
      }
      if (facts.size() == all) {
        return iterations;
      }
      requireWithin(false);
      if (program.isConfidential()) {
        requireWithin(true);
      }
      frame.budget.checkTime();
      int[] swap = deltas;
      deltas = visible;
      visible = swap;
    }
  }

  /** Holds each side to its own rounds and facts, whatever the other side derives. */
  private void requireWithin(boolean service) {
    int side = service ? 1 : 0;
    if (facts.size(service) == before[side]) {
      return;
    }
    if (++rounds[side] >= limits.maxIterations()) {
      throw new TaperException(
          ErrorCode.TOO_MANY_ITERATIONS,
          "rules still derive facts after " + limits.maxIterations() + " iterations");
    }
    if (facts.size(service) >= limits.maxFacts()) {
      throw new TaperException(
          ErrorCode.TOO_MANY_FACTS, "rules derive " + limits.maxFacts() + " facts or more");
    }
  }

  private void apply(Program.LinkedRule rule, boolean first) {
    LinkedQuery body = rule.body();
    if (!first && body.relations.length == 0) {
      return; // it said all it has to say in the first round
    }
    boolean service = body.service;
    frame.use(service);
    Budget budget = frame.budget;
    matcher.start(body, deltas, visible);
    try {
      while (matcher.next()) {
        budget.charge(1);
        if (body.code.holds(frame)) {
          derive(rule, service);
        }
      }
    } finally {
      // After an error, too: adding these would have run out of steps before it.
      addWaiting(rule.head(), service);
    }
  }

  private void derive(Program.LinkedRule rule, boolean service) {
    // A round that reaches the limit ends the run, but an earlier error comes first. So the round
    // goes on, but keeps nothing that it derives; the limit also bounds the memory.
    int size = facts.size(service);
    if (size >= limits.maxFacts() && size != before[service ? 1 : 0]) {
      return;
    }
    int id = rule.head();
    if (facts.ownRelation(id).size < large) {
      rule.code().head(frame, row);
      facts.derive(id, rule.origin(matcher.origin()), row, service);
      return;
    }
    if (heads == null) {
      heads = new Heads(row.length);
    }
    rule.code().head(frame, heads.rows[heads.size]);
    heads.origins[heads.size++] = rule.origin(matcher.origin());
    if (heads.size == Heads.MOST || size + heads.size >= limits.maxFacts()) {
      addWaiting(id, service);
    }
  }

  private void addWaiting(int id, boolean service) {
    if (heads != null && heads.size > 0) {
      facts.derive(id, heads, service);
    }
  }
}
