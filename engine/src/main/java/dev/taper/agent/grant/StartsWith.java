package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a string that starts with another: {@code arg("n", $arg), $arg.type() ===
 * "string", $arg.starts_with("p")}.
 */
record StartsWith(String argument, String prefix) implements ConstraintBody {
  StartsWith {
    Require.affix(prefix, argument);
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg",
        List.of(Syntax.str(argument), v),
        Syntax.isOfType(v, "string"),
        Syntax.binary(v, BinaryOp.PREFIX, Syntax.str(prefix)));
  }

  static @Nullable StartsWith read(Element e) {
    String prefix = e.is("arg", 2, 2) ? Syntax.text(e.expressions().get(1), BinaryOp.PREFIX) : null;
    return prefix == null ? null : new StartsWith(e.text(0), prefix);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(facts, argument, this::admits);
  }

  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Str s && s.value().startsWith(prefix);
  }

  @Override
  public boolean admitsStart(String start) {
    return prefix.startsWith(start) || start.startsWith(prefix);
  }

  @Override
  public List<StartsWith> meet(ConstraintBody other) {
    StartsWith that = (StartsWith) other;
    if (prefix.startsWith(that.prefix)) {
      return List.of(this);
    }
    return that.prefix.startsWith(prefix) ? List.of(that) : List.of();
  }

  static @Nullable StartsWith parse(String argument, GrantScanner in) {
    return in.acceptWords("starts", "with") ? new StartsWith(argument, in.text()) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " starts with " + GrantText.word(prefix);
  }
}
