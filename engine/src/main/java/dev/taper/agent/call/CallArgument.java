package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a tool call, checked and taken apart.
 *
 * @param name its name
 * @param json its value in canonical JSON
 * @param value its value as a term; null for a decimal
 * @param millionths its value times a million, if it is a number and that fits
 * @param url its parts, if it is a URL
 * @param path its path, if it is one
 */
record CallArgument(
    String name,
    String json,
    @Nullable Term value,
    @Nullable Long millionths,
    @Nullable Url url,
    @Nullable String path) {
  private static final int MAX_NAME = 256;

  static CallArgument number(String name, ExactNumber number) {
    Term value = number.isInteger() ? new Term.Int(number.integer()) : null;
    return new CallArgument(name, number.json(), value, number.millionths(), null, null);
  }

  /** A string argument. Unless it is free text, it is a URL or a path if it looks like one. */
  static CallArgument string(String name, String value, boolean freeText) {
    String subject = subject(name);
    Text.plain(value, ErrorCode.INVALID_ARGUMENT_VALUE, subject);
    Shape shape = freeText ? Shape.PLAIN : Shape.of(value, subject);
    Url url = shape == Shape.URL ? Url.parse(value, ErrorCode.AMBIGUOUS_URL, subject) : null;
    String path = shape == Shape.PATH ? PathValue.check(value, subject) : null;
    Term term = new Term.Str(value);
    return new CallArgument(name, json(term), term, null, url, path);
  }

  /** A boolean, null, array or map as an argument. */
  static CallArgument other(String name, Term value) {
    return new CallArgument(name, json(value), value, null, null, null);
  }

  static String checkName(String name) {
    return Text.label(name, MAX_NAME, ErrorCode.INVALID_REQUEST, "the name of an argument");
  }

  /** What messages call an argument whose name was checked. */
  static String subject(String name) {
    return "argument \"" + name + "\"";
  }

  void addFacts(List<Fact> facts) {
    Term.Str term = new Term.Str(name);
    if (value != null) {
      facts.add(Fact.of(ReservedPredicates.ARG, term, value));
    }
    if (millionths != null) {
      facts.add(Fact.of(ReservedPredicates.ARG_DECIMAL, term, new Term.Int(millionths)));
    }
    if (url != null) {
      facts.add(
          Fact.of(
              ReservedPredicates.ARG_URL,
              term,
              new Term.Str(url.scheme()),
              new Term.Str(url.host().text()),
              new Term.Int(url.port()),
              new Term.Str(url.path())));
      facts.add(
          Fact.of(
              ReservedPredicates.ARG_HOST_CLASS,
              term,
              new Term.Str(url.host().hostClass().text())));
    }
    if (path != null) {
      facts.add(Fact.of(ReservedPredicates.ARG_PATH, term, new Term.Str(path)));
    }
  }

  private static String json(Term value) {
    StringBuilder out = new StringBuilder();
    CanonicalJson.write(value, out);
    return out.toString();
  }
}
