package dev.taper.agent.grant;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A predicate of a query with the expressions over its variables. The elements of a grant share no
 * variable, so each of them matches or not by itself.
 *
 * @param predicate the predicate
 * @param expressions what must hold of its variables, in order
 */
record Element(Predicate predicate, List<Expression> expressions) {
  Element {
    expressions = List.copyOf(expressions);
  }

  static Element of(String name, List<Term> terms, List<Expression> expressions) {
    return new Element(new Predicate(name, terms), expressions);
  }

  static Element of(String name, List<Term> terms, Expression... expressions) {
    return new Element(new Predicate(name, terms), List.of(expressions));
  }

  /** The query that asks for all of the elements. */
  static Query join(List<Element> elements) {
    List<Predicate> predicates = new ArrayList<>();
    List<Expression> expressions = new ArrayList<>();
    for (Element element : elements) {
      predicates.add(element.predicate);
      expressions.addAll(element.expressions);
    }
    return new Query(predicates, expressions, List.of());
  }

  /**
   * Undoes {@link #join}: gives each expression to the first predicate that binds its first
   * variable. That is a guess, which the caller checks by joining what it read; null if an
   * expression has no such predicate.
   */
  static @Nullable List<Element> split(Query query) {
    int n = query.predicates().size();
    Map<String, Integer> binding = new HashMap<>();
    List<List<Expression>> parts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      parts.add(new ArrayList<>());
      for (Term term : query.predicates().get(i).terms()) {
        if (term instanceof Term.Variable v) {
          binding.putIfAbsent(v.name(), i);
        }
      }
    }
    for (Expression expression : query.expressions()) {
      String variable = firstVariable(expression);
      Integer owner = variable == null ? null : binding.get(variable);
      if (owner == null) {
        return null;
      }
      parts.get(owner).add(expression);
    }
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      elements.add(new Element(query.predicates().get(i), parts.get(i)));
    }
    return elements;
  }

  private static @Nullable String firstVariable(Expression e) {
    if (e instanceof Expression.Value v) {
      return v.term() instanceof Term.Variable x ? x.name() : null;
    } else if (e instanceof Expression.Unary u) {
      return firstVariable(u.operand());
    } else if (e instanceof Expression.Binary b) {
      String left = firstVariable(b.left());
      return left != null ? left : firstVariable(b.right());
    }
    return null; // no canonical shape has a variable only inside a closure, or a foreign function
  }

  /** True for a predicate of that name and number of terms, with that many expressions. */
  boolean is(String name, int terms, int expressionCount) {
    return is(name, terms) && expressions.size() == expressionCount;
  }

  /** True for a predicate of that name and number of terms. */
  boolean is(String name, int terms) {
    return predicate.name().equals(name) && predicate.terms().size() == terms;
  }

  /** True if the term at a position is fixed, or the first expression is about it. */
  boolean constrains(int i) {
    return term(i) instanceof Term.Variable v
        ? !expressions.isEmpty() && v.name().equals(firstVariable(expressions.get(0)))
        : expressions.isEmpty();
  }

  Term term(int i) {
    return predicate.terms().get(i);
  }

  /** The string at a position, or the empty string, which names nothing. */
  String text(int i) {
    return term(i) instanceof Term.Str s ? s.value() : "";
  }
}
