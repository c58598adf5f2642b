package dev.taper.wire;

import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.Collection;

/**
 * Finds which Datalog version a block needs; blocks are written with the lowest, for old readers.
 */
public final class BlockVersions {
  /** The Datalog version that a third-party block has at least, v3.2. */
  public static final int THIRD_PARTY = 5;

  /** The newest Datalog version, v3.3. */
  public static final int NEWEST = 6;

  /** The oldest Datalog version, v3.0. */
  public static final int OLDEST = 3;

  private static final int SCOPES = 4;

  private BlockVersions() {}

  /**
   * Returns the lowest version that has everything the block uses: 3 (v3.0), 4 for scopes, {@code
   * check all}, bitwise operations and {@code !==}, 6 for everything newer. Version 5 only adds
   * third-party blocks.
   */
  public static int lowest(Block block) {
    int version = block.scopes().isEmpty() ? OLDEST : SCOPES;
    for (Fact fact : block.facts()) {
      version = Math.max(version, of(fact.predicate()));
    }
    for (Rule rule : block.rules()) {
      version = Math.max(version, Math.max(of(rule.head()), of(rule.body())));
    }
    for (Check check : block.checks()) {
      version =
          Math.max(
              version,
              switch (check.kind()) {
                case IF -> OLDEST;
                case ALL -> SCOPES;
                case REJECT -> NEWEST;
              });
      for (Query query : check.queries()) {
        version = Math.max(version, of(query));
      }
    }
    return version;
  }

  private static int of(Query query) {
    int version = query.scopes().isEmpty() ? OLDEST : SCOPES;
    for (Predicate predicate : query.predicates()) {
      version = Math.max(version, of(predicate));
    }
    for (Expression expression : query.expressions()) {
      version = Math.max(version, of(expression, 1));
    }
    return version;
  }

  private static int of(Predicate predicate) {
    return highest(predicate.terms());
  }

  private static int highest(Collection<Term> terms) {
    int version = OLDEST;
    for (Term term : terms) {
      version = Math.max(version, of(term));
    }
    return version;
  }

  private static int of(Term term) {
    if (term instanceof Term.Null || term instanceof Term.Array || term instanceof Term.Map) {
      return NEWEST;
    }
    return term instanceof Term.Set set ? highest(set.elements()) : OLDEST;
  }

  private static int of(Expression expression, int height) {
    DatalogWriter.requireHeight(height);
    if (expression instanceof Expression.Value v) {
      return of(v.term());
    } else if (expression instanceof Expression.Unary u) {
      return Math.max(Operators.since(u.op()), of(u.operand(), height + 1));
    } else if (expression instanceof Expression.Binary b) {
      int operands = Math.max(of(b.left(), height + 1), of(b.right(), height + 1));
      return Math.max(Operators.written(b.op()), operands);
    }
    return NEWEST; // closures and external functions
  }
}
