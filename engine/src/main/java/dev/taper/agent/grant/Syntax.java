package dev.taper.agent.grant;

import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes and takes apart the few pieces of syntax that canonical checks consist of. */
final class Syntax {
  static final Expression TRUE = new Expression.Value(new Term.Bool(true));

  private Syntax() {}

  static Term.Variable variable(String name) {
    return new Term.Variable(name);
  }

  static Term.Str str(String value) {
    return new Term.Str(value);
  }

  static Term.Set set(Collection<String> values) {
    List<Term> terms = new ArrayList<>();
    for (String value : values) {
      terms.add(str(value));
    }
    return Term.Set.of(terms);
  }

  static Expression value(Term term) {
    return new Expression.Value(term);
  }

  static Expression binary(Expression left, BinaryOp op, Term right) {
    return new Expression.Binary(op, left, value(right));
  }

  static Expression binary(Term left, BinaryOp op, Term right) {
    return binary(value(left), op, right);
  }

  static Expression unary(UnaryOp op, Term operand) {
    return new Expression.Unary(op, value(operand));
  }

  /**
   * {@code $v.type() === "type"}: as the first expression, it turns errors of the others into a no.
   */
  static Expression isOfType(Term.Variable v, String type) {
    return binary(unary(UnaryOp.TYPE, v), BinaryOp.EQUAL, str(type));
  }

  /** {@code a || b || …}, of at least one alternative. */
  static Expression anyOf(List<Expression> alternatives) {
    Expression all = alternatives.get(0);
    for (Expression next : alternatives.subList(1, alternatives.size())) {
      all = new Expression.Binary(BinaryOp.LAZY_OR, all, new Expression.Closure(List.of(), next));
    }
    return all;
  }

  /** The alternatives that {@link #anyOf} joined. */
  static List<Expression> alternatives(Expression e) {
    List<Expression> found = new ArrayList<>();
    Expression rest = e;
    while (rest instanceof Expression.Binary or
        && or.op() == BinaryOp.LAZY_OR
        && or.right() instanceof Expression.Closure closure) {
      found.add(0, closure.body());
      rest = or.left();
    }
    found.add(0, rest);
    return found;
  }

  /** A check of one query, of the given predicates and expressions. */
  static Check check(List<Predicate> predicates, Expression... expressions) {
    return new Check(
        Check.Kind.IF, List.of(new Query(predicates, List.of(expressions), List.of())));
  }

  /** The right operand of {@code left op constant}, or null. */
  static @Nullable Term operand(Expression e, BinaryOp op) {
    return e instanceof Expression.Binary b
            && b.op() == op
            && b.right() instanceof Expression.Value v
        ? v.term()
        : null;
  }

  /** The right operand of {@code left op "constant"}, or null. */
  static @Nullable String text(Expression e, BinaryOp op) {
    return operand(e, op) instanceof Term.Str s ? s.value() : null;
  }

  /** The left operand of {@code constant.op(anything)}, or null. */
  static @Nullable Term receiver(Expression e, BinaryOp op) {
    return e instanceof Expression.Binary b
            && b.op() == op
            && b.left() instanceof Expression.Value v
        ? v.term()
        : null;
  }

  /** The strings of a set of strings, in order, or null. */
  static @Nullable List<String> strings(@Nullable Term term) {
    if (!(term instanceof Term.Set set)) {
      return null;
    }
    List<String> strings = new ArrayList<>();
    for (Term element : set.elements()) {
      if (!(element instanceof Term.Str s)) {
        return null;
      }
      strings.add(s.value());
    }
    return strings;
  }
}
