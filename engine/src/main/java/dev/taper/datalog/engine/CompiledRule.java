package dev.taper.datalog.engine;

import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/** A compiled rule. Immutable. */
final class CompiledRule {
  final Rule source;
  final CompiledQuery body;

  /** The constant in each column of the head, or null for a variable. */
  private final @Nullable Term[] constants;

  private final int[] slots;

  CompiledRule(Rule source, CompiledQuery body, @Nullable Term[] constants, int[] slots) {
    this.source = source;
    this.body = body;
    this.constants = constants;
    this.slots = slots;
  }

  int arity() {
    return slots.length;
  }

  /** Writes the head under the present bindings. */
  void head(Frame frame, Term[] row) {
    for (int c = 0; c < slots.length; c++) {
      Term constant = constants[c];
      row[c] = constant != null ? constant : frame.slots[slots[c]];
    }
  }
}
