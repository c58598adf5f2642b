package dev.taper.agent.grant;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.taper.agent.request.RequestFacts;
import dev.taper.datalog.BinaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a string that a regular expression (RE2) matches as a whole: {@code arg("n",
 * $arg), $arg.type() === "string", $arg.matches("^(?:…)$")}.
 */
record Matches(String argument, String regex) implements ConstraintBody {
  private static final String HEAD = "^(?:";
  private static final String TAIL = ")$";

  /** Bounds the compiled program, for which counted repetitions multiply when nested. */
  private static final long MAX_COST = 10_000;

  private static final int MAX_GROUPS = 100;

  Matches {
    Require.argument(argument);
    Require.text(regex, argument);
    if (regex.isEmpty() || cost(regex) > MAX_COST) {
      throw Require.refuse("the pattern of argument " + argument + " is empty or too large");
    }
    try {
      // Alone first, so that no parenthesis of its own can undo the anchors.
      Pattern.compile(regex);
      Pattern.compile(HEAD + regex + TAIL);
    } catch (PatternSyntaxException e) {
      throw Require.refuse(
          "the pattern of argument "
              + argument
              + " is not a regular expression: "
              + e.getDescription());
    }
    if (isQuoting(regex)) {
      throw Require.refuse(
          "the pattern of argument " + argument + " uses \\Q, which is not portable");
    }
  }

  /** The length times all counts in braces, nested or not. */
  private static long cost(String regex) {
    long cost = regex.length();
    long number = 0;
    int groups = 0;
    for (int i = 0; i < regex.length() && cost <= MAX_COST; i++) {
      char c = regex.charAt(i);
      if (c >= '0' && c <= '9') {
        number = Math.min(number * 10 + (c - '0'), MAX_COST);
      } else {
        boolean count = number > 1 && (c == '}' || c == ',');
        cost *= count ? number : 1;
        number = 0;
        groups += c == '(' ? 1 : 0;
      }
    }
    return groups > MAX_GROUPS ? MAX_COST + 1 : cost;
  }

  private static boolean isQuoting(String regex) {
    for (int i = 0; i + 1 < regex.length(); i++) {
      if (regex.charAt(i) == '\\') {
        i++;
        if (regex.charAt(i) == 'Q') {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of(
        "arg",
        List.of(Syntax.str(argument), v),
        Syntax.isOfType(v, "string"),
        Syntax.binary(v, BinaryOp.REGEX, Syntax.str(HEAD + regex + TAIL)));
  }

  static @Nullable Matches read(Element e) {
    String whole = e.is("arg", 2, 2) ? Syntax.text(e.expressions().get(1), BinaryOp.REGEX) : null;
    return whole != null
            && whole.startsWith(HEAD)
            && whole.endsWith(TAIL)
            && whole.length() > HEAD.length() + TAIL.length()
        ? new Matches(e.text(0), whole.substring(HEAD.length(), whole.length() - TAIL.length()))
        : null;
  }

  @Override
  public boolean test(RequestFacts facts) {
    return Facts.anyArgument(facts, argument, this::admits);
  }

  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Str s
        && Pattern.compile(HEAD + regex + TAIL).matcher(s.value()).find();
  }

  @Override
  public List<? extends ConstraintBody> meet(ConstraintBody other) {
    return equals(other) ? List.of(this) : List.of(this, other);
  }

  static @Nullable Matches parse(String argument, GrantScanner in) {
    return in.acceptWord("matches") ? new Matches(argument, in.text()) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " matches " + GrantText.word(regex);
  }
}
