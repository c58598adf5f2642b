package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a URL of one of some schemes: {@code arg_url("n", "https", $arg, $arg1, $arg2)},
 * or a variable and a set.
 */
record UrlScheme(String argument, TextSet schemes) implements ConstraintBody {
  UrlScheme {
    Require.argument(argument);
    for (String scheme : schemes.exact()) {
      if (!isScheme(scheme)) {
        throw Require.refuse("not a scheme in lower case for argument " + argument + ": " + scheme);
      }
    }
  }

  static UrlScheme of(String argument, Collection<String> schemes) {
    return new UrlScheme(argument, TextSet.exactly(schemes));
  }

  private static boolean isScheme(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      boolean later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !later)) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 32;
  }

  @Override
  public Element compile(Variables variables) {
    Term scheme = schemes.term(variables::fresh);
    return Element.of(
        "arg_url",
        List.of(
            Syntax.str(argument), scheme, variables.fresh(), variables.fresh(), variables.fresh()),
        schemes.expressions(scheme));
  }

  static @Nullable UrlScheme read(Element e) {
    TextSet set =
        e.is("arg_url", 5) && e.constrains(1)
            ? TextSet.read(BinaryOp.PREFIX, e.term(1), e.expressions())
            : null;
    return set == null ? null : new UrlScheme(e.text(0), set);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgumentText(facts, "arg_url", 5, argument, 1, schemes::test);
  }

  @Override
  public List<UrlScheme> meet(ConstraintBody other) {
    TextSet both = schemes.meet(((UrlScheme) other).schemes);
    return both == null ? List.of() : List.of(new UrlScheme(argument, both));
  }

  static @Nullable UrlScheme parse(String argument, GrantScanner in) {
    return in.acceptWords("scheme", "in") ? of(argument, in.list(in::text)) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " scheme in " + GrantText.words(schemes.exact());
  }
}
