package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles the rules and queries of one block, authorizer or caller. */
final class QueryCompiler {
  private final PredicateTable predicates;

  /** Predicates are numbered by the table, which grows. */
  QueryCompiler(PredicateTable predicates) {
    this.predicates = predicates;
  }

  CompiledQuery[] compile(List<Query> queries) {
    CompiledQuery[] compiled = new CompiledQuery[queries.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = compile(queries.get(i));
    }
    return compiled;
  }

  CompiledQuery compile(Query query) {
    return compile(query, new HashMap<>());
  }

  /**
   * Compiles a rule.
   *
   * @param unsafe the code to refuse it with if its head has a variable that the body does not bind
   * @throws UnsafeRuleException of that code
   */
  CompiledRule compile(Rule rule, ErrorCode unsafe) {
    Map<String, Integer> variables = new HashMap<>();
    CompiledQuery body = compile(rule.body(), variables);
    List<Term> terms = rule.head().terms();
    @Nullable Term[] constants = new @Nullable Term[terms.size()];
    int[] slots = new int[terms.size()];
    for (int c = 0; c < slots.length; c++) {
      if (terms.get(c) instanceof Term.Variable variable) {
        Integer slot = variables.get(variable.name());
        if (slot == null) {
          throw new UnsafeRuleException(unsafe, rule);
        }
        slots[c] = slot;
      } else {
        constants[c] = constant(terms.get(c));
      }
    }
    int head = predicates.add(rule.head().name(), slots.length);
    return new CompiledRule(rule, body, head, constants, slots);
  }

  /** A constant as it is. */
  static Term constant(Term term) {
    if (!Values.acceptable(term)) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG, "a term is nested deeper than " + Term.MAX_DEPTH);
    }
    return term;
  }

  private CompiledQuery compile(Query query, Map<String, Integer> variables) {
    List<Predicate> body = query.predicates();
    Atom[] atoms = new Atom[body.size()];
    for (int i = 0; i < atoms.length; i++) {
      atoms[i] = atom(body.get(i), variables);
    }
    String[] names = new String[variables.size()];
    variables.forEach((name, slot) -> names[slot] = name);
    ExpressionCompiler compiler = new ExpressionCompiler(variables);
    List<Expression> expressions = query.expressions();
    Node[] nodes = new Node[expressions.size()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = compiler.compile(expressions.get(i));
    }
    return new CompiledQuery(query, atoms, nodes, List.of(names), compiler.slots());
  }

  private Atom atom(Predicate predicate, Map<String, Integer> variables) {
    List<Term> terms = predicate.terms();
    @Nullable Term[] constants = new @Nullable Term[terms.size()];
    int[] slots = new int[terms.size()];
    int[] key = new int[terms.size()];
    int keys = 0;
    int earlier = variables.size();
    for (int c = 0; c < slots.length; c++) {
      if (terms.get(c) instanceof Term.Variable variable) {
        Integer bound = variables.get(variable.name());
        if (bound == null) {
          slots[c] = variables.size();
          variables.put(variable.name(), slots[c]);
          continue;
        }
        slots[c] = ~bound;
        if (bound >= earlier) {
          continue; // bound by this very atom
        }
      } else {
        constants[c] = constant(terms.get(c));
      }
      key[keys++] = c;
    }
    int id = predicates.add(predicate.name(), slots.length);
    return new Atom(id, constants, slots, Arrays.copyOf(key, keys));
  }
}
