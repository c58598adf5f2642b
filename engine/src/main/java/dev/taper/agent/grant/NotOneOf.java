package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An argument has none of some values: {@code arg("n", $arg), ![..].contains($arg)}. */
record NotOneOf(String argument, List<Term> values) implements ConstraintBody {
  NotOneOf {
    Require.argument(argument);
    values = Require.values(values, argument);
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    Expression contains = Syntax.binary(new Term.Array(values), BinaryOp.CONTAINS, v);
    return Element.of(
        "arg", List.of(Syntax.str(argument), v), new Expression.Unary(UnaryOp.NEGATE, contains));
  }

  static @Nullable NotOneOf read(Element e) {
    return e.is("arg", 2, 1)
            && e.expressions().get(0) instanceof Expression.Unary not
            && Syntax.receiver(not.operand(), BinaryOp.CONTAINS) instanceof Term.Array array
        ? new NotOneOf(e.text(0), array.elements())
        : null;
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(facts, argument, this::admits);
  }

  @Override
  public boolean admits(Term value) {
    return !values.contains(value);
  }

  @Override
  public List<? extends ConstraintBody> meet(ConstraintBody other) {
    SortedSet<Term> mine = new TreeSet<>(values);
    List<Term> both = new ArrayList<>(values);
    for (Term theirs : ((NotOneOf) other).values) {
      if (!mine.contains(theirs)) {
        both.add(theirs);
      }
      if (both.size() > Require.MAX_VALUES) {
        return List.of(this, other); // too long for one list: two constraints say the same
      }
    }
    return List.of(new NotOneOf(argument, both));
  }

  @Override
  public boolean isWiderThan(ConstraintBody other) {
    return false; // excluding something is no claim that all else is allowed
  }

  static @Nullable NotOneOf parse(String argument, GrantScanner in) {
    if (in.accept("!=")) {
      return new NotOneOf(argument, List.of(in.value()));
    }
    return in.acceptWords("not", "in") ? new NotOneOf(argument, in.list(in::value)) : null;
  }

  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  @Override
  public String text(int enough) {
    return GrantText.word(argument)
        + (values.size() == 1 ? " != " : " not in ")
        + GrantText.values(values, enough);
  }
}
