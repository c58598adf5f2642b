package dev.taper.policies.lint;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Tells what can be said of expressions before there are facts. It remembers what it evaluated. */
final class Expressions {
  /** The value that an expression has wherever it is evaluated. */
  enum Value {
    TRUE,
    /** False, or an error: nothing matches either way. */
    FALSE,
    UNKNOWN
  }

  private final Map<Expression, Value> known = new HashMap<>();

  /** Visits the parts that must all be true for an expression to be true. */
  static void conjuncts(Expression expression, Consumer<Expression> each) {
    Expression bare = bare(expression);
    if (bare instanceof Expression.Binary both
        && (both.op() == BinaryOp.AND || both.op() == BinaryOp.LAZY_AND)) {
      conjuncts(both.left(), each);
      conjuncts(both.right(), each);
    } else {
      each.accept(bare);
    }
  }

  /** Removes parentheses, and the closure around the right side of a lazy operation. */
  static Expression bare(Expression expression) {
    if (expression instanceof Expression.Unary unary && unary.op() == UnaryOp.PARENS) {
      return bare(unary.operand());
    }
    return expression instanceof Expression.Closure closure && closure.parameters().isEmpty()
        ? bare(closure.body())
        : expression;
  }

  /** Replaces the variables of an expression by other terms, except the parameters of closures. */
  static Expression replaced(Expression expression, UnaryOperator<Term> terms) {
    if (expression instanceof Expression.Value value) {
      return new Expression.Value(terms.apply(value.term()));
    } else if (expression instanceof Expression.Unary unary) {
      return new Expression.Unary(unary.op(), replaced(unary.operand(), terms));
    } else if (expression instanceof Expression.Binary binary) {
      return new Expression.Binary(
          binary.op(), replaced(binary.left(), terms), replaced(binary.right(), terms));
    } else if (expression instanceof Expression.Extern extern) {
      return new Expression.Extern(
          extern.name(),
          replaced(extern.receiver(), terms),
          extern.argument() == null ? null : replaced(extern.argument(), terms));
    }
    Expression.Closure closure = (Expression.Closure) expression;
    return new Expression.Closure(
        closure.parameters(),
        replaced(
            closure.body(),
            term ->
                term instanceof Term.Variable variable
                        && closure.parameters().contains(variable.name())
                    ? term
                    : terms.apply(term)));
  }

  /** Returns the variables of an expression that are not parameters of its own closures. */
  static Set<String> variables(Expression expression) {
    Set<String> names = new TreeSet<>();
    Expression unused =
        replaced(
            expression,
            term -> {
              if (term instanceof Term.Variable variable) {
                names.add(variable.name());
              }
              return term;
            });
    return names;
  }

  /** Returns the value of an expression. */
  Value value(Expression expression) {
    return known.computeIfAbsent(expression, Expressions::evaluated);
  }

  private static Value evaluated(Expression expression) {
    if (!variables(expression).isEmpty() || callsHost(expression)) {
      return Value.UNKNOWN;
    }
    Query query = new Query(List.of(), List.of(expression), List.of());
    Policy policy = new Policy(Policy.Kind.ALLOW, List.of(query));
    AuthorizerCode code = new AuthorizerCode(Block.builder().build(), List.of(policy));
    try {
      return PolicySet.of(code).authorizer().authorize().allowed() ? Value.TRUE : Value.FALSE;
    } catch (TaperException e) {
      return e.code().category() == ErrorCode.Category.EXECUTION ? Value.FALSE : Value.UNKNOWN;
    }
  }

  /** True if its value depends on a function that only the service has. */
  private static boolean callsHost(Expression expression) {
    if (expression instanceof Expression.Unary unary) {
      return callsHost(unary.operand());
    } else if (expression instanceof Expression.Binary binary) {
      return callsHost(binary.left()) || callsHost(binary.right());
    } else if (expression instanceof Expression.Closure closure) {
      return callsHost(closure.body());
    }
    return expression instanceof Expression.Extern;
  }
}
