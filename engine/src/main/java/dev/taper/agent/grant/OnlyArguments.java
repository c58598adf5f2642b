package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A call has no arguments but these: {@code arg_names($arg), {..}.contains($arg)}. */
record OnlyArguments(SortedSet<String> names) implements ConstraintBody {
  OnlyArguments(Collection<String> names) {
    this(new TreeSet<>(names));
  }

  OnlyArguments {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    if (names.size() > Require.MAX_VALUES) {
      throw Require.refuse("a grant names more than " + Require.MAX_VALUES + " arguments");
    }
    for (String name : names) {
      Require.argument(name);
    }
  }

  @Override
  public String argument() {
    return "";
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg_names", List.of(v), Syntax.binary(Syntax.set(names), BinaryOp.CONTAINS, v));
  }

  static @Nullable OnlyArguments read(Element e) {
    List<String> names =
        e.is("arg_names", 1, 1)
            ? Syntax.strings(Syntax.receiver(e.expressions().get(0), BinaryOp.CONTAINS))
            : null;
    return names == null ? null : new OnlyArguments(names);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.any(
        facts,
        "arg_names",
        1,
        terms -> {
          List<String> present = Syntax.strings(terms.get(0));
          return present != null && names.containsAll(present);
        });
  }

  @Override
  public List<OnlyArguments> meet(ConstraintBody other) {
    List<String> both = new ArrayList<>(names);
    both.retainAll(((OnlyArguments) other).names);
    return List.of(new OnlyArguments(both));
  }

  @Override
  public @Nullable String found(CallFacts facts) {
    return Facts.shown(facts, "arg_names");
  }

  /**
   * Null: no argument's name stands before it, so {@link GrantParser} calls {@link #parseWhole}.
   */
  static @Nullable OnlyArguments parse(String argument, GrantScanner in) {
    return null;
  }

  static @Nullable OnlyArguments parseWhole(GrantScanner in) {
    if (in.acceptWords("no", "arguments")) {
      return new OnlyArguments(List.of());
    }
    return in.acceptWord("only") ? new OnlyArguments(in.list(in::text)) : null;
  }

  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  @Override
  public String text(int enough) {
    return names.isEmpty() ? "no arguments" : "only " + GrantText.words(names, enough);
  }
}
