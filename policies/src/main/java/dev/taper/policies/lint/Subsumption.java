package dev.taper.policies.lint;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells whether one query matches wherever another one does, as far as their form tells: its
 * variables can be replaced so that all of its conditions are among the other's (theta-subsumption;
 * Plotkin, "A note on inductive generalization", 1970). So a yes is certain, and a no is not.
 */
final class Subsumption {
  /** The most conditions for which it answers, because the search is exponential. */
  private static final int MAX_PREDICATES = 12;

  private final Query general;
  private final Query special;

  private Subsumption(Query general, Query special) {
    this.general = general;
    this.special = special;
  }

  /** True if a query certainly matches wherever another one does. */
  static boolean covers(Query general, Query special) {
    return general.scopes().equals(special.scopes())
        && general.predicates().size() <= MAX_PREDICATES
        && new Subsumption(general, special).match(0, new HashMap<>());
  }

  private boolean match(int index, Map<String, Term> bindings) {
    if (index == general.predicates().size()) {
      return general.expressions().stream().allMatch(e -> isAmong(e, bindings));
    }
    Predicate wanted = general.predicates().get(index);
    for (Predicate candidate : special.predicates()) {
      Map<String, Term> extended = new HashMap<>(bindings);
      if (unify(wanted, candidate, extended) && match(index + 1, extended)) {
        return true;
      }
    }
    return false;
  }

  private static boolean unify(Predicate wanted, Predicate candidate, Map<String, Term> bindings) {
    if (!wanted.name().equals(candidate.name())
        || wanted.terms().size() != candidate.terms().size()) {
      return false;
    }
    for (int i = 0; i < wanted.terms().size(); i++) {
      Term term = wanted.terms().get(i);
      Term other = candidate.terms().get(i);
      if (term instanceof Term.Variable variable) {
        Term bound = bindings.putIfAbsent(variable.name(), other);
        if (bound != null && !bound.equals(other)) {
          return false;
        }
      } else if (!term.equals(other)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAmong(Expression expression, Map<String, Term> bindings) {
    if (PolicyLint.TRUE.equals(expression)) {
      return true;
    }
    Expression replaced = replaced(expression, bindings);
    return special.expressions().stream().anyMatch(replaced::equals);
  }

  private static Expression replaced(Expression expression, Map<String, Term> bindings) {
    if (expression instanceof Expression.Value value) {
      return value.term() instanceof Term.Variable variable
          ? new Expression.Value(
              Objects.requireNonNullElse(bindings.get(variable.name()), value.term()))
          : value;
    } else if (expression instanceof Expression.Unary unary) {
      return new Expression.Unary(unary.op(), replaced(unary.operand(), bindings));
    } else if (expression instanceof Expression.Binary binary) {
      return new Expression.Binary(
          binary.op(), replaced(binary.left(), bindings), replaced(binary.right(), bindings));
    }
    return expression; // a closure or a function: only the very same one is the same
  }

  /** True if every special query is covered by a general one. */
  static boolean covers(List<Query> general, List<Query> special) {
    return special.stream().allMatch(s -> general.stream().anyMatch(g -> covers(g, s)));
  }
}
