package dev.taper.datalog;

import java.util.List;

/**
 * A condition that must hold.
 *
 * @param kind how the queries decide
 * @param queries alternatives, in order of writing
 */
public record Check(Kind kind, List<Query> queries) {
  /** How the queries of a check decide. */
  public enum Kind {
    /** {@code check if}: holds if a query has a match. */
    IF("check if"),
    /** {@code check all}: holds if a query has matches and its expressions hold for all of them. */
    ALL("check all"),
    /** {@code reject if}: fails if any query has a match. */
    REJECT("reject if");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The keywords. */
    public String text() {
      return text;
    }
  }

  /** Copies the queries. */
  public Check {
    queries = List.copyOf(queries);
  }

  /** The check as Datalog text, without a semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }

  /**
   * The check as Datalog text, cut short with an ellipsis.
   *
   * @param most the most characters, at least 2
   */
  public String text(int most) {
    return Printer.print(this, most);
  }
}
