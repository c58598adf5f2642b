package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is an array, possibly empty, of strings that all end with another: {@code arg("n",
 * $arg), $arg.type() === "array", $arg.all($x -> $x.type() === "string" && $x.ends_with("s"))}.
 */
record EachEndsWith(String argument, String suffix) implements ConstraintBody {
  EachEndsWith {
    Require.affix(suffix, argument);
  }

  @Override
  public Element compile(Variables variables) {
    return Each.compile(argument, variables, Each.ofString(BinaryOp.SUFFIX, suffix));
  }

  static @Nullable EachEndsWith read(Element e) {
    String suffix = Each.text(Each.read(e), BinaryOp.SUFFIX);
    return suffix == null ? null : new EachEndsWith(e.text(0), suffix);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Each.test(facts, argument, 1, this::isFit);
  }

  /** A listed value is no array. */
  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Array;
  }

  private boolean isFit(Term element) {
    return element instanceof Term.Str s && s.value().endsWith(suffix);
  }

  @Override
  public List<EachEndsWith> meet(ConstraintBody other) {
    EachEndsWith that = (EachEndsWith) other;
    if (suffix.endsWith(that.suffix)) {
      return List.of(this);
    }
    // Two that differ are still satisfied by the empty array.
    return that.suffix.endsWith(suffix) ? List.of(that) : List.of(this, that);
  }

  @Override
  public @Nullable String found(CallFacts facts) {
    return Each.found(facts, argument, 1, this::isFit);
  }

  static @Nullable EachEndsWith parse(String argument, GrantScanner in) {
    return in.acceptWords("each", "ends", "with") ? new EachEndsWith(argument, in.text()) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " each ends with " + GrantText.word(suffix);
  }
}
