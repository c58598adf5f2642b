package dev.taper.policies.lint;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queries that all must match one call. A verifier states some facts once for each call, such as
 * its tool, so all that several queries ask of these facts, they ask of one value. A conjunction
 * that is called impossible is impossible for every call and token; others may be impossible too.
 */
final class Conjunction {
  /** The facts that a verifier states once, for each value of this many first terms. */
  static final Map<String, Integer> STATED_ONCE =
      Map.ofEntries(
          Map.entry("time", 0),
          Map.entry("audience", 0),
          Map.entry("tool", 0),
          Map.entry("operation", 0),
          Map.entry("resource", 0),
          Map.entry("arg", 1),
          Map.entry("arg_decimal", 1),
          Map.entry("arg_number", 1),
          Map.entry("arg_names", 0),
          Map.entry("arg_url", 1),
          Map.entry("arg_host_class", 1),
          Map.entry("arg_ip", 1),
          Map.entry("arg_each_host", 1),
          Map.entry("arg_path", 1),
          Map.entry("depth", 0),
          Map.entry("delegation", 1),
          Map.entry("invoker", 0),
          Map.entry("presented", 0),
          Map.entry("approvers", 0),
          Map.entry("approved_by", 1));

  private static final Set<String> SCALARS =
      Set.of(Vocabulary.INTEGER, Vocabulary.STRING, Vocabulary.DATE);

  private final Expressions expressions;

  /**
   * The predicates that the policies state or derive themselves, so that nothing is known of them.
   */
  private final Set<String> own;

  private final List<Atom> atoms = new ArrayList<>();
  private final List<Expression> conditions = new ArrayList<>();
  private final Map<String, Term> bindings = new HashMap<>();
  private final boolean impossible;

  private record Atom(Predicate predicate, List<Scope> scopes) {}

  /**
   * @param queries the queries, each with its effective scopes
   */
  Conjunction(List<Query> queries, Set<String> own, Expressions expressions) {
    this.expressions = expressions;
    this.own = own;
    for (int i = 0; i < queries.size(); i++) {
      add(queries.get(i), i);
    }
    this.impossible = contradicts();
  }

  private void add(Query query, int number) {
    for (Predicate predicate : query.predicates()) {
      List<Term> terms =
          predicate.terms().stream().map(term -> Conjunction.apart(term, number)).toList();
      atoms.add(new Atom(new Predicate(predicate.name(), terms), query.scopes()));
    }
    for (Expression expression : query.expressions()) {
      Expression apart = Expressions.replaced(expression, term -> apart(term, number));
      Expressions.conjuncts(apart, conditions::add);
    }
  }

  /** Renames variables, so that those of different queries are different. */
  private static Term apart(Term term, int number) {
    return term instanceof Term.Variable variable
        ? new Term.Variable(number + "." + variable.name())
        : term;
  }

  /** True if no call matches all queries. */
  boolean impossible() {
    return impossible;
  }

  private boolean contradicts() {
    while (equate()) {
      List<Expression> now = conditions();
      if (now.stream().anyMatch(c -> expressions.value(c) == Expressions.Value.FALSE)) {
        return true;
      }
      boolean found = false;
      for (Term.Variable variable : variables()) {
        Bounds bounds = new Bounds(variable, isScalar(variable));
        now.forEach(bounds::add);
        List<Term> left = left(variable, bounds, now);
        if (bounds.isEmpty() || (left != null && left.isEmpty())) {
          return true;
        }
        if (left != null && left.size() == 1) {
          bindings.put(variable.name(), left.get(0));
          found = true;
          break;
        }
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  /** Equates the facts that are stated once; false if they cannot be equal. */
  private boolean equate() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Atom one : atoms) {
        for (Atom other : atoms) {
          if (!one.equals(other) && isOne(one.predicate, other.predicate)) {
            for (int i = 0; i < one.predicate.terms().size(); i++) {
              Term left = resolved(one.predicate.terms().get(i));
              Term right = resolved(other.predicate.terms().get(i));
              if (left.equals(right)) {
                continue;
              }
              if (left instanceof Term.Variable variable) {
                bindings.put(variable.name(), right);
              } else if (right instanceof Term.Variable variable) {
                bindings.put(variable.name(), left);
              } else {
                return false;
              }
              changed = true;
            }
          }
        }
      }
    }
    return true;
  }

  /** True if two predicates can only match the one fact that there is. */
  private boolean isOne(Predicate one, Predicate other) {
    Integer keys = STATED_ONCE.get(one.name());
    if (keys == null
        || own.contains(one.name())
        || !one.name().equals(other.name())
        || one.terms().size() != other.terms().size()) {
      return false;
    }
    for (int i = 0; i < keys; i++) {
      if (!resolved(one.terms().get(i)).equals(resolved(other.terms().get(i)))) {
        return false;
      }
    }
    return true;
  }

  private Term resolved(Term term) {
    Term current = term;
    while (current instanceof Term.Variable variable && bindings.containsKey(variable.name())) {
      current = bindings.get(variable.name());
    }
    return current;
  }

  private List<Expression> conditions() {
    return conditions.stream().map(c -> Expressions.replaced(c, this::resolved)).toList();
  }

  private Set<Term.Variable> variables() {
    Set<Term.Variable> variables = new LinkedHashSet<>();
    for (Atom atom : atoms) {
      for (Term term : atom.predicate.terms()) {
        if (resolved(term) instanceof Term.Variable variable) {
          variables.add(variable);
        }
      }
    }
    return variables;
  }

  private boolean isScalar(Term.Variable variable) {
    for (Atom atom : atoms) {
      List<String> types = Vocabulary.VERIFIER.get(atom.predicate.name());
      List<Term> terms = atom.predicate.terms();
      if (types == null || own.contains(atom.predicate.name()) || types.size() != terms.size()) {
        continue;
      }
      for (int i = 0; i < terms.size(); i++) {
        if (resolved(terms.get(i)).equals(variable) && SCALARS.contains(types.get(i))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns those of a variable's listed values that no single condition excludes. */
  private @Nullable List<Term> left(
      Term.Variable variable, Bounds bounds, List<Expression> conditions) {
    if (bounds.values() == null) {
      return null;
    }
    List<Term> left = new ArrayList<>();
    for (Term value : bounds.values()) {
      boolean excluded =
          conditions.stream()
              .map(c -> Expressions.replaced(c, term -> term.equals(variable) ? value : term))
              .anyMatch(c -> expressions.value(c) == Expressions.Value.FALSE);
      if (!excluded) {
        left.add(value);
      }
    }
    return left;
  }

  /**
   * True if another query certainly matches every call that matches these: each of its predicates
   * is among theirs, and its conditions are true or among theirs.
   *
   * @param query the query, with its effective scopes
   */
  boolean implies(Query query) {
    return implies(query, 0, new HashMap<>());
  }

  private boolean implies(Query query, int index, Map<String, Term> bound) {
    if (index == query.predicates().size()) {
      return holds(query, bound);
    }
    Predicate wanted = query.predicates().get(index);
    for (Atom atom : atoms) {
      Map<String, Term> extended = new HashMap<>(bound);
      if (isVisible(atom, query) && unify(wanted, atom.predicate, extended)) {
        if (implies(query, index + 1, extended)) {
          return true;
        }
      }
    }
    return false;
  }

  /** True if a query sees an atom's facts; every policy sees what a verifier states. */
  private boolean isVisible(Atom atom, Query query) {
    String name = atom.predicate.name();
    return (Vocabulary.VERIFIER.containsKey(name) && !own.contains(name))
        || atom.scopes.equals(query.scopes());
  }

  private boolean unify(Predicate wanted, Predicate found, Map<String, Term> bound) {
    if (!wanted.name().equals(found.name()) || wanted.terms().size() != found.terms().size()) {
      return false;
    }
    for (int i = 0; i < wanted.terms().size(); i++) {
      Term term = wanted.terms().get(i);
      Term value = resolved(found.terms().get(i));
      if (term instanceof Term.Variable variable) {
        Term before = bound.putIfAbsent(variable.name(), value);
        if (before != null && !before.equals(value)) {
          return false;
        }
      } else if (!term.equals(value)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(Query query, Map<String, Term> bound) {
    List<Expression> known = conditions();
    List<Expression> asked = new ArrayList<>();
    for (Expression expression : query.expressions()) {
      Expression replaced =
          Expressions.replaced(
              expression,
              term ->
                  term instanceof Term.Variable variable
                      ? bound.getOrDefault(variable.name(), term)
                      : term);
      Expressions.conjuncts(replaced, asked::add);
    }
    return asked.stream()
        .allMatch(
            condition ->
                known.contains(condition)
                    || expressions.value(condition) == Expressions.Value.TRUE);
  }
}
