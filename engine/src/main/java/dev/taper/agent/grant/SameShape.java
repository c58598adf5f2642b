package dev.taper.agent.grant;

import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether two checks are the same but for the names of their variables. This, and not the
 * care of any single reader, is what makes recognition exact: what was read is compiled again and
 * must be the check that it was read from.
 */
final class SameShape {
  private final Map<String, String> there;
  private final Map<String, String> back;

  private SameShape(Map<String, String> there, Map<String, String> back) {
    this.there = there;
    this.back = back;
  }

  static boolean test(Check a, Check b) {
    if (a.kind() != b.kind() || a.queries().size() != b.queries().size()) {
      return false;
    }
    for (int i = 0; i < a.queries().size(); i++) {
      SameShape fresh = new SameShape(new HashMap<>(), new HashMap<>());
      if (!fresh.query(a.queries().get(i), b.queries().get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean query(Query a, Query b) {
    if (a.predicates().size() != b.predicates().size()
        || a.expressions().size() != b.expressions().size()
        || !a.scopes().equals(b.scopes())) {
      return false;
    }
    for (int i = 0; i < a.predicates().size(); i++) {
      if (!predicate(a.predicates().get(i), b.predicates().get(i))) {
        return false;
      }
    }
    for (int i = 0; i < a.expressions().size(); i++) {
      if (!expression(a.expressions().get(i), b.expressions().get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean predicate(Predicate a, Predicate b) {
    if (!a.name().equals(b.name()) || a.terms().size() != b.terms().size()) {
      return false;
    }
    for (int i = 0; i < a.terms().size(); i++) {
      if (!term(a.terms().get(i), b.terms().get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean term(Term a, Term b) {
    return (a instanceof Term.Variable x && b instanceof Term.Variable y)
        ? variable(x.name(), y.name())
        : a.equals(b);
  }

  private boolean variable(String a, String b) {
    String known = there.putIfAbsent(a, b);
    String knownBack = back.putIfAbsent(b, a);
    return (known == null || known.equals(b)) && (knownBack == null || knownBack.equals(a));
  }

  private boolean expression(@Nullable Expression a, @Nullable Expression b) {
    if (a instanceof Expression.Value x && b instanceof Expression.Value y) {
      return term(x.term(), y.term());
    }
    if (a instanceof Expression.Unary x && b instanceof Expression.Unary y) {
      return x.op() == y.op() && expression(x.operand(), y.operand());
    }
    if (a instanceof Expression.Binary x && b instanceof Expression.Binary y) {
      return x.op() == y.op() && expression(x.left(), y.left()) && expression(x.right(), y.right());
    }
    if (a instanceof Expression.Closure x && b instanceof Expression.Closure y) {
      return closure(x, y);
    }
    return false; // no canonical shape calls a foreign function
  }

  private boolean closure(Expression.Closure a, Expression.Closure b) {
    List<String> x = a.parameters();
    List<String> y = b.parameters();
    if (x.size() != y.size()) {
      return false;
    }
    SameShape inner = new SameShape(new HashMap<>(there), new HashMap<>(back));
    for (int i = 0; i < x.size(); i++) {
      // False also for a parameter named like a visible variable, which is an error to evaluate.
      if (!inner.variable(x.get(i), y.get(i))) {
        return false;
      }
    }
    return inner.expression(a.body(), b.body());
  }
}
