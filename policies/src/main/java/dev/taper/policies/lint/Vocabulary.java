package dev.taper.policies.lint;

import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the predicates that a policy can use: those that always exist, and those that it declares.
 */
final class Vocabulary {
  static final String INTEGER = "integer";
  static final String STRING = "string";
  static final String DATE = "date";
  private static final String SET = "set";
  private static final String ANY = "any";

  /** The facts that a verifier states (docs/requests.md), with the types of the terms. */
  static final Map<String, List<String>> VERIFIER =
      Map.ofEntries(
          Map.entry("time", List.of(DATE)),
          Map.entry("audience", List.of(STRING)),
          Map.entry("tool", List.of(STRING)),
          Map.entry("operation", List.of(STRING)),
          Map.entry("resource", List.of(STRING)),
          Map.entry("arg", List.of(STRING, ANY)),
          Map.entry("arg_decimal", List.of(STRING, INTEGER)),
          Map.entry("arg_number", List.of(STRING, STRING)),
          Map.entry("arg_opaque", List.of(STRING)),
          Map.entry("arg_names", List.of(SET)),
          Map.entry("arg_url", List.of(STRING, STRING, STRING, INTEGER, STRING)),
          Map.entry("arg_host_class", List.of(STRING, STRING)),
          Map.entry("arg_ip", List.of(STRING, STRING)),
          Map.entry("arg_each_host", List.of(STRING, ANY, SET)),
          Map.entry("arg_path", List.of(STRING, STRING)),
          Map.entry("depth", List.of(INTEGER)),
          Map.entry("delegation", List.of(INTEGER, STRING, STRING)),
          Map.entry("invoker", List.of(STRING)),
          Map.entry("presented", List.of(STRING)),
          Map.entry("holder_verified", List.of(STRING)),
          Map.entry("justified", List.of(STRING, STRING)),
          Map.entry("justified_for", List.of(INTEGER)),
          Map.entry("approvers", List.of(SET)),
          Map.entry("approved_by", List.of(STRING, SET)),
          Map.entry("budget_store", List.of(STRING)));

  /** The facts that the authority block of every delegation token states. */
  private static final Map<String, List<String>> AUTHORITY =
      Map.of(
          "delegator", List.of(STRING),
          "holder", List.of(STRING),
          "task", List.of(STRING),
          "purpose", List.of(STRING));

  /**
   * A predicate in the prose of a header: a name, and its terms. Only the number of terms counts.
   */
  private static final Pattern DECLARATION =
      Pattern.compile("\\b([a-z][A-Za-z0-9_]*)\\(([^()]*)\\)");

  /** The types of each known form, by name. */
  private final Map<String, List<List<String>>> known = new LinkedHashMap<>();

  Vocabulary() {
    VERIFIER.forEach(this::add);
    AUTHORITY.forEach(this::add);
  }

  /** Adds the predicates that a comment names. */
  void declare(String comment) {
    Matcher matcher = DECLARATION.matcher(comment);
    while (matcher.find()) {
      if (!VERIFIER.containsKey(matcher.group(1))) {
        int arity = matcher.group(2).isBlank() ? 0 : matcher.group(2).split(",", -1).length;
        add(matcher.group(1), anything(arity));
      }
    }
  }

  /** Adds a predicate that the policy states or derives itself. */
  void define(Predicate predicate) {
    add(predicate.name(), anything(predicate.terms().size()));
  }

  private static List<String> anything(int arity) {
    List<String> types = new ArrayList<>();
    for (int i = 0; i < arity; i++) {
      types.add(ANY);
    }
    return types;
  }

  private void add(String name, List<String> types) {
    known.computeIfAbsent(name, n -> new ArrayList<>()).add(types);
  }

  Iterable<String> names() {
    return known.keySet();
  }

  /** Returns the forms of a predicate, or null if the name is unknown. */
  @Nullable List<List<String>> forms(String name) {
    return known.get(name);
  }

  /** Describes the forms by their number of terms, for messages. */
  static String arities(List<List<String>> forms) {
    Map<Integer, Boolean> sizes = new HashMap<>();
    forms.forEach(form -> sizes.put(form.size(), true));
    return String.join(" or ", sizes.keySet().stream().sorted().map(String::valueOf).toList());
  }

  /** True if a term can be of a type. */
  static boolean fits(Term term, String type) {
    return term instanceof Term.Variable
        || switch (type) {
          case INTEGER -> term instanceof Term.Int;
          case STRING -> term instanceof Term.Str;
          case DATE -> term instanceof Term.Date;
          case SET -> term instanceof Term.Set;
          default -> true;
        };
  }
}
