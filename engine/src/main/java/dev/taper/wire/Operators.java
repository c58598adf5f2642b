package dev.taper.wire;

import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;

/** Knows the numbers of operations on the wire, and the Datalog version that brought them. */
final class Operators {
  /** The number of a call of an external function among the unary operations. */
  static final int UNARY_EXTERN = 4;

  /** The number of a call of an external function among the binary operations. */
  static final int BINARY_EXTERN = 28;

  /** The greatest number of a binary operation. */
  static final int MAX_BINARY = 29;

  private static final UnaryOp[] UNARY = {
    UnaryOp.NEGATE, UnaryOp.PARENS, UnaryOp.LENGTH, UnaryOp.TYPE
  };

  private static final BinaryOp[] BINARY = {
    BinaryOp.LESS_THAN,
    BinaryOp.GREATER_THAN,
    BinaryOp.LESS_OR_EQUAL,
    BinaryOp.GREATER_OR_EQUAL,
    BinaryOp.EQUAL,
    BinaryOp.CONTAINS,
    BinaryOp.PREFIX,
    BinaryOp.SUFFIX,
    BinaryOp.REGEX,
    BinaryOp.ADD,
    BinaryOp.SUB,
    BinaryOp.MUL,
    BinaryOp.DIV,
    BinaryOp.AND,
    BinaryOp.OR,
    BinaryOp.INTERSECTION,
    BinaryOp.UNION,
    BinaryOp.BITWISE_AND,
    BinaryOp.BITWISE_OR,
    BinaryOp.BITWISE_XOR,
    BinaryOp.NOT_EQUAL,
    BinaryOp.LENIENT_EQUAL,
    BinaryOp.LENIENT_NOT_EQUAL,
    BinaryOp.LAZY_AND,
    BinaryOp.LAZY_OR,
    BinaryOp.ALL,
    BinaryOp.ANY,
    BinaryOp.GET,
  };

  private Operators() {}

  /** Returns the operation of a number below {@link #UNARY_EXTERN}. */
  static UnaryOp unary(int number) {
    return UNARY[number];
  }

  /** Returns the operation of a number that is not {@link #BINARY_EXTERN}. */
  static BinaryOp binary(int number) {
    return number == MAX_BINARY ? BinaryOp.TRY_OR : BINARY[number];
  }

  static int number(UnaryOp op) {
    return switch (op) {
      case NEGATE -> 0;
      case PARENS -> 1;
      case LENGTH -> 2;
      case TYPE -> 3;
    };
  }

  static int number(BinaryOp op) {
    for (int i = 0; i < BINARY.length; i++) {
      if (BINARY[i] == op) {
        return i;
      }
    }
    return MAX_BINARY;
  }

  static int since(UnaryOp op) {
    return op == UnaryOp.TYPE ? 6 : 3;
  }

  /**
   * Returns the version that brought an operation. {@code get} counts as old here: blocks of older
   * versions with arrays and maps exist, and are read.
   */
  static int since(BinaryOp op) {
    return switch (op) {
      case BITWISE_AND, BITWISE_OR, BITWISE_XOR, NOT_EQUAL -> 4;
      case LENIENT_EQUAL, LENIENT_NOT_EQUAL, LAZY_AND, LAZY_OR, ALL, ANY, TRY_OR -> 6;
      default -> 3;
    };
  }

  /** Returns the version that a block is written with for an operation. */
  static int written(BinaryOp op) {
    return op == BinaryOp.GET ? BlockVersions.NEWEST : since(op);
  }

  /**
   * Returns how many parameters the closure right of an operation has; -1 if it takes no closure.
   */
  static int closureRight(BinaryOp op) {
    return switch (op) {
      case LAZY_AND, LAZY_OR -> 0;
      case ALL, ANY -> 1;
      default -> -1;
    };
  }

  /**
   * Returns how many parameters the closure left of an operation has; -1 if it takes no closure.
   */
  static int closureLeft(BinaryOp op) {
    return op == BinaryOp.TRY_OR ? 0 : -1;
  }
}
