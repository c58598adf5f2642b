package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a URL to one of some hosts, single names or all below a domain: {@code
 * arg_url("n", $arg, $arg1, $arg2, $arg3), {"acme.com"}.contains($arg1) ||
 * $arg1.ends_with(".acme.com")}; a single name stands in the predicate itself.
 */
record UrlHost(String argument, TextSet hosts) implements ConstraintBody {
  UrlHost {
    require(argument, hosts);
  }

  /** Checks an argument's name, and hosts that its URLs may have. */
  static void require(String argument, TextSet hosts) {
    Require.argument(argument);
    for (String host : hosts.exact()) {
      Require.canonical(Canonical::host, host);
    }
    for (String suffix : hosts.affixes()) {
      // The dot keeps *.acme.com from covering evil-acme.com.
      if (!suffix.startsWith(".")) {
        throw Require.refuse("a star in a host must be followed by a dot, unlike *" + suffix);
      }
      Require.canonical(Canonical::host, "any" + suffix);
    }
  }

  static UrlHost of(String argument, Collection<String> patterns) {
    return new UrlHost(argument, set(patterns));
  }

  /** Reads hosts, and domains with a star for all below. */
  static TextSet set(Collection<String> patterns) {
    List<String> exact = new ArrayList<>();
    List<String> suffixes = new ArrayList<>();
    for (String pattern : patterns) {
      if (pattern.startsWith("*")) {
        suffixes.add(pattern.substring(1));
      } else {
        exact.add(pattern);
      }
    }
    return TextSet.of(BinaryOp.SUFFIX, exact, suffixes);
  }

  @Override
  public Element compile(Variables variables) {
    Term scheme = variables.fresh();
    Term host = hosts.term(variables::fresh);
    return Element.of(
        "arg_url",
        List.of(Syntax.str(argument), scheme, host, variables.fresh(), variables.fresh()),
        hosts.expressions(host));
  }

  static @Nullable UrlHost read(Element e) {
    TextSet set =
        e.is("arg_url", 5) && e.constrains(2)
            ? TextSet.read(BinaryOp.SUFFIX, e.term(2), e.expressions())
            : null;
    return set == null ? null : new UrlHost(e.text(0), set);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgumentText(facts, "arg_url", 5, argument, 2, hosts::test);
  }

  @Override
  public List<UrlHost> meet(ConstraintBody other) {
    TextSet both = hosts.meet(((UrlHost) other).hosts);
    return both == null ? List.of() : List.of(new UrlHost(argument, both));
  }

  static @Nullable UrlHost parse(String argument, GrantScanner in) {
    return in.acceptWords("host", "in") ? of(argument, in.list(in::text)) : null;
  }

  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  @Override
  public String text(int enough) {
    return GrantText.word(argument) + " host in " + GrantText.words(hosts.patterns(), enough);
  }
}
