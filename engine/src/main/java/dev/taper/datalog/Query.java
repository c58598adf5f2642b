package dev.taper.datalog;

import java.util.List;

/**
 * The body of a rule, check or policy: it matches where all predicates match facts and all
 * expressions, in the order of writing, are true.
 *
 * @param predicates what must match
 * @param expressions what must be true
 * @param scopes whose facts are trusted; empty for the block's default
 */
public record Query(List<Predicate> predicates, List<Expression> expressions, List<Scope> scopes) {
  /** Copies the lists. */
  public Query {
    predicates = List.copyOf(predicates);
    expressions = List.copyOf(expressions);
    scopes = List.copyOf(scopes);
  }

  /** The body as Datalog text. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
