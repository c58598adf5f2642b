package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
    return Each.compile(
        argument, variables, Syntax.binary(new Term.Array(values), BinaryOp.CONTAINS, Each.x()));
  }

  static @Nullable EachIn read(Element e) {
    Expression ofX = Each.read(e);
    return ofX != null && Syntax.receiver(ofX, BinaryOp.CONTAINS) instanceof Term.Array array
        ? new EachIn(e.text(0), array.elements())
        : null;
  }

  @Override
  public boolean test(CallFacts facts) {
    return Each.test(facts, argument, comparisons(), new TreeSet<>(values)::contains);
  }

  /** How many comparisons it takes at most to look one up. */
  private int comparisons() {
    return Integer.SIZE - Integer.numberOfLeadingZeros(values.size());
  }

  /** A listed value is no array. */
  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Array;
  }

  @Override
  public List<? extends ConstraintBody> meet(ConstraintBody other) {
    List<Term> both = new ArrayList<>(values);
    both.retainAll(new TreeSet<>(((EachIn) other).values));
    if (both.isEmpty()) {
      return List.of(this, other); // still satisfied by the empty array
    }
    return List.of(new EachIn(argument, both));
  }

  @Override
  public @Nullable String found(CallFacts facts) {
    return Each.found(facts, argument, comparisons(), new TreeSet<>(values)::contains);
  }

  static @Nullable EachIn parse(String argument, GrantScanner in) {
    return in.acceptWords("each", "in") ? new EachIn(argument, in.list(in::value)) : null;
  }

  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  @Override
  public String text(int enough) {
    return GrantText.word(argument) + " each in " + GrantText.values(values, enough);
  }
}
