package dev.taper.testvectors;

import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The variables of a query, each with a value that it can take. Not thread-safe. */
final class Bindings {
  /**
   * A variable.
   *
   * @param term the variable
   * @param value a value that a fact gives it
   */
  record Variable(Term.Variable term, Term value) {}

  private final List<Variable> variables = new ArrayList<>();

  /** A variable for the value: one that has it already, or a new one. */
  Term.Variable bind(Term value, Random random) {
    for (Variable variable : variables) {
      if (variable.value().equals(value) && random.nextInt(4) > 0) {
        return variable.term();
      }
    }
    Term.Variable term = new Term.Variable("v" + variables.size());
    variables.add(new Variable(term, value));
    return term;
  }

  /** Some variable of a kind, or null. */
  @Nullable Variable any(Vocabulary.Kind kind, Random random) {
    List<Variable> found = new ArrayList<>();
    for (Variable variable : variables) {
      if (Vocabulary.Kind.of(variable.value()) == kind) {
        found.add(variable);
      }
    }
    return found.isEmpty() ? null : found.get(random.nextInt(found.size()));
  }

  /** Some variable, or null if there is none. */
  @Nullable Variable any(Random random) {
    return variables.isEmpty() ? null : variables.get(random.nextInt(variables.size()));
  }
}
