package dev.taper.datalog;

import java.util.List;

/**
 * A name applied to terms.
 *
 * @param name the predicate's name
 * @param terms its terms, possibly none
 */
public record Predicate(String name, List<Term> terms) {
  /** Copies the terms. */
  public Predicate {
    terms = List.copyOf(terms);
  }

  /** A predicate of the given terms. */
  public static Predicate of(String name, Term... terms) {
    return new Predicate(name, List.of(terms));
  }

  /** True if no term is a variable; none can hold one. */
  public boolean isGround() {
    // Every fact of every request comes by here: no iterator, no interface call.
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i) instanceof Term.Variable) {
        return false;
      }
    }
    return true;
  }

  /** The predicate as Datalog text. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
