package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The holder must say why: {@code justified_for($seconds)}, or {@code justified_for($seconds),
 * $seconds <= 900} if its window must not be longer than that.
 *
 * @param within the longest window of a justification that counts, in whole seconds; null if only
 *     the verifier limits it
 */
record Justified(@Nullable Duration within) implements Activation {
  private static final long MAX_SECONDS = 366L * 24 * 60 * 60;
  private static final String NAME = "justified_for";
  private static final Term.Variable SECONDS = Syntax.variable(NAME);

  /**
   * Checks the window.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it is not of
   *     whole seconds, at least one and at most 366 days
   */
  public Justified {
    if (within != null
        && (!within.equals(within.truncatedTo(ChronoUnit.SECONDS))
            || within.toSeconds() < 1
            || within.toSeconds() > MAX_SECONDS)) {
      throw Require.refuse("the window of a justification has whole seconds, from one to 366 days");
    }
  }

  Element compile() {
    List<Term> terms = List.of(SECONDS);
    return within == null
        ? Element.of(NAME, terms)
        : Element.of(
            NAME,
            terms,
            Syntax.binary(SECONDS, BinaryOp.LESS_OR_EQUAL, new Term.Int(within.toSeconds())));
  }

  static @Nullable Justified read(Element e) {
    if (e.is(NAME, 1, 0)) {
      return new Justified(null);
    }
    return e.is(NAME, 1, 1)
            && Syntax.operand(e.expressions().get(0), BinaryOp.LESS_OR_EQUAL) instanceof Term.Int i
            && i.value() >= 1
            && i.value() <= MAX_SECONDS
        ? new Justified(Duration.ofSeconds(i.value()))
        : null;
  }

  @Override
  public Kind kind() {
    return Kind.JUSTIFIED;
  }

  @Override
  public boolean isMet(CallFacts facts) {
    return Facts.any(
        facts,
        NAME,
        1,
        terms ->
            terms.get(0) instanceof Term.Int seconds
                && (within == null || seconds.value() <= within.toSeconds()));
  }

  /** True if whatever satisfies this satisfies the other one. */
  boolean implies(Justified other) {
    return other.within == null || (within != null && within.compareTo(other.within) <= 0);
  }

  static @Nullable Justified parse(GrantScanner in) {
    if (!in.acceptWord("justified")) {
      return null;
    }
    return new Justified(in.acceptWord("within") ? in.duration() : null);
  }

  @Override
  public String toString() {
    return within == null ? "justified" : "justified within " + GrantText.duration(within);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Justified other && Objects.equals(within, other.within);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(within);
  }
}
