package dev.taper.datalog.engine;

import dev.taper.datalog.Term;

/** Equality of two values. */
final class Equality {
  private Equality() {}

  /** Evaluates {@code ===} and {@code !==}, which take only two values of one type. */
  static final class Strict extends Node.Condition {
    private final Node left;
    private final Node right;
    private final boolean equal;

    Strict(Node left, Node right, boolean equal) {
      this.left = left;
      this.right = right;
      this.equal = equal;
    }

    @Override
    boolean test(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1);
      if (l.getClass() != r.getClass()) {
        throw invalidType(equal ? "===" : "!==", l, r);
      }
      return Values.same(l, r, frame.budget) == equal;
    }
  }

  /** Evaluates {@code ==} and {@code !=}, for which values of different types are unequal. */
  static final class Lenient extends Node.Condition {
    private final Node left;
    private final Node right;
    private final boolean equal;

    Lenient(Node left, Node right, boolean equal) {
      this.left = left;
      this.right = right;
      this.equal = equal;
    }

    @Override
    boolean test(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1);
      return Values.same(l, r, frame.budget) == equal;
    }
  }
}
