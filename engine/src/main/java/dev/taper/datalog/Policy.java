package dev.taper.datalog;

import java.util.List;

/**
 * A policy of an authorizer: the first one with a match decides.
 *
 * @param kind what a match means
 * @param queries alternatives, in order of writing
 */
public record Policy(Kind kind, List<Query> queries) {
  /** The meaning of a match. */
  public enum Kind {
    /** {@code allow if}. */
    ALLOW("allow if"),
    /** {@code deny if}. */
    DENY("deny if");

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
  public Policy {
    queries = List.copyOf(queries);
  }

  /** The policy as Datalog text, without a semicolon. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
