package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is an array, possibly empty, of strings that a regular expression (RE2) matches as a
 * whole: {@code arg("n", $arg), $arg.type() === "array", $arg.all($x -> $x.type() === "string" &&
 * $x.matches("^(?:…)$"))}.
 */
record EachMatches(String argument, String regex) implements ConstraintBody {
  EachMatches {
    Matches.require(regex, argument);
  }

  /** As {@link Matches#written}. */
  static EachMatches written(String argument, String regex) {
    return new EachMatches(argument, Matches.written(argument, regex).regex());
  }

  @Override
  public Element compile(Variables variables) {
    return Each.compile(
        argument, variables, Each.ofString(BinaryOp.REGEX, Matches.anchored(regex)));
  }

  static @Nullable EachMatches read(Element e) {
    String regex = Matches.inner(Each.text(Each.read(e), BinaryOp.REGEX));
    return regex == null ? null : new EachMatches(e.text(0), regex);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Each.test(facts, argument, 1, element -> isFit(element, facts));
  }

  private boolean isFit(Term element, CallFacts facts) {
    return element instanceof Term.Str s && facts.finds(Matches.anchored(regex), s.value());
  }

  /** A listed value is no array. */
  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Array;
  }

  @Override
  public List<EachMatches> meet(ConstraintBody other) {
    return equals(other) ? List.of(this) : List.of(this, (EachMatches) other);
  }

  @Override
  public @Nullable String found(CallFacts facts) {
    return Each.found(facts, argument, 1, element -> isFit(element, facts));
  }

  static @Nullable EachMatches parse(String argument, GrantScanner in) {
    return in.acceptWords("each", "matches") ? written(argument, in.text()) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " each matches " + GrantText.word(regex);
  }
}
