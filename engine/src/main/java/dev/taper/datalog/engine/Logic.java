package dev.taper.datalog.engine;

import dev.taper.datalog.Term;

/** Operations on booleans. */
final class Logic {
  private Logic() {}

  static final class Not extends Node.Condition {
    private final Node operand;

    Not(Node operand) {
      this.operand = operand;
    }

    @Override
    boolean test(Frame frame) {
      Term value = operand.eval(frame);
      frame.budget.charge(1);
      if (value instanceof Term.Bool bool) {
        return !bool.value();
      }
      throw invalidType("!", value);
    }
  }

  /** Evaluates {@code &&&} and {@code |||}; both sides are always evaluated. */
  static final class Eager extends Node.Condition {
    private final Node left;
    private final Node right;
    private final boolean and;

    Eager(Node left, Node right, boolean and) {
      this.left = left;
      this.right = right;
      this.and = and;
    }

    @Override
    boolean test(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1);
      if (l instanceof Term.Bool x && r instanceof Term.Bool y) {
        return and ? x.value() && y.value() : x.value() || y.value();
      }
      throw invalidType(and ? "&&&" : "|||", l, r);
    }
  }

  /**
   * Evaluates {@code &&}: if the left side is true, the right side is the result and may be of any
   * type.
   */
  static final class And extends Node {
    private final Node left;
    private final Node right;

    And(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    Term eval(Frame frame) {
      frame.budget.charge(1);
      return left.test(frame) ? right.eval(frame) : Values.FALSE;
    }

    @Override
    boolean test(Frame frame) {
      frame.budget.charge(1);
      return left.test(frame) && right.test(frame);
    }
  }

  /**
   * Evaluates {@code ||}: if the left side is false, the right side is the result and may be of any
   * type.
   */
  static final class Or extends Node {
    private final Node left;
    private final Node right;

    Or(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    Term eval(Frame frame) {
      frame.budget.charge(1);
      return left.test(frame) ? Values.TRUE : right.eval(frame);
    }

    @Override
    boolean test(Frame frame) {
      frame.budget.charge(1);
      return left.test(frame) || right.test(frame);
    }
  }
}
