package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks questions about the facts of a call. */
final class Facts {
  private Facts() {}

  /** True if a fact of that predicate and number of terms passes the test. */
  static boolean any(CallFacts facts, String name, int arity, Predicate<List<Term>> test) {
    for (Fact fact : facts.named(name)) {
      List<Term> terms = fact.predicate().terms();
      if (terms.size() == arity && test.test(terms)) {
        return true;
      }
    }
    return false;
  }

  /** True if a fact of that predicate has one term, a string that passes the test. */
  static boolean anyText(CallFacts facts, String name, Predicate<String> test) {
    return any(facts, name, 1, terms -> terms.get(0) instanceof Term.Str s && test.test(s.value()));
  }

  /** True if a string at that place of the argument's fact passes the test. */
  static boolean anyArgumentText(
      CallFacts facts, String name, int arity, String argument, int at, Predicate<String> test) {
    return any(
        facts,
        name,
        arity,
        terms ->
            isText(terms.get(0), argument)
                && terms.get(at) instanceof Term.Str s
                && test.test(s.value()));
  }

  /** True if the argument has a value that passes the test. */
  static boolean anyArgument(CallFacts facts, String argument, Predicate<Term> test) {
    return any(facts, "arg", 2, terms -> isText(terms.get(0), argument) && test.test(terms.get(1)));
  }

  /** The value of an argument; null if it is absent, or no term. */
  static @Nullable Term argument(CallFacts facts, String argument) {
    for (Fact fact : facts.named("arg")) {
      List<Term> terms = fact.predicate().terms();
      if (terms.size() == 2 && isText(terms.get(0), argument)) {
        return terms.get(1);
      }
    }
    return null;
  }

  static boolean isText(Term term, String text) {
    return term instanceof Term.Str s && s.value().equals(text);
  }

  /** The only term of the first fact of a predicate, for people; null if there is none. */
  static @Nullable String shown(CallFacts facts, String name) {
    for (Fact fact : facts.named(name)) {
      if (fact.predicate().terms().size() == 1) {
        Term term = fact.predicate().terms().get(0);
        return term instanceof Term.Str s ? s.value() : shown(term);
      }
    }
    return null;
  }

  /** A value, or its beginning, for people. */
  static String shown(Term value) {
    return value.text(Caveat.Mismatch.MAX_FOUND);
  }

  /** The value of an argument, for people; null if it is absent. */
  static @Nullable String shownArgument(CallFacts facts, String argument) {
    for (String name : List.of("arg", "arg_decimal", "arg_number")) {
      for (Fact fact : facts.named(name)) {
        List<Term> terms = fact.predicate().terms();
        if (terms.size() == 2 && isText(terms.get(0), argument)) {
          Term value = terms.get(1);
          return switch (name) {
            case "arg_decimal" ->
                value instanceof Term.Int i ? DecimalRange.print(i.value()) : shown(value);
            case "arg_number" -> value instanceof Term.Str s ? s.value() : shown(value);
            default -> shown(value);
          };
        }
      }
    }
    return null;
  }
}
