package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions of one query. It resolves names: which variables are bound, which parameter
 * a name means, and which parameter hides another name is known without evaluating.
 */
final class ExpressionCompiler {
  /** The query's variables, then the parameters in scope; no name hides another. */
  private final Variables scope;

  private final @Nullable Patterns patterns;
  private int slots;

  /**
   * @param variables the variables of the query; unchanged again after each expression
   * @param patterns the constant patterns of the query's block, or null if it is asked once
   */
  ExpressionCompiler(Variables variables, @Nullable Patterns patterns) {
    this.scope = variables;
    this.patterns = patterns;
    this.slots = variables.size();
  }

  /** The slots that the expressions compiled so far need. */
  int slots() {
    return slots;
  }

  /**
   * Compiles an expression.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if it is too high, or holds a term
   *     that is nested too deeply
   */
  Node compile(Expression expression) {
    return compile(expression, Expression.MAX_HEIGHT);
  }

  private Node compile(Expression expression, int height) {
    if (height == 0) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG,
          "an expression is higher than " + Expression.MAX_HEIGHT + " operations");
    }
    if (expression instanceof Expression.Value value) {
      return leaf(value.term());
    } else if (expression instanceof Expression.Unary unary) {
      return unary(unary, height - 1);
    } else if (expression instanceof Expression.Binary binary) {
      return binary(binary, height - 1);
    } else if (expression instanceof Expression.Extern extern) {
      Expression argument = extern.argument();
      return new ExternCall(
          extern.name(),
          compile(extern.receiver(), height - 1),
          argument == null ? null : compile(argument, height - 1));
    }
    return misplaced("a closure is not a value");
  }

  private Node leaf(Term term) {
    if (term instanceof Term.Variable variable) {
      int slot = scope.find(variable.name());
      return slot < 0 ? new Leaf.Unbound(variable.name()) : new Leaf.Variable(slot);
    }
    return new Leaf.Constant(QueryCompiler.constant(term));
  }

  private Node unary(Expression.Unary unary, int height) {
    Node operand = compile(unary.operand(), height);
    return switch (unary.op()) {
      case NEGATE -> new Logic.Not(operand);
      case PARENS -> operand;
      case LENGTH -> new CollectionOperation.Length(operand);
      case TYPE -> new CollectionOperation.TypeOf(operand);
    };
  }

  private Node binary(Expression.Binary binary, int height) {
    BinaryOp op = binary.op();
    if (op == BinaryOp.TRY_OR) {
      return tryOr(binary, height);
    }
    Node left = compile(binary.left(), height);
    if (binary.right() instanceof Expression.Closure closure) {
      return closure(op, left, closure, height);
    }
    Node right = compile(binary.right(), height);
    return switch (op) {
      case LESS_THAN -> new Comparison.Less(left, right);
      case GREATER_THAN -> new Comparison.Greater(left, right);
      case LESS_OR_EQUAL -> new Comparison.LessOrEqual(left, right);
      case GREATER_OR_EQUAL -> new Comparison.GreaterOrEqual(left, right);
      case EQUAL -> new Equality.Strict(left, right, true);
      case NOT_EQUAL -> new Equality.Strict(left, right, false);
      case LENIENT_EQUAL -> new Equality.Lenient(left, right, true);
      case LENIENT_NOT_EQUAL -> new Equality.Lenient(left, right, false);
      case CONTAINS -> contains(left, right);
      case PREFIX -> new Containment.StartsWith(left, right);
      case SUFFIX -> new Containment.EndsWith(left, right);
      case REGEX -> new Matches(left, right, patterns);
      case ADD -> new Arithmetic.Add(left, right);
      case SUB -> new Arithmetic.Subtract(left, right);
      case MUL -> new Arithmetic.Multiply(left, right);
      case DIV -> new Arithmetic.Divide(left, right);
      case AND -> new Logic.Eager(left, right, true);
      case OR -> new Logic.Eager(left, right, false);
      case INTERSECTION -> new CollectionOperation.Intersection(left, right);
      case UNION -> new CollectionOperation.Union(left, right);
      case BITWISE_AND -> new Arithmetic.BitAnd(left, right);
      case BITWISE_OR -> new Arithmetic.BitOr(left, right);
      case BITWISE_XOR -> new Arithmetic.BitXor(left, right);
      case GET -> new CollectionOperation.Get(left, right);
      case LAZY_AND, LAZY_OR, ALL, ANY, TRY_OR ->
          misplaced(op.text() + " needs a closure", left, right);
    };
  }

  private static Node contains(Node left, Node right) {
    return left instanceof Leaf.Constant c && c.value instanceof Term.Set set
        ? new Containment.ConstantSetContains(set, right)
        : new Containment.Contains(left, right);
  }

  /**
   * Compiles an operation whose right side is a closure. The left side is always evaluated first.
   */
  private Node closure(BinaryOp op, Node left, Expression.Closure closure, int height) {
    List<String> parameters = closure.parameters();
    boolean quantifier = op == BinaryOp.ALL || op == BinaryOp.ANY;
    boolean lazy = op == BinaryOp.LAZY_AND || op == BinaryOp.LAZY_OR;
    if (shadows(parameters)) {
      return shadowed(left);
    }
    if ((!quantifier && !lazy) || parameters.size() != (quantifier ? 1 : 0)) {
      return misplaced(op.text() + " takes no such closure", left);
    }
    int slot = scope.size();
    Node body = body(closure, height);
    if (quantifier) {
      return new Quantifier(left, body, slot, op == BinaryOp.ALL);
    }
    return op == BinaryOp.LAZY_AND ? new Logic.And(left, body) : new Logic.Or(left, body);
  }

  private Node tryOr(Expression.Binary binary, int height) {
    Node fallback = compile(binary.right(), height);
    if (!(binary.left() instanceof Expression.Closure closure)) {
      return misplaced("try_or needs a closure", compile(binary.left(), height), fallback);
    }
    if (shadows(closure.parameters())) {
      return shadowed(fallback);
    }
    if (!closure.parameters().isEmpty()) {
      return misplaced("try_or takes no such closure", fallback);
    }
    return new Quantifier.TryOr(body(closure, height), fallback);
  }

  private Node body(Expression.Closure closure, int height) {
    if (height == 0) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG,
          "an expression is higher than " + Expression.MAX_HEIGHT + " operations");
    }
    closure.parameters().forEach(scope::add);
    slots = Math.max(slots, scope.size());
    Node body = compile(closure.body(), height - 1);
    closure.parameters().forEach(parameter -> scope.removeLast());
    return body;
  }

  private boolean shadows(List<String> parameters) {
    for (String parameter : parameters) {
      if (scope.find(parameter) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static Node shadowed(Node operand) {
    return new Leaf.Misplaced(
        ErrorCode.SHADOWED_VARIABLE,
        "a closure's parameter has the name of a variable in scope",
        operand);
  }

  private static Node misplaced(String message, Node... operands) {
    return new Leaf.Misplaced(ErrorCode.INVALID_TYPE, message, operands);
  }
}
