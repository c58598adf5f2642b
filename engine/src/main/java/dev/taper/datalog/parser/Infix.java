package dev.taper.datalog.parser;

import dev.taper.datalog.Expression.BinaryOp;
import org.jspecify.annotations.Nullable;

/** Recognises the operators between expressions; it always takes the longest that fits. */
final class Infix {
  private Infix() {}

  /** Returns the operator that stands here, or null, and stays here. */
  static @Nullable BinaryOp at(Cursor cursor) {
    return switch (cursor.peek()) {
      case '|' -> longest(cursor, BinaryOp.OR, BinaryOp.LAZY_OR, BinaryOp.BITWISE_OR);
      case '&' -> longest(cursor, BinaryOp.AND, BinaryOp.LAZY_AND, BinaryOp.BITWISE_AND);
      case '<' -> longest(cursor, BinaryOp.LESS_OR_EQUAL, BinaryOp.LESS_THAN);
      case '>' -> longest(cursor, BinaryOp.GREATER_OR_EQUAL, BinaryOp.GREATER_THAN);
      case '=' -> longest(cursor, BinaryOp.EQUAL, BinaryOp.LENIENT_EQUAL);
      case '!' -> longest(cursor, BinaryOp.NOT_EQUAL, BinaryOp.LENIENT_NOT_EQUAL);
      case '^' -> BinaryOp.BITWISE_XOR;
      case '+' -> BinaryOp.ADD;
      case '-' -> BinaryOp.SUB;
      case '*' -> BinaryOp.MUL;
      case '/' -> BinaryOp.DIV;
      default -> null;
    };
  }

  private static @Nullable BinaryOp longest(Cursor cursor, BinaryOp... longestFirst) {
    for (BinaryOp op : longestFirst) {
      if (cursor.at(op.text())) {
        return op;
      }
    }
    return null;
  }
}
