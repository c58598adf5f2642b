package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is an array, possibly empty, of strings that all start with another: {@code arg("n",
 * $arg), $arg.type() === "array", $arg.all($x -> $x.type() === "string" && $x.starts_with("p"))}.
 */
record EachStartsWith(String argument, String prefix) implements ConstraintBody {
  EachStartsWith {
    Require.affix(prefix, argument);
  }

  @Override
  public Element compile(Variables variables) {
    return Each.compile(argument, variables, Each.ofString(BinaryOp.PREFIX, prefix));
  }

  static @Nullable EachStartsWith read(Element e) {
    String prefix = Each.text(Each.read(e), BinaryOp.PREFIX);
    return prefix == null ? null : new EachStartsWith(e.text(0), prefix);
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
    return element instanceof Term.Str s && s.value().startsWith(prefix);
  }

  @Override
  public List<EachStartsWith> meet(ConstraintBody other) {
    EachStartsWith that = (EachStartsWith) other;
    if (prefix.startsWith(that.prefix)) {
      return List.of(this);
    }
    // Two that differ are still satisfied by the empty array.
    return that.prefix.startsWith(prefix) ? List.of(that) : List.of(this, that);
  }

  @Override
  public @Nullable String found(CallFacts facts) {
    return Each.found(facts, argument, 1, this::isFit);
  }

  static @Nullable EachStartsWith parse(String argument, GrantScanner in) {
    return in.acceptWords("each", "starts", "with")
        ? new EachStartsWith(argument, in.text())
        : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " each starts with " + GrantText.word(prefix);
  }
}
