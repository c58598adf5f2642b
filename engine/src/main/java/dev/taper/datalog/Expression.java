package dev.taper.datalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression. Closures occur only where their operation takes one: right of {@link
 * BinaryOp#LAZY_AND}, {@link BinaryOp#LAZY_OR}, {@link BinaryOp#ALL} and {@link BinaryOp#ANY}, left
 * of {@link BinaryOp#TRY_OR}.
 */
public sealed interface Expression {
  /**
   * The greatest height of an expression that the parser, the wire decoder and the compiler take: a
   * value has height 1, any other node one more than its highest child. It keeps every recursion
   * over a tree shallow; the limit is Taper's own. {@link Term#MAX_DEPTH} bounds the terms inside.
   */
  int MAX_HEIGHT = 256;

  /**
   * A constant or a variable.
   *
   * @param term the term
   */
  record Value(Term term) implements Expression {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * An operation on one value.
   *
   * @param op the operation
   * @param operand its operand
   */
  record Unary(UnaryOp op, Expression operand) implements Expression {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * An operation on two values.
   *
   * @param op the operation
   * @param left its left operand
   * @param right its right operand
   */
  record Binary(BinaryOp op, Expression left, Expression right) implements Expression {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A call of a function that the host registered.
   *
   * @param name the function's name
   * @param receiver its first argument
   * @param argument its second argument, or null
   */
  record Extern(String name, Expression receiver, @Nullable Expression argument)
      implements Expression {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A piece of expression that is evaluated when and as often as its operation asks.
   *
   * @param parameters names without {@code $}; possibly none
   * @param body the expression
   */
  record Closure(List<String> parameters, Expression body) implements Expression {
    /** Copies the parameters. */
    public Closure {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }
}
