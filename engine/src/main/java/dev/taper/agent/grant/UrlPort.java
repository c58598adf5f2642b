package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a URL to one of some ports, or to one of a range: {@code arg_url("n", $arg, $arg1,
 * 443, $arg2)}, or a variable and {@code {80, 443}.contains($arg2)}, or {@code $arg2 >= 8000, $arg2
 * <= 8999}. A URL that names no port has the one that its scheme implies, or none.
 */
record UrlPort(String argument, Ports ports) implements ConstraintBody {
  private static final String FACT = "arg_url";
  private static final int TERMS = 5;
  private static final int PORT = 3;

  UrlPort {
    Require.argument(argument);
  }

  @Override
  public Element compile(Variables variables) {
    Term scheme = variables.fresh();
    Term host = variables.fresh();
    Term port = ports.term(variables::fresh);
    return Element.of(
        FACT,
        List.of(Syntax.str(argument), scheme, host, port, variables.fresh()),
        ports.expressions(port));
  }

  static @Nullable UrlPort read(Element e) {
    Ports ports =
        e.is(FACT, TERMS) && e.constrains(PORT) ? Ports.read(e.term(PORT), e.expressions()) : null;
    return ports == null ? null : new UrlPort(e.text(0), ports);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.any(
        facts,
        FACT,
        TERMS,
        terms ->
            Facts.isText(terms.get(0), argument)
                && terms.get(PORT) instanceof Term.Int port
                && ports.test(port.value()));
  }

  @Override
  public List<UrlPort> meet(ConstraintBody other) {
    Ports both = ports.meet(((UrlPort) other).ports);
    return both == null ? List.of() : List.of(new UrlPort(argument, both));
  }

  /** The port, which the URL need not name. */
  @Override
  public @Nullable String found(CallFacts facts) {
    for (Fact fact : facts.named(FACT)) {
      List<Term> terms = fact.predicate().terms();
      if (terms.size() == TERMS && Facts.isText(terms.get(0), argument)) {
        return terms.get(PORT).equals(new Term.Int(0))
            ? "a URL without a port"
            : "a URL to port " + terms.get(PORT);
      }
    }
    return Facts.shownArgument(facts, argument);
  }

  static @Nullable UrlPort parse(String argument, GrantScanner in) {
    return in.acceptWords("port", "in") ? new UrlPort(argument, Ports.parse(in)) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " port in " + ports;
  }
}
