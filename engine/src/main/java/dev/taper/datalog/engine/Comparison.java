package dev.taper.datalog.engine;

import dev.taper.datalog.Term;

/** Compares two integers, or two dates, which are unsigned. */
abstract class Comparison extends Node.Condition {
  private final Node left;
  private final Node right;

  Comparison(Node left, Node right) {
    this.left = left;
    this.right = right;
  }

  abstract String operation();

  final int compare(Frame frame) {
    Term l = left.eval(frame);
    Term r = right.eval(frame);
    frame.budget.charge(1);
    if (l instanceof Term.Int x && r instanceof Term.Int y) {
      return Long.compare(x.value(), y.value());
    }
    if (l instanceof Term.Date x && r instanceof Term.Date y) {
      return Long.compareUnsigned(x.seconds(), y.seconds());
    }
    throw invalidType(operation(), l, r);
  }

  static final class Less extends Comparison {
    Less(Node left, Node right) {
      super(left, right);
    }

    @Override
    String operation() {
      return "<";
    }

    @Override
    boolean test(Frame frame) {
      return compare(frame) < 0;
    }
  }

  static final class Greater extends Comparison {
    Greater(Node left, Node right) {
      super(left, right);
    }

    @Override
    String operation() {
      return ">";
    }

    @Override
    boolean test(Frame frame) {
      return compare(frame) > 0;
    }
  }

  static final class LessOrEqual extends Comparison {
    LessOrEqual(Node left, Node right) {
      super(left, right);
    }

    @Override
    String operation() {
      return "<=";
    }

    @Override
    boolean test(Frame frame) {
      return compare(frame) <= 0;
    }
  }

  static final class GreaterOrEqual extends Comparison {
    GreaterOrEqual(Node left, Node right) {
      super(left, right);
    }

    @Override
    String operation() {
      return ">=";
    }

    @Override
    boolean test(Frame frame) {
      return compare(frame) >= 0;
    }
  }
}
