package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;

/**
 * A compiled expression: an immutable tree, shared between threads, that evaluates by calling its
 * children. Conditions have a path of their own, so that comparing allocates nothing. The compiler
 * bounds the height, and so the recursion.
 */
abstract class Node {
  abstract Term eval(Frame frame);

  /** Evaluates to a condition. */
  boolean test(Frame frame) {
    if (eval(frame) instanceof Term.Bool bool) {
      return bool.value();
    }
    throw new TaperException(ErrorCode.INVALID_TYPE, "a condition must be a boolean");
  }

  /** A node whose value is always a boolean. */
  abstract static class Condition extends Node {
    @Override
    abstract boolean test(Frame frame);

    @Override
    final Term eval(Frame frame) {
      return Values.of(test(frame));
    }
  }

  static TaperException invalidType(String operation, Term operand) {
    return new TaperException(
        ErrorCode.INVALID_TYPE, operation + " is not defined for " + Values.typeName(operand));
  }

  static TaperException invalidType(String operation, Term left, Term right) {
    return new TaperException(
        ErrorCode.INVALID_TYPE,
        operation
            + " is not defined for "
            + Values.typeName(left)
            + " and "
            + Values.typeName(right));
  }
}
