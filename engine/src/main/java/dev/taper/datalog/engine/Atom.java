package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * A predicate of a query's body, compiled for matching after the predicates before it: whether a
 * variable is bound already is known then for every column.
 */
final class Atom {
  /** The predicate's number in its program's own table. */
  final int predicate;

  /** By column: the constant that is asked for, or null for a variable. */
  final @Nullable Term[] constants;

  /** By column, if a variable: the slot to bind, or the complement of the slot to compare with. */
  final int[] slots;

  /** The columns whose value is known before this atom is tried, in ascending order. */
  final int[] key;

  Atom(int predicate, @Nullable Term[] constants, int[] slots, int[] key) {
    this.predicate = predicate;
    this.constants = constants;
    this.slots = slots;
    this.key = key;
  }
}
