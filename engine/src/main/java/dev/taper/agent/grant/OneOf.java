package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument has one of some values: {@code arg("n", value)} if there is one, else {@code arg("n",
 * $arg), [..].contains($arg)}. The list is an array, because a set compared with null, an array or
 * a map is an error in Biscuit, and an error hides the other grants of a block.
 */
record OneOf(String argument, List<Term> values) implements ConstraintBody {
  OneOf {
    Require.argument(argument);
    values = Require.values(values, argument);
  }

  @Override
  public Element compile(Variables variables) {
    if (values.size() == 1) {
      return Element.of("arg", List.of(Syntax.str(argument), values.get(0)));
    }
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg",
        List.of(Syntax.str(argument), v),
        Syntax.binary(new Term.Array(values), BinaryOp.CONTAINS, v));
  }

  static @Nullable OneOf read(Element e) {
    if (e.is("arg", 2, 0)) {
      return new OneOf(e.text(0), List.of(e.term(1)));
    }
    return e.is("arg", 2, 1)
            && Syntax.receiver(e.expressions().get(0), BinaryOp.CONTAINS)
                instanceof Term.Array array
        ? new OneOf(e.text(0), array.elements())
        : null;
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(facts, argument, values::contains);
  }

  @Override
  public boolean admits(Term value) {
    return values.contains(value);
  }

  @Override
  public boolean admitsStart(String start) {
    return values.stream()
        .anyMatch(value -> value instanceof Term.Str s && s.value().startsWith(start));
  }

  @Override
  public List<OneOf> meet(ConstraintBody other) {
    return only(other::admits);
  }

  /** The constraint with only the values that pass; empty if none does. */
  List<OneOf> only(java.util.function.Predicate<Term> test) {
    List<Term> left = new ArrayList<>();
    for (Term value : values) {
      if (test.test(value)) {
        left.add(value);
      }
    }
    if (left.size() == values.size()) {
      return List.of(this);
    }
    return left.isEmpty() ? List.of() : List.of(new OneOf(argument, left));
  }

  static @Nullable OneOf parse(String argument, GrantScanner in) {
    if (in.accept("=")) {
      return new OneOf(argument, List.of(in.value()));
    }
    return in.acceptWord("in") ? new OneOf(argument, in.list(in::value)) : null;
  }

  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  @Override
  public String text(int enough) {
    return GrantText.word(argument)
        + (values.size() == 1 ? " = " : " in ")
        + GrantText.values(values, enough);
  }
}
