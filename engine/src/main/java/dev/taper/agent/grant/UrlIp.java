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
 * An argument is a URL whose host is an address in one of some networks: {@code arg_ip("n", $arg),
 * $arg.starts_with("4:00001010") || …}, with the {@linkplain Canonical#networkBits bits} of each.
 *
 * @param networks no exact strings; the bits of networks as prefixes
 */
record UrlIp(String argument, TextSet networks) implements ConstraintBody {
  UrlIp {
    Require.argument(argument);
    if (!networks.exact().isEmpty()) {
      throw Require.refuse("not a network for argument " + argument);
    }
    networks.affixes().forEach(Canonical::network);
  }

  static UrlIp of(String argument, Collection<String> texts) {
    List<String> bits = new ArrayList<>();
    for (String text : texts) {
      bits.add(Canonical.networkBits(text));
    }
    return new UrlIp(argument, TextSet.of(BinaryOp.PREFIX, List.of(), bits));
  }

  @Override
  public Element compile(Variables variables) {
    Term.Variable v = variables.fresh();
    return Element.of("arg_ip", List.of(Syntax.str(argument), v), networks.expressions(v));
  }

  static @Nullable UrlIp read(Element e) {
    TextSet set =
        e.is("arg_ip", 2) ? TextSet.read(BinaryOp.PREFIX, e.term(1), e.expressions()) : null;
    return set == null ? null : new UrlIp(e.text(0), set);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgumentText(facts, "arg_ip", 2, argument, 1, networks::test);
  }

  @Override
  public List<UrlIp> meet(ConstraintBody other) {
    TextSet both = networks.meet(((UrlIp) other).networks);
    return both == null ? List.of() : List.of(new UrlIp(argument, both));
  }

  static @Nullable UrlIp parse(String argument, GrantScanner in) {
    return in.acceptWords("ip", "in") ? of(argument, in.list(in::text)) : null;
  }

  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (String bits : networks.affixes()) {
      texts.add(Canonical.network(bits));
    }
    return GrantText.word(argument) + " ip in " + GrantText.words(texts);
  }
}
