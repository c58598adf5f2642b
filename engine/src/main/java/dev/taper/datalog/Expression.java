package dev.taper.datalog;

import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression. Closures occur only where their operation takes one: right of {@link
 * BinaryOp#LAZY_AND}, {@link BinaryOp#LAZY_OR}, {@link BinaryOp#ALL} and {@link BinaryOp#ANY}, left
 * of {@link BinaryOp#TRY_OR}.
 */
public sealed interface Expression {
  /**
   * The greatest height of an expression that the parser, the wire decoder and the compiler take. A
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
    public boolean equals(@Nullable Object o) {
      return o instanceof Value other && term.equals(other.term);
    }

    @Override
    public int hashCode() {
      return term.hashCode();
    }

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
   * A part of an expression that is evaluated when, and as often as, its operation asks.
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

  /** An operation on two values; the text is the operator, or the method's name. */
  enum BinaryOp {
    /** {@code <}. */
    LESS_THAN("<", true),
    /** {@code >}. */
    GREATER_THAN(">", true),
    /** {@code <=}. */
    LESS_OR_EQUAL("<=", true),
    /** {@code >=}. */
    GREATER_OR_EQUAL(">=", true),
    /** Strict equality: different types are an error. */
    EQUAL("===", true),
    /** {@code a.contains(b)}. */
    CONTAINS("contains", false),
    /** {@code a.starts_with(b)}. */
    PREFIX("starts_with", false),
    /** {@code a.ends_with(b)}. */
    SUFFIX("ends_with", false),
    /** {@code a.matches(regex)}. */
    REGEX("matches", false),
    /** Addition of integers, concatenation of strings. */
    ADD("+", true),
    /** {@code -}. */
    SUB("-", true),
    /** {@code *}. */
    MUL("*", true),
    /** {@code /}. */
    DIV("/", true),
    /**
     * Eager conjunction, as older blocks have it. The reference implementation prints {@code &&!},
     * but reads that as {@code &&} before a negation; it does not read this spelling at all.
     */
    AND("&&&", true),
    /** Eager disjunction, as older blocks have it; spelled like {@link #AND}. */
    OR("|||", true),
    /** {@code a.intersection(b)}. */
    INTERSECTION("intersection", false),
    /** {@code a.union(b)}. */
    UNION("union", false),
    /** {@code &}. */
    BITWISE_AND("&", true),
    /** {@code |}. */
    BITWISE_OR("|", true),
    /** {@code ^}. */
    BITWISE_XOR("^", true),
    /** Strict inequality: different types are an error. */
    NOT_EQUAL("!==", true),
    /** Lenient equality: different types are unequal. */
    LENIENT_EQUAL("==", true),
    /** Lenient inequality: different types are unequal. */
    LENIENT_NOT_EQUAL("!=", true),
    /** Conjunction whose right side, a closure without parameters, is evaluated only if needed. */
    LAZY_AND("&&", true),
    /** Disjunction whose right side, a closure without parameters, is evaluated only if needed. */
    LAZY_OR("||", true),
    /** {@code a.all($x -> ...)}. */
    ALL("all", false),
    /** {@code a.any($x -> ...)}. */
    ANY("any", false),
    /** {@code a.get(key)}. */
    GET("get", false),
    /** {@code (...).try_or(fallback)}; the left side is a closure without parameters. */
    TRY_OR("try_or", false);

    private final String text;
    private final boolean infix;

    BinaryOp(String text, boolean infix) {
      this.text = text;
      this.infix = infix;
    }

    /** The operator's symbol, or the method's name. */
    public String text() {
      return text;
    }

    /** True for {@code a op b}, false for {@code a.op(b)}. */
    public boolean infix() {
      return infix;
    }
  }

  /** An operation on one value. */
  enum UnaryOp {
    /** Boolean negation, {@code !x}. */
    NEGATE,
    /** The value itself; keeps the parentheses that were written. */
    PARENS,
    /** {@code x.length()}. */
    LENGTH,
    /** {@code x.type()}. */
    TYPE
  }

  /**
   * How tightly operations bind; a higher number binds tighter. Comparisons do not associate; all
   * other infix operations associate to the left. This follows the specification, section Grammar.
   */
  final class Precedence {
    /** The loosest operation: {@code ||}. */
    public static final int LOWEST = 1;

    /** Comparisons, which do not associate. */
    public static final int COMPARISON = 3;

    /**
     * {@code +} and {@code -}; a negation {@code !} takes in all that binds at least this tightly.
     */
    public static final int SUM = 7;

    static final int NEGATE = 9;
    static final int METHOD = 10;

    private Precedence() {}

    static int of(Expression e) {
      if (e instanceof Expression.Binary b) {
        return of(b.op());
      }
      if (e instanceof Expression.Unary u && u.op() == UnaryOp.NEGATE) {
        return NEGATE;
      }
      return e instanceof Expression.Closure ? 0 : METHOD;
    }

    /** Returns how tightly an operation binds. */
    public static int of(BinaryOp op) {
      return switch (op) {
        case LAZY_OR, OR -> LOWEST;
        case LAZY_AND, AND -> 2;
        case LESS_THAN,
            GREATER_THAN,
            LESS_OR_EQUAL,
            GREATER_OR_EQUAL,
            EQUAL,
            NOT_EQUAL,
            LENIENT_EQUAL,
            LENIENT_NOT_EQUAL ->
            COMPARISON;
        case BITWISE_XOR -> 4;
        case BITWISE_OR -> 5;
        case BITWISE_AND -> 6;
        case ADD, SUB -> SUM;
        case MUL, DIV -> 8;
        default -> METHOD;
      };
    }
  }
}
