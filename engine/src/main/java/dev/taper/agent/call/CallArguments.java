package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a tool call, as they were judged: a handler that reads them here reads what was
 * decided about, and nothing else. Immutable and thread-safe.
 */
public final class CallArguments {
  static final int MAX = 64;
  static final CallArguments NONE = new CallArguments(new TreeMap<>());

  private final SortedMap<String, CallArgument> byName; // never changed

  private CallArguments(SortedMap<String, CallArgument> byName) {
    this.byName = byName;
  }

  /** Collects arguments. For one thread. */
  static final class Builder {
    private final SortedMap<String, CallArgument> byName = new TreeMap<>();

    void add(CallArgument argument) {
      if (byName.putIfAbsent(argument.name(), argument) != null) {
        throw Text.refuse(
            ErrorCode.INVALID_REQUEST, CallArgument.subject(argument.name()), "is given twice");
      }
      if (byName.size() > MAX) {
        throw new TaperException(
            ErrorCode.INVALID_REQUEST, "a request has at most " + MAX + " arguments");
      }
    }

    @Nullable CallArgument get(String name) {
      return byName.get(name);
    }

    CallArguments build() {
      return new CallArguments(byName);
    }
  }

  /** A copy with one more. */
  CallArguments with(CallArgument argument) {
    Builder more = new Builder();
    more.byName.putAll(byName);
    more.add(argument);
    return more.build();
  }

  /** The names, in the order of their UTF-16 code units. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(byName.keySet()));
  }

  /** True if there is such an argument, even if it is null. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * The value of an argument as JSON in canonical form, as it was judged.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of this name
   */
  public String json(String name) {
    return argument(name).json();
  }

  /**
   * The value of a string argument, as it was judged.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of this name, or it
   *     is no string
   */
  public String string(String name) {
    String text = argument(name).string();
    if (text == null) {
      throw not(name, "a string");
    }
    return text;
  }

  /**
   * The value of a numeric argument, as it was judged. A whole number has the scale 0: 50 is 50,
   * not 5E+1.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of this name, or it
   *     is no number
   */
  public BigDecimal number(String name) {
    CanonicalNumber number = argument(name).number();
    if (number == null) {
      throw not(name, "a number");
    }
    BigDecimal value = number.value();
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  /**
   * The value of an argument that is an integer, as it was judged.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of this name, or it
   *     is no integer of 64 bits
   */
  public long integer(String name) {
    CanonicalNumber number = argument(name).number();
    Long integer = number == null ? null : number.integer();
    if (integer == null) {
      throw not(name, "an integer of 64 bits");
    }
    return integer;
  }

  /**
   * The value of a boolean argument, as it was judged.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of this name, or it
   *     is neither true nor false
   */
  public boolean bool(String name) {
    if (argument(name).value() instanceof Term.Bool bool) {
      return bool.value();
    }
    throw not(name, "true or false");
  }

  private CallArgument argument(String name) {
    CallArgument argument = byName.get(name);
    if (argument == null) {
      throw not(name, "there");
    }
    return argument;
  }

  private static TaperException not(String name, String what) {
    return Text.refuse(
        ErrorCode.INVALID_ARGUMENT, CallArgument.subject(ShownText.of(name, 64)), "is not " + what);
  }

  /**
   * The value of a numeric argument times a million; null if it is absent, or has no such integer.
   */
  public @Nullable Long millionths(String name) {
    CallArgument argument = byName.get(name);
    CanonicalNumber number = argument == null ? null : argument.number();
    return number == null ? null : number.millionths();
  }

  /** The names of the arguments that could not be stated exactly: only their names are. */
  public SortedSet<String> opaqueNames() {
    SortedSet<String> names = new TreeSet<>();
    for (CallArgument argument : byName.values()) {
      if (argument.isOpaque()) {
        names.add(argument.name());
      }
    }
    return names;
  }

  /**
   * What is not stated about arguments although they have a value that could be of that kind: by
   * the name of an argument, the predicates. What forbids such a value would pass it over.
   */
  public SortedMap<String, Set<String>> unstated() {
    SortedMap<String, Set<String>> unstated = new TreeMap<>();
    for (CallArgument argument : byName.values()) {
      Set<String> predicates = argument.unstated();
      if (!predicates.isEmpty()) {
        unstated.put(argument.name(), predicates);
      }
    }
    return unstated;
  }

  /** The unit in which an argument counts, as the service's catalog says; null if it says none. */
  public @Nullable String unit(String name) {
    CallArgument argument = byName.get(name);
    return argument == null ? null : argument.type().unit();
  }

  /** Adds the facts that they give: their names, then what is known of each. */
  void addFacts(List<Fact> facts) {
    List<Term> names = new ArrayList<>(byName.size());
    for (String name : byName.keySet()) {
      names.add(new Term.Str(name));
    }
    facts.add(Fact.of(ReservedPredicates.ARG_NAMES, Term.Set.of(names)));
    for (CallArgument argument : byName.values()) {
      argument.addFacts(facts);
    }
  }

  /** All of them as one JSON object in canonical form. */
  public String toJson() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  void write(StringBuilder out) {
    out.append('{');
    String separator = "";
    for (CallArgument argument : byName.values()) {
      out.append(separator);
      CanonicalJson.writeString(argument.name(), out);
      out.append(':').append(argument.json());
      separator = ",";
    }
    out.append('}');
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof CallArguments other && byName.equals(other.byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  /** The names; no values, which may be confidential. */
  @Override
  public String toString() {
    return byName.keySet().toString();
  }
}
