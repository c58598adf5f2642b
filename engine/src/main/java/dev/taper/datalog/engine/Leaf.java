package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;

/** Expressions without operations. */
final class Leaf {
  private Leaf() {}

  static final class Constant extends Node {
    final Term value;

    Constant(Term value) {
      this.value = value;
    }

    @Override
    Term eval(Frame frame) {
      return value;
    }
  }

  static final class Variable extends Node {
    private final int slot;

    Variable(int slot) {
      this.slot = slot;
    }

    @Override
    Term eval(Frame frame) {
      return frame.slots[slot];
    }
  }

  /** A variable that nothing binds: an error, but only if it is evaluated. */
  static final class Unbound extends Node {
    private final String name;

    Unbound(String name) {
      this.name = name;
    }

    @Override
    Term eval(Frame frame) {
      throw new TaperException(ErrorCode.UNKNOWN_VARIABLE, "variable $" + name + " has no value");
    }
  }

  /**
   * A closure where the operation takes none, or one of the wrong shape; operands are evaluated
   * first.
   */
  static final class Misplaced extends Node {
    private final Node[] operands;
    private final ErrorCode code;
    private final String message;

    Misplaced(ErrorCode code, String message, Node... operands) {
      this.operands = operands;
      this.code = code;
      this.message = message;
    }

    @Override
    Term eval(Frame frame) {
      for (Node operand : operands) {
        operand.eval(frame);
      }
      throw new TaperException(code, message);
    }
  }
}
