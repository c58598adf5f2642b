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

  /** True if no term is or holds a variable. */
  public boolean isGround() {
    for (Term term : terms) {
      if (!term.isGround()) {
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
