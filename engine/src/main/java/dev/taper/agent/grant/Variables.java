package dev.taper.agent.grant;

import dev.taper.datalog.Term;

/**
 * Names the argument variables of a query: {@code $arg}, {@code $arg1}, {@code $arg2}… The first
 * has the name of a predicate, so that no symbol is written for it.
 */
final class Variables {
  private int next;

  Term.Variable fresh() {
    String name = next == 0 ? "arg" : "arg" + next;
    next++;
    return new Term.Variable(name);
  }
}
