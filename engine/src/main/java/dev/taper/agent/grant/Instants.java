package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Check;
import dev.taper.datalog.Dates;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that compare the time with an instant, in all their spellings. */
final class Instants {
  static final String PREDICATE = "time";

  private static final Term.Variable TIME = Syntax.variable(PREDICATE);

  private Instants() {}

  /**
   * What a comparison says of the time.
   *
   * @param isEnd true if the time is before the instant, false if it is not
   * @param instant a whole second up to {@link Dates#LAST}
   */
  record Bound(boolean isEnd, Instant instant) {
    /** The one spelling of it: {@code $time < instant}, or {@code $time >= instant}. */
    Check check() {
      BinaryOp op = isEnd ? BinaryOp.LESS_THAN : BinaryOp.GREATER_OR_EQUAL;
      return Syntax.check(
          List.of(Predicate.of(PREDICATE, TIME)), Syntax.binary(TIME, op, Term.Date.of(instant)));
    }
  }

  static void require(Instant instant) {
    if (instant.getNano() != 0
        || instant.getEpochSecond() < 0
        || !Dates.isWritable(instant.getEpochSecond())) {
      throw Require.refuse("not a whole second between the years 1970 and 9999: " + instant);
    }
  }

  /**
   * What an expression says of the time, or null if it does not compare it with a date. The time is
   * a whole second, so that {@code <= DATE} is the same as before the next one.
   */
  static @Nullable Bound bound(Expression expression, Term.Variable time) {
    if (!(expression instanceof Expression.Binary binary)
        || !(binary.left() instanceof Expression.Value left)
        || !(binary.right() instanceof Expression.Value right)) {
      return null;
    }
    if (left.term().equals(time) && right.term() instanceof Term.Date date) {
      return switch (binary.op()) {
        case LESS_THAN -> bound(true, date, 0);
        case LESS_OR_EQUAL -> bound(true, date, 1);
        case GREATER_THAN -> bound(false, date, 1);
        case GREATER_OR_EQUAL -> bound(false, date, 0);
        default -> null;
      };
    }
    if (right.term().equals(time) && left.term() instanceof Term.Date date) {
      return switch (binary.op()) {
        case GREATER_THAN -> bound(true, date, 0);
        case GREATER_OR_EQUAL -> bound(true, date, 1);
        case LESS_THAN -> bound(false, date, 1);
        case LESS_OR_EQUAL -> bound(false, date, 0);
        default -> null;
      };
    }
    return null;
  }

  private static @Nullable Bound bound(boolean isEnd, Term.Date date, int more) {
    return Dates.isWritable(date.seconds()) && Dates.isWritable(date.seconds() + more)
        ? new Bound(isEnd, Instant.ofEpochSecond(date.seconds() + more))
        : null;
  }

  /**
   * The one spelling of a check that only compares the time with a date; null for any other check.
   */
  static @Nullable Check normal(Check check) {
    if (check.queries().size() != 1) {
      return null;
    }
    Query query = check.queries().get(0);
    if (query.predicates().size() != 1
        || query.expressions().size() != 1
        || !query.scopes().isEmpty()
        || !query.predicates().get(0).name().equals(PREDICATE)
        || query.predicates().get(0).terms().size() != 1
        || !(query.predicates().get(0).terms().get(0) instanceof Term.Variable time)) {
      return null;
    }
    Bound bound = bound(query.expressions().get(0), time);
    return bound == null ? null : bound.check();
  }

  /** The end, or the beginning, that a check in its one spelling names; null if it is the other. */
  static @Nullable Instant read(Query query, boolean isEnd) {
    Bound bound = query.expressions().size() == 1 ? bound(query.expressions().get(0), TIME) : null;
    return bound == null || bound.isEnd() != isEnd ? null : bound.instant();
  }

  /** Says how the time of the call fails; null if it passes. */
  static Caveat.@Nullable Mismatch mismatch(
      CallFacts facts, java.util.function.Predicate<Instant> test, String words) {
    boolean holds =
        Facts.any(
            facts,
            "time",
            1,
            terms ->
                terms.get(0) instanceof Term.Date date
                    && Dates.isWritable(date.seconds())
                    && test.test(Instant.ofEpochSecond(date.seconds())));
    return holds
        ? null
        : Caveat.Mismatch.of(Caveat.Mismatch.Subject.TIME, Facts.shown(facts, "time"), words);
  }
}
