package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions. On the wire they are operations in postfix order. Here they become a tree at
 * once, so that errors that would fail on an evaluator's stack fail while decoding: a missing
 * operand, a value left over, a closure where none belongs.
 */
final class ExpressionReader {
  private final ProtoReader in;
  private final TermReader terms;
  private final Features features;
  private final Stack outermost = new Stack();

  ExpressionReader(ProtoReader in, TermReader terms, Features features) {
    this.in = in;
    this.terms = terms;
    this.features = features;
  }

  /** Reads the expression that the current message is. */
  Expression expression() {
    Stack stack = outermost;
    stack.clear();
    while (in.next()) {
      if (in.field() != 1) {
        throw in.unknownField();
      }
      op(stack, 0);
    }
    return stack.result();
  }

  private void op(Stack stack, int closures) {
    in.enter("ops", stack.read++);
    int seen = 0;
    while (in.next()) {
      int field = in.field();
      if (field > 4) {
        throw in.unknownField();
      }
      seen = in.only(seen);
      switch (field) {
        case 1 -> {
          in.enter("value");
          stack.push(new Expression.Value(terms.term(true)), 1);
          in.leave();
        }
        case 2 -> unary(stack);
        case 3 -> binary(stack);
        default -> closure(stack, closures + 1);
      }
    }
    in.requireOne(seen);
    in.leave();
  }

  private void unary(Stack stack) {
    in.enter("unary");
    Kind kind = kind(Operators.UNARY_EXTERN, Operators.UNARY_EXTERN);
    if (kind.extern() != null) {
      features.require(in, 6, "an external function");
      stack.extern(kind.extern(), false);
    } else {
      UnaryOp op = Operators.unary(kind.number());
      features.require(in, Operators.since(op), "type()");
      stack.unary(op);
    }
    in.leave();
  }

  private void binary(Stack stack) {
    in.enter("binary");
    Kind kind = kind(Operators.MAX_BINARY, Operators.BINARY_EXTERN);
    if (kind.extern() != null) {
      features.require(in, 6, "an external function");
      stack.extern(kind.extern(), true);
    } else {
      BinaryOp op = Operators.binary(kind.number());
      features.require(in, Operators.since(op), op.text());
      stack.binary(op);
    }
    in.leave();
  }

  /** Reads an operation's number, and the function's name if it is a call. */
  private Kind kind(int max, int externNumber) {
    int seen = 0;
    int number = 0;
    String extern = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          number = in.enumeration(max);
        }
        case 2 -> {
          seen = in.once(seen);
          extern = terms.symbol(in.uint64());
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 1, "kind");
    if ((number == externNumber) != (extern != null)) {
      throw in.fail(
          extern == null ? "a call without a function's name" : "a function's name without a call");
    }
    return new Kind(number, extern);
  }

  private void closure(Stack outer, int closures) {
    if (closures >= Expression.MAX_HEIGHT) {
      throw tooHigh();
    }
    features.require(in, 6, "a closure");
    in.enter("closure");
    List<String> parameters = new ArrayList<>(1);
    Stack stack = new Stack();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> parameters.add(terms.symbol(in.uint32()));
        case 2 -> op(stack, closures);
        default -> throw in.unknownField();
      }
    }
    Expression body = stack.result();
    outer.push(new Expression.Closure(parameters, body), stack.heights[0] + 1);
    in.leave();
  }

  private TaperException tooHigh() {
    return in.fail(
        ErrorCode.DECODE_LIMIT,
        "an expression is higher than " + Expression.MAX_HEIGHT + " levels");
  }

  /**
   * The kind of an operation.
   *
   * @param number its number on the wire
   * @param extern the function's name, or null if it is not a call
   */
  private record Kind(int number, @Nullable String extern) {}

  /** The trees read so far, each with its height. */
  private final class Stack {
    private Expression[] trees = new Expression[4];
    private int[] heights = new int[4];
    private int size;
    private int read;

    void clear() {
      size = 0;
      read = 0;
    }

    void push(Expression tree, int height) {
      if (height > Expression.MAX_HEIGHT) {
        throw tooHigh();
      }
      if (size == trees.length) {
        trees = Arrays.copyOf(trees, size * 2);
        heights = Arrays.copyOf(heights, size * 2);
      }
      trees[size] = tree;
      heights[size] = height;
      size++;
    }

    void unary(UnaryOp op) {
      need(1);
      Expression operand = operand(size - 1, -1);
      size--;
      push(new Expression.Unary(op, operand), heights[size] + 1);
    }

    void binary(BinaryOp op) {
      need(2);
      Expression left = operand(size - 2, Operators.closureLeft(op));
      Expression right = operand(size - 1, Operators.closureRight(op));
      push(new Expression.Binary(op, left, right), drop(2) + 1);
    }

    void extern(String name, boolean withArgument) {
      need(withArgument ? 2 : 1);
      Expression argument = withArgument ? operand(size - 1, -1) : null;
      Expression receiver = operand(withArgument ? size - 2 : size - 1, -1);
      push(new Expression.Extern(name, receiver, argument), drop(withArgument ? 2 : 1) + 1);
    }

    Expression result() {
      if (size != 1) {
        throw in.fail(
            size == 0 ? "an empty expression" : "an expression that leaves " + size + " values");
      }
      return operand(0, -1);
    }

    private int drop(int count) {
      int height = 0;
      for (int i = 0; i < count; i++) {
        height = Math.max(height, heights[--size]);
      }
      return height;
    }

    private void need(int count) {
      if (size < count) {
        throw in.fail("an operation without its operand");
      }
    }

    /**
     * Returns the tree at a place, which must be a closure with this number of parameters; for -1,
     * not a closure.
     */
    private Expression operand(int index, int parameters) {
      Expression tree = trees[index];
      int found = tree instanceof Expression.Closure c ? c.parameters().size() : -1;
      if (found != parameters) {
        throw in.fail(
            parameters < 0
                ? "a closure where a value is needed"
                : "not a closure of " + parameters + " parameters");
      }
      return tree;
    }
  }
}
