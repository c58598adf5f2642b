package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * A fact: a predicate without variables.
 *
 * @param predicate the predicate, without variables
 */
public record Fact(Predicate predicate) {
  /**
   * Checks the predicate.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if it holds a variable
   */
  public Fact {
    if (!predicate.isGround()) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG, "a fact cannot hold a variable: " + predicate);
    }
  }

  /**
   * A fact of the given name and terms.
   *
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if a term is a variable
   */
  public static Fact of(String name, Term... terms) {
    return new Fact(Predicate.of(name, terms));
  }

  /** The fact as Datalog text, without a semicolon. */
  @Override
  public String toString() {
    return Printer.print(predicate);
  }

  /**
   * The fact as Datalog text, cut short with an ellipsis.
   *
   * @param most the most characters, at least 2
   */
  public String text(int most) {
    return Printer.print(predicate, most);
  }
}
