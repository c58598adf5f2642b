package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;

/** Operations on two integers, all checked for overflow; addition also joins strings. */
abstract class Arithmetic extends Node {
  private final Node left;
  private final Node right;
  final String operation;

  Arithmetic(Node left, Node right, String operation) {
    this.left = left;
    this.right = right;
    this.operation = operation;
  }

  abstract long apply(long a, long b);

  @Override
  final Term eval(Frame frame) {
    Term l = left.eval(frame);
    Term r = right.eval(frame);
    frame.budget.charge(1);
    if (l instanceof Term.Int x && r instanceof Term.Int y) {
      return new Term.Int(apply(x.value(), y.value()));
    }
    return other(frame, l, r);
  }

  Term other(Frame frame, Term l, Term r) {
    throw invalidType(operation, l, r);
  }

  final TaperException overflow() {
    return new TaperException(
        ErrorCode.OVERFLOW, "the result of " + operation + " does not fit 64 bits");
  }

  static final class Add extends Arithmetic {
    Add(Node left, Node right) {
      super(left, right, "+");
    }

    @Override
    long apply(long a, long b) {
      long sum = a + b;
      if (((a ^ sum) & (b ^ sum)) < 0) {
        throw overflow();
      }
      return sum;
    }

    @Override
    Term other(Frame frame, Term l, Term r) {
      if (l instanceof Term.Str x && r instanceof Term.Str y) {
        // The steps are charged before joining, so that they bound the memory that strings can
        // take.
        frame.budget.charge(Values.steps(x) + (long) Values.steps(y));
        return new Term.Str(x.value() + y.value());
      }
      return super.other(frame, l, r);
    }
  }

  static final class Subtract extends Arithmetic {
    Subtract(Node left, Node right) {
      super(left, right, "-");
    }

    @Override
    long apply(long a, long b) {
      long difference = a - b;
      if (((a ^ b) & (a ^ difference)) < 0) {
        throw overflow();
      }
      return difference;
    }
  }

  static final class Multiply extends Arithmetic {
    Multiply(Node left, Node right) {
      super(left, right, "*");
    }

    @Override
    long apply(long a, long b) {
      long low = a * b;
      if (Math.multiplyHigh(a, b) != low >> 63) {
        throw overflow();
      }
      return low;
    }
  }

  /** Divides towards zero; the one quotient that overflows counts as a division error. */
  static final class Divide extends Arithmetic {
    Divide(Node left, Node right) {
      super(left, right, "/");
    }

    @Override
    long apply(long a, long b) {
      if (b == 0 || (a == Long.MIN_VALUE && b == -1)) {
        throw new TaperException(
            ErrorCode.DIVISION_BY_ZERO,
            b == 0 ? "an integer is divided by zero" : "the quotient does not fit 64 bits");
      }
      return a / b;
    }
  }

  static final class BitAnd extends Arithmetic {
    BitAnd(Node left, Node right) {
      super(left, right, "&");
    }

    @Override
    long apply(long a, long b) {
      return a & b;
    }
  }

  static final class BitOr extends Arithmetic {
    BitOr(Node left, Node right) {
      super(left, right, "|");
    }

    @Override
    long apply(long a, long b) {
      return a | b;
    }
  }

  static final class BitXor extends Arithmetic {
    BitXor(Node left, Node right) {
      super(left, right, "^");
    }

    @Override
    long apply(long a, long b) {
      return a ^ b;
    }
  }
}
