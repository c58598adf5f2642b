package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Term;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a string of at most so many UTF-8 bytes, or an array of at most so many elements:
 * {@code arg("n", $arg), {"array", "string"}.contains($arg.type()), $arg.length() <= 10}.
 */
record LengthAtMost(String argument, long limit) implements ConstraintBody {
  private static final Term.Set TYPES = Syntax.set(List.of("array", "string"));

  LengthAtMost {
    Require.argument(argument);
    if (limit < 0) {
      throw Require.refuse("the length of argument " + argument + " cannot be negative");
    }
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg",
        List.of(Syntax.str(argument), v),
        new Expression.Binary(
            BinaryOp.CONTAINS, Syntax.value(TYPES), Syntax.unary(UnaryOp.TYPE, v)),
        Syntax.binary(
            Syntax.unary(UnaryOp.LENGTH, v), BinaryOp.LESS_OR_EQUAL, new Term.Int(limit)));
  }

  static @Nullable LengthAtMost read(Element e) {
    return e.is("arg", 2, 2)
            && Syntax.operand(e.expressions().get(1), BinaryOp.LESS_OR_EQUAL) instanceof Term.Int i
            && i.value() >= 0
        ? new LengthAtMost(e.text(0), i.value())
        : null;
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(
        facts,
        argument,
        value ->
            facts.compares(value instanceof Term.Str s ? s.value().length() / 8 : 1)
                && admits(value));
  }

  @Override
  public boolean admits(Term value) {
    if (value instanceof Term.Str s) {
      return s.value().getBytes(StandardCharsets.UTF_8).length <= limit;
    }
    return value instanceof Term.Array a && a.elements().size() <= limit;
  }

  @Override
  public List<LengthAtMost> meet(ConstraintBody other) {
    LengthAtMost that = (LengthAtMost) other;
    return List.of(limit <= that.limit ? this : that);
  }

  static @Nullable LengthAtMost parse(String argument, GrantScanner in) {
    if (!in.acceptWord("length")) {
      return null;
    }
    in.expect("<=");
    return new LengthAtMost(argument, in.integer());
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " length <= " + limit;
  }
}
