package dev.taper.agent.delegation;

import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds the constant regular expressions of a check. */
final class Patterns {
  private final Set<String> found = new LinkedHashSet<>();

  private Patterns() {}

  static Set<String> of(Check check) {
    Patterns patterns = new Patterns();
    for (Query query : check.queries()) {
      query.expressions().forEach(patterns::add);
    }
    return patterns.found;
  }

  private void add(Expression expression) {
    if (expression instanceof Expression.Unary unary) {
      add(unary.operand());
    } else if (expression instanceof Expression.Closure closure) {
      add(closure.body());
    } else if (expression instanceof Expression.Binary binary) {
      if (binary.op() == BinaryOp.REGEX
          && binary.right() instanceof Expression.Value value
          && value.term() instanceof Term.Str pattern) {
        found.add(pattern.value());
      }
      add(binary.left());
      add(binary.right());
    }
  }
}
