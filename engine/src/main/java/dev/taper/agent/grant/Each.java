package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the constraints on each element of an array have in common: an empty array satisfies all.
 */
final class Each {
  private static final Term.Variable X = Syntax.variable("x");

  private Each() {}

  /** {@code arg("n", $arg), $arg.type() === "array", $arg.all($x -> …)}. */
  static Element compile(String argument, Variables variables, Expression ofX) {
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg", List.of(Syntax.str(argument), v), Syntax.isOfType(v, "array"), all(v, ofX));
  }

  /** What {@link #compile} asks of an element; null if the shape is another one. */
  static @Nullable Expression read(Element e) {
    return e.is("arg", 2, 2) ? read(e.expressions().get(1)) : null;
  }

  /** {@code $v.all($x -> …)}. */
  static Expression all(Term.Variable v, Expression ofX) {
    return new Expression.Binary(
        BinaryOp.ALL, Syntax.value(v), new Expression.Closure(List.of(X.name()), ofX));
  }

  /** What {@link #all} asks of an element; null if the expression is another one. */
  static @Nullable Expression read(Expression e) {
    return e instanceof Expression.Binary all
            && all.op() == BinaryOp.ALL
            && all.right() instanceof Expression.Closure closure
        ? closure.body()
        : null;
  }

  /** The element. */
  static Term.Variable x() {
    return X;
  }

  /** {@code $x.type() === "string" && $x.op("text")}. */
  static Expression ofString(BinaryOp op, String text) {
    return new Expression.Binary(
        BinaryOp.LAZY_AND,
        Syntax.binary(Syntax.unary(UnaryOp.TYPE, X), BinaryOp.EQUAL, Syntax.str("string")),
        new Expression.Closure(List.of(), Syntax.binary(X, op, Syntax.str(text))));
  }

  /** The text in what {@link #ofString} made; null if the expression is another one. */
  static @Nullable String text(@Nullable Expression ofX, BinaryOp op) {
    return ofX instanceof Expression.Binary and
            && and.op() == BinaryOp.LAZY_AND
            && and.right() instanceof Expression.Closure closure
        ? Syntax.text(closure.body(), op)
        : null;
  }

  /**
   * True for an array whose elements all pass the test.
   *
   * @param comparisons how many an element takes
   */
  static boolean test(CallFacts facts, String argument, int comparisons, Predicate<Term> test) {
    return Facts.anyArgument(
        facts,
        argument,
        value ->
            value instanceof Term.Array array
                && facts.compares((long) comparisons * array.elements().size())
                && array.elements().stream().allMatch(test));
  }

  /** The first element that fails the test, for people; the whole argument if it is no array. */
  static @Nullable String found(
      CallFacts facts, String argument, int comparisons, Predicate<Term> test) {
    if (Facts.argument(facts, argument) instanceof Term.Array array
        && facts.compares((long) comparisons * array.elements().size())) {
      for (Term element : array.elements()) {
        if (!test.test(element)) {
          return "an array that holds " + Facts.shown(element);
        }
      }
    }
    return Facts.shownArgument(facts, argument);
  }
}
