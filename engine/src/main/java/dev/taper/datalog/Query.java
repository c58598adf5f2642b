package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.datalog.Origin.OriginFact;
import java.util.List;
import java.util.Map;

/**
 * The body of a rule, check or policy. It matches where all predicates match facts and all
 * expressions, in the order of writing, are true.
 *
 * @param predicates what must match
 * @param expressions what must be true
 * @param scopes the scopes that say whose facts are trusted; empty for the block's default
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

  /**
   * The result of one query of a check, explained. Immutable. Explaining has a bounded budget of
   * its own. If it runs out, {@link #truncated} is true, and the answer is the best that was found
   * until then.
   */
  public sealed interface QueryExplanation {
    /** The query. */
    Query query();

    /** The values of variables, by name without {@code $}, in the order of appearance. */
    Map<String, Term> bindings();

    /** True if the budget ran out. */
    boolean truncated();

    /**
     * The query has no match: the predicates before one of them match together, but not with that
     * one.
     *
     * @param query the query
     * @param index the index of the first predicate that nothing matches, in the try that came
     *     furthest
     * @param bindings what the predicates before it were matched with
     * @param nearest up to three visible facts of its name, those with the most equal terms first
     * @param untrusted up to three such facts that are not visible from the check's block; a fact
     *     among them may well match
     * @param truncated true if the budget ran out
     */
    record NoFact(
        Query query,
        int index,
        Map<String, Term> bindings,
        List<OriginFact> nearest,
        List<OriginFact> untrusted,
        boolean truncated)
        implements QueryExplanation {
      /** The predicate that nothing matches. */
      public Predicate predicate() {
        return query.predicates().get(index);
      }
    }

    /**
     * All predicates match, but an expression is false. For {@code check all} it is the first such
     * match; otherwise the match in which the most expressions before it are true.
     *
     * @param query the query
     * @param index the index of the expression
     * @param bindings the values it was evaluated with
     * @param truncated true if the budget ran out
     */
    record FalseExpression(Query query, int index, Map<String, Term> bindings, boolean truncated)
        implements QueryExplanation {
      /** The expression that is false. */
      public Expression expression() {
        return query.expressions().get(index);
      }
    }

    /**
     * The query holds; for {@code reject if}, this is why the check fails.
     *
     * @param query the query
     * @param bindings the values of the first match
     * @param truncated true if the budget ran out, which for {@code check all} means that not all
     *     matches were seen
     */
    record Match(Query query, Map<String, Term> bindings, boolean truncated)
        implements QueryExplanation {}

    /**
     * An expression cannot be evaluated.
     *
     * @param query the query
     * @param index the index of the expression
     * @param code the error
     * @param bindings the values it was evaluated with
     */
    record Failed(Query query, int index, ErrorCode code, Map<String, Term> bindings)
        implements QueryExplanation {
      /** The expression that failed. */
      public Expression expression() {
        return query.expressions().get(index);
      }

      @Override
      public boolean truncated() {
        return false;
      }
    }
  }
}
