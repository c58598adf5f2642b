package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is an integer within a range: {@code arg("n", $arg), $arg.type() === "integer", $arg
 * >= 1, $arg <= 50}, with the bounds that there are.
 */
record IntegerRange(String argument, Range range) implements ConstraintBody {
  IntegerRange {
    Require.argument(argument);
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    List<Expression> expressions = new ArrayList<>();
    expressions.add(Syntax.isOfType(v, "integer"));
    range.addExpressions(v, expressions);
    return Element.of("arg", List.of(Syntax.str(argument), v), expressions);
  }

  static @Nullable IntegerRange read(Element e) {
    if (!e.is("arg", 2)
        || e.expressions().isEmpty()
        || !(e.term(1) instanceof Term.Variable v)
        || !e.expressions().get(0).equals(Syntax.isOfType(v, "integer"))) {
      return null;
    }
    Range range = Range.read(e.expressions().subList(1, e.expressions().size()));
    return range == null ? null : new IntegerRange(e.text(0), range);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(facts, argument, this::admits);
  }

  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Int i && range.test(i.value());
  }

  @Override
  public List<IntegerRange> meet(ConstraintBody other) {
    Range both = range.meet(((IntegerRange) other).range);
    return both == null ? List.of() : List.of(new IntegerRange(argument, both));
  }

  static @Nullable IntegerRange parse(String argument, GrantScanner in) {
    BinaryOp comparison = in.peekComparison();
    if (comparison == null || in.isDecimalAfterNext()) {
      return null;
    }
    in.skip();
    return new IntegerRange(argument, Range.of(comparison, in.integer()));
  }

  @Override
  public String toString() {
    return range.print(argument, Long::toString);
  }
}
