package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authority may have been handed on a limited number of times: {@code check if depth($depth),
 * $depth <= N}.
 *
 * @param hops how often, not negative
 */
record MaxDepth(long hops) implements Condition {
  private static final Term.Variable DEPTH = Syntax.variable("depth");

  /**
   * Checks the number.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it is negative
   */
  public MaxDepth {
    if (hops < 0) {
      throw Require.refuse("a depth cannot be " + hops);
    }
  }

  @Override
  public Kind kind() {
    return Kind.MAX_DEPTH;
  }

  @Override
  public Check check() {
    return Syntax.check(
        List.of(Predicate.of("depth", DEPTH)),
        Syntax.binary(DEPTH, BinaryOp.LESS_OR_EQUAL, new Term.Int(hops)));
  }

  static @Nullable MaxDepth read(Query query) {
    return query.expressions().size() == 1
            && Syntax.operand(query.expressions().get(0), BinaryOp.LESS_OR_EQUAL)
                instanceof Term.Int i
        ? new MaxDepth(i.value())
        : null;
  }

  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    return Facts.any(
            facts, "depth", 1, terms -> terms.get(0) instanceof Term.Int i && i.value() <= hops)
        ? null
        : Caveat.Mismatch.of(Caveat.Mismatch.Subject.DEPTH, Facts.shown(facts, "depth"), words());
  }

  @Override
  public String words() {
    return hops == 1 ? "at most 1 hop" : "at most " + hops + " hops";
  }
}
