package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.HostClass;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An argument is a URL whose host is of one of some classes, such as public: {@code
 * arg_host_class("n", "public")}, or a variable and a set.
 */
record UrlHostClass(String argument, TextSet classes) implements ConstraintBody {
  private static final Set<String> CLASSES = new HashSet<>();

  static {
    for (HostClass hostClass : HostClass.values()) {
      CLASSES.add(hostClass.text());
    }
  }

  UrlHostClass {
    Require.argument(argument);
    for (String text : classes.exact()) {
      if (!CLASSES.contains(text)) {
        throw Require.refuse("not a class of hosts for argument " + argument + ": " + text);
      }
    }
  }

  static UrlHostClass of(String argument, Collection<String> classes) {
    return new UrlHostClass(argument, TextSet.exactly(classes));
  }

  @Override
  public Element compile(Variables variables) {
    Term hostClass = classes.term(variables::fresh);
    return Element.of(
        "arg_host_class", List.of(Syntax.str(argument), hostClass), classes.expressions(hostClass));
  }

  static @Nullable UrlHostClass read(Element e) {
    TextSet set =
        e.is("arg_host_class", 2)
            ? TextSet.read(BinaryOp.PREFIX, e.term(1), e.expressions())
            : null;
    return set == null ? null : new UrlHostClass(e.text(0), set);
  }

  @Override
  public boolean test(CallFacts facts) {
    return Facts.anyArgumentText(facts, "arg_host_class", 2, argument, 1, classes::test);
  }

  @Override
  public List<UrlHostClass> meet(ConstraintBody other) {
    TextSet both = classes.meet(((UrlHostClass) other).classes);
    return both == null ? List.of() : List.of(new UrlHostClass(argument, both));
  }

  static @Nullable UrlHostClass parse(String argument, GrantScanner in) {
    return in.acceptWords("host", "class", "in") ? of(argument, in.list(in::text)) : null;
  }

  @Override
  public String toString() {
    return GrantText.word(argument) + " host class in " + GrantText.words(classes.exact());
  }
}
