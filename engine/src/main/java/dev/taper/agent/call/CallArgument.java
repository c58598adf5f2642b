package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a tool call, checked and taken apart.
 *
 * @param name its name
 * @param json its value in canonical JSON
 * @param type what is known of it
 * @param value its value as a term; null for a number that is no term, and for what is opaque
 * @param number its value, if it is a number
 * @param target what it points to, if it is a string
 * @param elements the hosts that it holds, if it is an array
 */
record CallArgument(
    String name,
    String json,
    ArgumentType type,
    @Nullable Term value,
    @Nullable CanonicalNumber number,
    @Nullable StringTarget target,
    @Nullable ElementHosts elements) {
  private static final int MAX_NAME = 256;

  /** Reads the value that the parser stands on, and leaves it on the value's last token. */
  static CallArgument read(JsonParser json, String name, ArgumentType type) throws IOException {
    JsonToken first = json.currentToken();
    if (!takes(type, first)) {
      throw wrongType(name, type);
    }
    return switch (first) {
      case VALUE_STRING -> string(name, json.getText(), type);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          number(name, CanonicalNumber.parse(json.getText(), () -> subject(name)), type);
      default -> other(json, name, type);
    };
  }

  private static boolean takes(ArgumentType type, JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> type.nullable();
      case VALUE_STRING -> type.kind() == ArgumentType.Kind.STRING || isAny(type);
      case VALUE_TRUE, VALUE_FALSE -> type.kind() == ArgumentType.Kind.BOOLEAN || isAny(type);
      case START_ARRAY -> type.kind() == ArgumentType.Kind.ARRAY || isAny(type);
      case START_OBJECT -> type.kind() == ArgumentType.Kind.OBJECT || isAny(type);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          type.kind() == ArgumentType.Kind.NUMBER
              || type.kind() == ArgumentType.Kind.INTEGER
              || isAny(type);
      default -> throw new TaperException(ErrorCode.INVALID_REQUEST, "the JSON ends too early");
    };
  }

  private static boolean isAny(ArgumentType type) {
    return type.kind() == ArgumentType.Kind.ANY;
  }

  private static TaperException wrongType(String name, ArgumentType type) {
    return Text.refuse(
        ErrorCode.INVALID_ARGUMENT_TYPE,
        subject(name),
        "is not of the type that the service's catalog names: "
            + type.kind().text()
            + (type.nullable() ? " or null" : ""));
  }

  static CallArgument number(String name, CanonicalNumber number, ArgumentType type) {
    if (type.kind() == ArgumentType.Kind.INTEGER && !number.isInteger()) {
      throw wrongType(name, type);
    }
    Long integer = number.integer();
    Term value = integer == null ? null : new Term.Int(integer);
    return new CallArgument(name, number.json(), type, value, number, null, null);
  }

  /** A string argument. Unless it is free text, it is a URL or a path if it looks like one. */
  static CallArgument string(String name, String value, ArgumentType type) {
    String subject = subject(name);
    String json = json(new Term.Str(CanonicalJson.wellFormed(value)));
    try {
      Text.plain(value, ErrorCode.INVALID_ARGUMENT_VALUE, subject);
    } catch (TaperException e) {
      if (type.takesOpaque() && StringTarget.shape(value, type.reading(), subject) == Shape.PLAIN) {
        return opaque(name, json, type);
      }
      throw inexact(e);
    }
    StringTarget target = StringTarget.of(value, type.reading(), subject);
    return new CallArgument(name, json, type, new Term.Str(value), null, target, null);
  }

  /** A boolean, null, array or map as an argument. */
  private static CallArgument other(JsonParser json, String name, ArgumentType type)
      throws IOException {
    ArgumentReader reader = new ArgumentReader(subject(name));
    Term value = reader.term(json);
    if (reader.inexact() == null) {
      return other(name, value, type);
    }
    if (type.takesOpaque() && !StringTarget.isInArray(value, type.reading(), subject(name))) {
      return opaque(name, json(value), type);
    }
    throw inexact(reader.inexact());
  }

  static CallArgument other(String name, Term value, ArgumentType type) {
    ElementHosts elements =
        value instanceof Term.Array array && type.reading() != ArgumentType.Reading.TEXT
            ? ElementHosts.of(array, type.reading(), subject(name))
            : null;
    return new CallArgument(name, json(value), type, value, null, null, elements);
  }

  /** An argument that cannot be stated exactly, so that nothing but its name is stated. */
  private static CallArgument opaque(String name, String json, ArgumentType type) {
    return new CallArgument(name, json, type, null, null, null, null);
  }

  /** Content of any form, by its digest. */
  static CallArgument content(String name, String digest) {
    return opaque(name, json(new Term.Str(digest)), ArgumentType.ANY.orOpaque());
  }

  /** Its text, if it is a string; else null. */
  @Nullable String string() {
    if (value instanceof Term.Str text) {
      return text.value();
    }
    return isOpaque() && json.startsWith("\"") ? CanonicalJson.string(json, subject(name)) : null;
  }

  /** Its text, if it is a string or an integer that could be stated; else null. */
  @Nullable String text() {
    if (value instanceof Term.Str text) {
      return text.value();
    }
    return value instanceof Term.Int ? json : null;
  }

  /** True if nothing but the name is stated. */
  boolean isOpaque() {
    return value == null && number == null;
  }

  /** The predicates that say nothing of it, although its value could be of that kind. */
  Set<String> unstated() {
    if (isOpaque()) {
      return ReservedPredicates.OF_ARGUMENTS;
    }
    if (number == null || (value != null && number.millionths() != null)) {
      return Set.of();
    }
    return value != null
        ? ReservedPredicates.OF_DECIMALS
        : number.millionths() != null
            ? ReservedPredicates.OF_INTEGERS
            : ReservedPredicates.OF_NUMBERS;
  }

  /** Adds the way out to what cannot be stated exactly. */
  private static TaperException inexact(TaperException e) {
    return e.code() == ErrorCode.INVALID_ARGUMENT_VALUE
        ? new TaperException(
            e.code(),
            e.getMessage() + "; the service's catalog can declare that it may be opaque",
            e)
        : e;
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
    if (number != null) {
      Long millionths = number.millionths();
      if (millionths != null) {
        facts.add(Fact.of(ReservedPredicates.ARG_DECIMAL, term, new Term.Int(millionths)));
      }
      if (value == null) {
        facts.add(Fact.of(ReservedPredicates.ARG_NUMBER, term, new Term.Str(json)));
      }
    }
    if (isOpaque()) {
      facts.add(Fact.of(ReservedPredicates.ARG_OPAQUE, term));
    }
    if (target != null) {
      addFacts(target, term, facts);
    }
    if (elements != null) {
      elements.addFact(term, facts);
    }
  }

  private static void addFacts(StringTarget target, Term.Str name, List<Fact> facts) {
    Url url = target.url();
    if (url != null) {
      Host host = url.host();
      facts.add(
          Fact.of(
              ReservedPredicates.ARG_URL,
              name,
              new Term.Str(url.scheme()),
              new Term.Str(host.text()),
              new Term.Int(url.port()),
              new Term.Str(url.path())));
      facts.add(
          Fact.of(ReservedPredicates.ARG_HOST_CLASS, name, new Term.Str(host.hostClass().text())));
      if (host.ip() != null) {
        facts.add(Fact.of(ReservedPredicates.ARG_IP, name, new Term.Str(host.ip())));
      }
    }
    if (target.path() != null) {
      facts.add(Fact.of(ReservedPredicates.ARG_PATH, name, new Term.Str(target.path())));
    }
  }

  private static String json(Term value) {
    StringBuilder out = new StringBuilder();
    CanonicalJson.write(value, out);
    return out.toString();
  }
}
