package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is an array, possibly empty, of URLs to some hosts, as of {@link UrlHost}: {@code
 * arg_each_host("n", true, $arg), $arg.all($x -> {"acme.com"}.contains($x) ||
 * $x.ends_with(".acme.com"))}.
 */
record EachHost(String argument, TextSet hosts) implements ConstraintBody {
  private static final String FACT = "arg_each_host";

  EachHost {
    UrlHost.require(argument, hosts);
  }

  static EachHost of(String argument, Collection<String> patterns) {
    return new EachHost(argument, UrlHost.set(patterns));
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of(
        FACT,
        List.of(Syntax.str(argument), new Term.Bool(true), v),
        Each.all(v, hosts.expressions(Each.x()).get(0)));
  }

  static @Nullable EachHost read(Element e) {
    Expression ofX = e.is(FACT, 3, 1) ? Each.read(e.expressions().get(0)) : null;
    TextSet set = ofX == null ? null : TextSet.read(BinaryOp.SUFFIX, Each.x(), List.of(ofX));
    return set == null ? null : new EachHost(e.text(0), set);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.any(
        facts,
        FACT,
        3,
        terms ->
            Facts.isText(terms.get(0), argument)
                && terms.get(1).equals(new Term.Bool(true))
                && terms.get(2) instanceof Term.Set found
                && compares(facts, found)
                && outside(found) == null);
  }

  private boolean compares(CallFacts facts, Term.Set found) {
    return facts.compares((1L + hosts.affixes().size()) * found.elements().size());
  }

  /** The first host that is not among these; null if there is none. */
  private @Nullable String outside(Term.Set set) {
    for (Term host : set.elements()) {
      if (!(host instanceof Term.Str s && hosts.test(s.value()))) {
        return host.toString();
      }
    }
    return null;
  }

  /** A listed value is no array. */
  @Override
  public boolean admits(Term value) {
    return value instanceof Term.Array;
  }

  @Override
  public List<EachHost> meet(ConstraintBody other) {
    TextSet both = hosts.meet(((EachHost) other).hosts);
    return both == null
        ? List.of(this, (EachHost) other) // still satisfied by the empty array
        : List.of(new EachHost(argument, both));
  }

  @Override
  public @Nullable String found(CallFacts facts) {
    for (Fact fact : facts.named(FACT)) {
      List<Term> terms = fact.predicate().terms();
      if (terms.size() == 3
          && Facts.isText(terms.get(0), argument)
          && terms.get(2) instanceof Term.Set set
          && compares(facts, set)) {
        String outside = outside(set);
        return outside == null
            ? "an array that holds something else than URLs"
            : "an array that holds a URL to " + outside;
      }
    }
    return Facts.shownArgument(facts, argument);
  }

  static @Nullable EachHost parse(String argument, GrantScanner in) {
    return in.acceptWords("each", "host", "in") ? of(argument, in.list(in::text)) : null;
  }

  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  @Override
  public String text(int enough) {
    return GrantText.word(argument) + " each host in " + GrantText.words(hosts.patterns(), enough);
  }
}
