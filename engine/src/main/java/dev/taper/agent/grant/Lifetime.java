package dev.taper.agent.grant;

import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Dates;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads when a token ends, from every check that bounds the time, however it is spelled: {@code
 * $time < DATE}, {@code $time <= DATE}, the operands the other way round, beside other conditions
 * or in alternatives.
 */
public final class Lifetime {
  private Lifetime() {}

  /**
   * The first instant at which a chain is no longer good, as far as its checks say so.
   *
   * @param blocks the blocks of a token, the authority block first
   * @return a whole second up to {@link Dates#LAST}; null if no check bounds the time by then, or a
   *     block makes {@code time} facts of its own
   */
  public static @Nullable Instant end(List<Block> blocks) {
    Instant earliest = null;
    for (Block block : blocks) {
      if (makesTime(block)) {
        return null;
      }
      earliest = earlier(earliest, end(block));
    }
    return earliest;
  }

  /** The first instant at which a block's own checks can no longer hold; null if none says so. */
  public static @Nullable Instant end(Block block) {
    Instant earliest = null;
    for (Check check : block.checks()) {
      earliest = earlier(earliest, end(check));
    }
    return earliest;
  }

  /** The earlier of two ends, where null is none. */
  public static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  private static boolean makesTime(Block block) {
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(Instants.PREDICATE)) {
        return true;
      }
    }
    for (Rule rule : block.rules()) {
      if (rule.head().name().equals(Instants.PREDICATE)) {
        return true;
      }
    }
    return false;
  }

  /** A check holds as long as its most generous alternative. */
  static @Nullable Instant end(Check check) {
    if (check.kind() == Check.Kind.REJECT) {
      return null;
    }
    Instant last = null;
    for (Query query : check.queries()) {
      Instant end = end(query);
      if (end == null) {
        return null;
      }
      last = last == null || end.isAfter(last) ? end : last;
    }
    return last;
  }

  private static @Nullable Instant end(Query query) {
    Instant earliest = null;
    for (Predicate predicate : query.predicates()) {
      if (predicate.name().equals(Instants.PREDICATE)
          && predicate.terms().size() == 1
          && predicate.terms().get(0) instanceof Term.Variable time) {
        for (Expression expression : query.expressions()) {
          Instants.Bound bound = Instants.bound(expression, time);
          if (bound != null && bound.isEnd()) {
            earliest = earlier(earliest, bound.instant());
          }
        }
      }
    }
    return earliest;
  }
}
