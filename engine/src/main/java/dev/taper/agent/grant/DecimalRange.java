package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a number, whole or not, within a range: {@code arg_decimal("n", $arg), $arg <=
 * 1500000} for at most 1.5. Bounds are in millionths, as are the facts.
 */
record DecimalRange(String argument, Range range) implements ConstraintBody {
  private static final int SCALE = 6;

  DecimalRange {
    Require.argument(argument);
  }

  /** A bound in millionths. */
  static long millionths(BigDecimal number, String argument) {
    try {
      // Ordinary numbers only: scaling 1e999999999 would take memory for all its digits.
      if (Math.abs((long) number.scale()) <= 64 && number.precision() <= 64) {
        return number.movePointRight(SCALE).longValueExact();
      }
    } catch (ArithmeticException e) {
      // Falls through to the one refusal.
    }
    throw Require.refuse(
        "a bound of argument " + argument + " is not a number of millionths in 64 bits");
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    List<Expression> expressions = new ArrayList<>();
    range.addExpressions(v, expressions);
    return Element.of("arg_decimal", List.of(Syntax.str(argument), v), expressions);
  }

  static @Nullable DecimalRange read(Element e) {
    Range range = e.predicate().name().equals("arg_decimal") ? Range.read(e.expressions()) : null;
    return range == null ? null : new DecimalRange(e.text(0), range);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.any(
        facts,
        "arg_decimal",
        2,
        terms ->
            Facts.isText(terms.get(0), argument)
                && terms.get(1) instanceof Term.Int i
                && range.test(i.value()));
  }

  @Override
  public List<DecimalRange> meet(ConstraintBody other) {
    Range both = range.meet(((DecimalRange) other).range);
    return both == null ? List.of() : List.of(new DecimalRange(argument, both));
  }

  static @Nullable DecimalRange parse(String argument, GrantScanner in) {
    BinaryOp comparison = in.peekComparison();
    if (comparison == null || !in.isDecimalAfterNext()) {
      return null;
    }
    in.skip();
    return new DecimalRange(argument, Range.of(comparison, millionths(in.decimal(), argument)));
  }

  /** A number of millionths as text, always with a decimal point. */
  static String print(long millionths) {
    String text = BigDecimal.valueOf(millionths, SCALE).stripTrailingZeros().toPlainString();
    return text.indexOf('.') < 0 ? text + ".0" : text;
  }

  @Override
  public String toString() {
    return range.print(argument, DecimalRange::print);
  }
}
