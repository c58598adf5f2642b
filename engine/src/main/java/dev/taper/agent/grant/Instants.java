package dev.taper.agent.grant;

import dev.taper.agent.request.RequestFacts;
import dev.taper.datalog.BinaryOp;
import dev.taper.datalog.Check;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that compare the time with an instant. */
final class Instants {
  /** The last second that text can write: 9999-12-31T23:59:59Z. */
  private static final Instant LAST = Instant.ofEpochSecond(253_402_300_799L);

  private static final Term.Variable TIME = Syntax.variable("time");

  private Instants() {}

  static void require(Instant instant) {
    if (instant.getNano() != 0 || instant.getEpochSecond() < 0 || instant.isAfter(LAST)) {
      throw Require.refuse("not a whole second between the years 1970 and 9999: " + instant);
    }
  }

  /** {@code check if time($time), $time op instant}. */
  static Check check(BinaryOp op, Instant instant) {
    return Syntax.check(
        List.of(Predicate.of("time", TIME)), Syntax.binary(TIME, op, Term.Date.of(instant)));
  }

  /** The instant in such a query, or null. */
  static @Nullable Instant read(Query query, BinaryOp op) {
    return query.expressions().size() == 1
            && Syntax.operand(query.expressions().get(0), op) instanceof Term.Date date
            && Long.compareUnsigned(date.seconds(), LAST.getEpochSecond()) <= 0
        ? Instant.ofEpochSecond(date.seconds())
        : null;
  }

  /** Null if the time of the request passes. */
  static @Nullable Mismatch mismatch(
      RequestFacts facts, java.util.function.Predicate<Instant> test, String words) {
    boolean holds =
        Facts.any(
            facts,
            "time",
            1,
            terms ->
                terms.get(0) instanceof Term.Date date
                    && Long.compareUnsigned(date.seconds(), LAST.getEpochSecond()) <= 0
                    && test.test(Instant.ofEpochSecond(date.seconds())));
    return holds ? null : new Mismatch("time", Facts.shown(facts, "time"), words);
  }
}
