package dev.taper.testing;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.Precedence;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** Makes random expressions for {@link DatalogGenerator}. */
final class ExpressionGenerator {
  private static final int METHOD = 100;

  private final Random random;
  private final int version;
  private final IntFunction<Term> terms;
  private final List<BinaryOp> ops = new ArrayList<>();
  private boolean loose;
  private int closures;

  ExpressionGenerator(Random random, int version, IntFunction<Term> terms) {
    this.random = random;
    this.version = version;
    this.terms = terms;
    for (BinaryOp op : BinaryOp.values()) {
      if (since(op) <= version) {
        ops.add(op);
      }
    }
  }

  private static int since(BinaryOp op) {
    return switch (op) {
      case BITWISE_AND, BITWISE_OR, BITWISE_XOR, NOT_EQUAL -> 4;
      case LENIENT_EQUAL, LENIENT_NOT_EQUAL, LAZY_AND, LAZY_OR, ALL, ANY, GET, TRY_OR -> 6;
      default -> 3;
    };
  }

  Expression next(List<String> variables, int depth) {
    loose = false;
    return expression(variables, depth);
  }

  Expression nextLoose(List<String> variables, int depth) {
    loose = true;
    return expression(variables, depth);
  }

  private Expression expression(List<String> variables, int depth) {
    if (depth == 0) {
      return value(variables);
    }
    return switch (random.nextInt(8)) {
      case 0 -> value(variables);
      case 1 -> unary(variables, depth - 1);
      case 2 -> version >= 6 ? extern(variables, depth - 1) : binary(variables, depth - 1);
      default -> binary(variables, depth - 1);
    };
  }

  private Expression value(List<String> variables) {
    if (!variables.isEmpty() && random.nextBoolean()) {
      return new Expression.Value(
          new Term.Variable(variables.get(random.nextInt(variables.size()))));
    }
    return new Expression.Value(terms.apply(2));
  }

  private Expression unary(List<String> variables, int depth) {
    UnaryOp op =
        switch (random.nextInt(version >= 6 ? 4 : 3)) {
          case 0 -> UnaryOp.NEGATE;
          case 1 -> UnaryOp.PARENS;
          case 2 -> UnaryOp.LENGTH;
          default -> UnaryOp.TYPE;
        };
    Expression operand = expression(variables, depth);
    return switch (op) {
      case PARENS -> new Expression.Unary(op, operand);
      case NEGATE -> new Expression.Unary(op, fit(operand, Precedence.SUM));
      case LENGTH, TYPE -> new Expression.Unary(op, receiver(operand));
    };
  }

  private Expression extern(List<String> variables, int depth) {
    return new Expression.Extern(
        "f" + random.nextInt(3),
        receiver(expression(variables, depth)),
        random.nextBoolean() ? expression(variables, depth) : null);
  }

  private Expression binary(List<String> variables, int depth) {
    BinaryOp op = ops.get(random.nextInt(ops.size()));
    Expression left = expression(variables, depth);
    if (op == BinaryOp.ALL || op == BinaryOp.ANY) {
      return new Expression.Binary(op, receiver(left), closure(variables, depth));
    }
    Expression right = expression(variables, depth);
    if (op == BinaryOp.TRY_OR) {
      return new Expression.Binary(op, lazy(receiver(left)), right);
    }
    if (!op.infix()) {
      return new Expression.Binary(op, receiver(left), right);
    }
    int level = Precedence.of(op);
    Expression fitted = fit(left, level == Precedence.COMPARISON ? level + 1 : level);
    if (level >= Precedence.SUM && hasNegation(fitted)) {
      fitted = parens(fitted);
    }
    right = fit(right, level + 1);
    boolean lazy = op == BinaryOp.LAZY_AND || op == BinaryOp.LAZY_OR;
    return new Expression.Binary(op, fitted, lazy ? lazy(right) : right);
  }

  private Expression closure(List<String> variables, int depth) {
    String parameter = "p" + closures++ % 10;
    List<String> inside = new ArrayList<>(variables);
    inside.add(parameter);
    return new Expression.Closure(List.of(parameter), expression(inside, depth));
  }

  private static Expression lazy(Expression body) {
    return new Expression.Closure(List.of(), body);
  }

  private Expression receiver(Expression e) {
    boolean date = e instanceof Expression.Value v && v.term() instanceof Term.Date;
    return date ? parens(e) : fit(e, METHOD);
  }

  /** Adds parentheses where an operand binds less tightly than it must. */
  private Expression fit(Expression e, int minimum) {
    return level(e) < minimum ? parens(e) : e;
  }

  private Expression parens(Expression e) {
    return loose && random.nextBoolean() ? e : new Expression.Unary(UnaryOp.PARENS, e);
  }

  private static int level(Expression e) {
    if (e instanceof Expression.Unary u && u.op() == UnaryOp.NEGATE) {
      return METHOD - 1;
    }
    return e instanceof Expression.Binary b && b.op().infix() ? Precedence.of(b.op()) : METHOD;
  }

  /** True if a negation stands outside of parentheses; it would swallow what follows it. */
  private static boolean hasNegation(Expression e) {
    if (e instanceof Expression.Binary b && b.op().infix()) {
      return hasNegation(b.left()) || hasNegation(b.right());
    }
    return e instanceof Expression.Unary u && u.op() == UnaryOp.NEGATE;
  }
}
