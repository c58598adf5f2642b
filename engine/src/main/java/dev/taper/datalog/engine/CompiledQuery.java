package dev.taper.datalog.engine;

import dev.taper.datalog.Query;
import java.util.List;

/** The compiled body of a rule, check or policy. Immutable. */
final class CompiledQuery {
  final Query source;
  final Atom[] atoms;
  final Node[] expressions;

  /** Names of the variables by slot. */
  final List<String> variables;

  /** Slots that evaluation needs: of the variables, and of the parameters of closures. */
  final int slots;

  CompiledQuery(Query source, Atom[] atoms, Node[] expressions, List<String> variables, int slots) {
    this.source = source;
    this.atoms = atoms;
    this.expressions = expressions;
    this.variables = variables;
    this.slots = slots;
  }

  /** True if all expressions are true, in the order of writing, up to the first that is not. */
  boolean holds(Frame frame) {
    for (Node expression : expressions) {
      if (!expression.test(frame)) {
        return false;
      }
    }
    return true;
  }
}
