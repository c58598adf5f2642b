package dev.taper.cli.service;

import dev.taper.datalog.BinaryOp;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes and recognises checks that end the validity of a token. */
final class Expiry {
  private static final String TIME = "time";

  private Expiry() {}

  /** The check that a token is used until a date at the latest. */
  static Check until(Instant date) {
    Term.Variable time = new Term.Variable(TIME);
    Expression condition =
        new Expression.Binary(
            BinaryOp.LESS_OR_EQUAL,
            new Expression.Value(time),
            new Expression.Value(Term.Date.of(date)));
    Query query = new Query(List.of(Predicate.of(TIME, time)), List.of(condition), List.of());
    return new Check(Check.Kind.IF, List.of(query));
  }

  /**
   * The last second in which all blocks can hold, as far as their checks say so in a recognised
   * form; null if they do not, or if a block makes {@code time} facts of its own.
   */
  static @Nullable Instant of(List<Block> blocks) {
    Long last = null;
    for (Block block : blocks) {
      if (makesTime(block)) {
        return null;
      }
      for (Check check : block.checks()) {
        last = earlier(last, lastSecond(check));
      }
    }
    // Beyond the last instant that can be printed, a date says nothing of use.
    return last == null || last > Instant.MAX.getEpochSecond() ? null : Instant.ofEpochSecond(last);
  }

  private static boolean makesTime(Block block) {
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(TIME)) {
        return true;
      }
    }
    for (Rule rule : block.rules()) {
      if (rule.head().name().equals(TIME)) {
        return true;
      }
    }
    return false;
  }

  /** A check holds as long as its most generous alternative. */
  private static @Nullable Long lastSecond(Check check) {
    if (check.kind() == Check.Kind.REJECT) {
      return null;
    }
    Long last = null;
    for (Query query : check.queries()) {
      Long bound = lastSecond(query);
      if (bound == null) {
        return null;
      }
      last = last == null ? bound : Long.valueOf(Math.max(last, bound));
    }
    return last;
  }

  private static @Nullable Long lastSecond(Query query) {
    Long last = null;
    for (Predicate predicate : query.predicates()) {
      if (predicate.name().equals(TIME)
          && predicate.terms().size() == 1
          && predicate.terms().get(0) instanceof Term.Variable variable) {
        for (Expression expression : query.expressions()) {
          last = earlier(last, lastSecond(expression, variable));
        }
      }
    }
    return last;
  }

  private static @Nullable Long lastSecond(Expression expression, Term.Variable time) {
    if (!(expression instanceof Expression.Binary binary)) {
      return null;
    }
    return switch (binary.op()) {
      case LESS_OR_EQUAL -> date(binary.left(), binary.right(), time, 0);
      case LESS_THAN -> date(binary.left(), binary.right(), time, 1);
      case GREATER_OR_EQUAL -> date(binary.right(), binary.left(), time, 0);
      case GREATER_THAN -> date(binary.right(), binary.left(), time, 1);
      default -> null;
    };
  }

  private static @Nullable Long date(
      Expression variable, Expression date, Term.Variable time, long before) {
    if (variable instanceof Expression.Value left
        && left.term().equals(time)
        && date instanceof Expression.Value right
        && right.term() instanceof Term.Date bound
        && bound.seconds() > 0) {
      return bound.seconds() - before;
    }
    return null;
  }

  private static @Nullable Long earlier(@Nullable Long a, @Nullable Long b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return Math.min(a, b);
  }
}
