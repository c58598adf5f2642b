package dev.taper.datalog;

/**
 * How tightly operations bind; a higher number binds tighter. Comparisons do not associate, all
 * other infix operations do to the left. Follows the specification, section Grammar.
 */
public final class Precedence {
  /** What binds loosest: {@code ||}. */
  public static final int LOWEST = 1;

  /** Comparisons, which do not associate. */
  public static final int COMPARISON = 3;

  /** {@code +} and {@code -}; a negation {@code !} takes in all that binds at least so tightly. */
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

  /** How tightly an operation binds. */
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
