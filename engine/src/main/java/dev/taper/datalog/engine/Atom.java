package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * A predicate of a query's body, compiled for matching after the predicates before it. So it is
 * known for every column whether its variable is already bound.
 */
final class Atom {
  /** The constant that each column asks for, or null for a variable. */
  final @Nullable Term[] constants;

  /**
   * The slot to bind for each column with a variable, or the complement of the slot to compare
   * with.
   */
  final int[] slots;

  /** The columns whose value is known before this atom is tried, in ascending order. */
  final int[] key;

  Atom(@Nullable Term[] constants, int[] slots, int[] key) {
    this.constants = constants;
    this.slots = slots;
    this.key = key;
  }

  /** Compares a row with this atom, and binds the atom's variables. */
  boolean matches(Frame frame, Relation relation, int row) {
    Term[] values = frame.slots;
    Term[] page = relation.page(row);
    int base = relation.at(row);
    for (int c = 0; c < slots.length; c++) {
      Term value = page[base + c];
      Term constant = constants[c];
      int slot = slots[c];
      if (constant != null) {
        if (!Values.same(constant, value, frame.budget)) {
          return false;
        }
      } else if (slot >= 0) {
        values[slot] = value;
      } else if (!Values.same(values[~slot], value, frame.budget)) {
        return false;
      }
    }
    return true;
  }
}
