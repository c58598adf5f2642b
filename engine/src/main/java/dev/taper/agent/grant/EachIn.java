package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is an array, possibly empty, of listed values only: {@code arg("n", $arg),
 * $arg.type() === "array", $arg.all($x -> [..].contains($x))}.
 */
record EachIn(String argument, List<Term> values) implements ConstraintBody {
  EachIn {
    Require.argument(argument);
    values = Require.values(values, argument);
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    Expression isOne =
        Syntax.binary(new Term.Array(values), BinaryOp.CONTAINS, Syntax.variable("x"));
    return Element.of(
        "arg",
        List.of(Syntax.str(argument), v),
        Syntax.isOfType(v, "array"),
        new Expression.Binary(
            BinaryOp.ALL, Syntax.value(v), new Expression.Closure(List.of("x"), isOne)));
  }

  static @Nullable EachIn read(Element e) {
    return e.is("arg", 2, 2)
            && e.expressions().get(1) instanceof Expression.Binary all
            && all.right() instanceof Expression.Closure closure
            && Syntax.receiver(closure.body(), BinaryOp.CONTAINS) instanceof Term.Array array
        ? new EachIn(e.text(0), array.elements())
        : null;
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(facts, argument, this::admits);
  }

  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Array a && values.containsAll(a.elements());
  }

  @Override
  public List<? extends ConstraintBody> meet(ConstraintBody other) {
    List<Term> both = new ArrayList<>(values);
    both.retainAll(((EachIn) other).values);
    if (both.isEmpty()) {
      return List.of(this, other); // still satisfied by the empty array
    }
    return List.of(new EachIn(argument, both));
  }

  static @Nullable EachIn parse(String argument, GrantScanner in) {
    return in.acceptWords("each", "in") ? new EachIn(argument, in.list(in::value)) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " each in " + GrantText.values(values);
  }
}
