package dev.taper.datalog.engine;

import dev.taper.datalog.Query;

/** The compiled body of a rule, check or policy. Immutable. */
final class CompiledQuery {
  final Query source;
  final Atom[] atoms;
  final Node[] expressions;

  /**
   * The slots that evaluation needs: those of the variables, and those of the parameters of
   * closures.
   */
  final int slots;

  CompiledQuery(Query source, Atom[] atoms, Node[] expressions, int slots) {
    this.source = source;
    this.atoms = atoms;
    this.expressions = expressions;
    this.slots = slots;
  }

  /** Returns the most terms that a predicate has. */
  int width() {
    int width = 0;
    for (Atom atom : atoms) {
      width = Math.max(width, atom.slots.length);
    }
    return width;
  }

  /**
   * True if all expressions are true; evaluates in the order of writing, up to the first that is
   * not.
   */
  boolean holds(Frame frame) {
    for (Node expression : expressions) {
      if (!expression.test(frame)) {
        return false;
      }
    }
    return true;
  }
}
