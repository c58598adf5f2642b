package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import dev.taper.datalog.regex.PatternCost;
import dev.taper.datalog.regex.PatternMemo;
import dev.taper.datalog.regex.Regex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a string that a regular expression (RE2) matches as a whole: {@code arg("n",
 * $arg), $arg.type() === "string", $arg.matches("^(?:…)$")}.
 */
record Matches(String argument, String regex) implements ConstraintBody {
  private static final String HEAD = "^(?:";
  private static final String TAIL = ")$";

  /** Bounds the work of compiling, which nested counted repetitions multiply. */
  private static final long MAX_WORK = 100_000;

  /** Compiles nothing: a token can hold many, and most are never asked. */
  Matches {
    require(regex, argument);
  }

  /** Checks an argument's name and a pattern for it. */
  static void require(String regex, String argument) {
    Require.argument(argument);
    Require.text(regex, argument);
    // Alone, so that no parenthesis of its own can undo the anchors.
    PatternCost cost = PatternCost.of(regex);
    if (regex.isEmpty() || (cost.valid() && cost.work() > MAX_WORK) || cost.isTooLarge()) {
      throw Require.refuse("the pattern of argument " + argument + " is empty or too large");
    }
    if (!cost.valid()) {
      throw Require.refuse("the pattern of argument " + argument + " is not a regular expression");
    }
  }

  /**
   * Makes a constraint that somebody writes; refuses a pattern that is not a regular expression.
   */
  static Matches written(String argument, String regex) {
    Matches matches = new Matches(argument, regex);
    if (!Regex.isValid(regex) || !Regex.isValid(anchored(regex))) {
      throw Require.refuse(
          "the pattern of argument " + argument + " is not a regular expression: " + regex);
    }
    return matches;
  }

  /** The pattern as Datalog has it, which searches. */
  static String anchored(String regex) {
    return HEAD + regex + TAIL;
  }

  /** What {@link #anchored} was made of; null if it did not make this. */
  static @Nullable String inner(@Nullable String whole) {
    return whole != null && whole.startsWith(HEAD) && whole.endsWith(TAIL)
        ? whole.substring(HEAD.length(), whole.length() - TAIL.length())
        : null;
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg",
        List.of(Syntax.str(argument), v),
        Syntax.isOfType(v, "string"),
        Syntax.binary(v, BinaryOp.REGEX, Syntax.str(anchored(regex))));
  }

  static @Nullable Matches read(Element e) {
    String regex =
        e.is("arg", 2, 2) ? inner(Syntax.text(e.expressions().get(1), BinaryOp.REGEX)) : null;
    return regex == null ? null : new Matches(e.text(0), regex);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgument(
        facts,
        argument,
        value -> value instanceof Term.Str s && facts.finds(anchored(regex), s.value()));
  }

  @Override
  public boolean admits(Term value, PatternMemo patterns) {
    return value instanceof Term.Str s && patterns.find(anchored(regex), s.value(), true);
  }

  @Override
  public boolean mayHold(CallFacts facts, PatternMemo patterns) {
    return Facts.anyArgument(
        facts,
        argument,
        value -> value instanceof Term.Str s && patterns.find(anchored(regex), s.value(), false));
  }

  @Override
  public List<? extends ConstraintBody> meet(ConstraintBody other) {
    return equals(other) ? List.of(this) : List.of(this, other);
  }

  static @Nullable Matches parse(String argument, GrantScanner in) {
    return in.acceptWord("matches") ? written(argument, in.text()) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " matches " + GrantText.word(regex);
  }
}
