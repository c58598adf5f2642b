package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.datalog.Term;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles single rules and queries. */
final class QueryCompiler {
  private static final int[] NO_COLUMNS = {};

  private QueryCompiler() {}

  static CompiledQuery[] compile(List<Query> queries, Patterns patterns) {
    CompiledQuery[] compiled = new CompiledQuery[queries.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = compile(queries.get(i), new Variables(), patterns);
    }
    return compiled;
  }

  /** Compiles a query that is asked once. */
  static CompiledQuery compile(Query query) {
    return compile(query, new Variables(), null);
  }

  /**
   * Compiles a rule.
   *
   * @param unsafe the code to refuse it with if its head has a variable that the body does not bind
   * @param patterns the constant patterns of its block, or null if it is asked once
   * @throws UnsafeRuleException with that code
   */
  static CompiledRule compile(Rule rule, ErrorCode unsafe, @Nullable Patterns patterns) {
    Variables variables = new Variables();
    CompiledQuery body = compile(rule.body(), variables, patterns);
    List<Term> terms = rule.head().terms();
    @Nullable Term[] constants = new @Nullable Term[terms.size()];
    int[] slots = new int[terms.size()];
    for (int c = 0; c < slots.length; c++) {
      if (terms.get(c) instanceof Term.Variable variable) {
        slots[c] = variables.find(variable.name());
        if (slots[c] < 0) {
          throw new UnsafeRuleException(unsafe, rule);
        }
      } else {
        constants[c] = constant(terms.get(c));
      }
    }
    return new CompiledRule(rule, body, constants, slots);
  }

  /** Returns a constant as it is. */
  static Term constant(Term term) {
    if (!Values.acceptable(term)) {
      throw new TaperException(
          ErrorCode.INVALID_DATALOG, "a term is nested deeper than " + Term.MAX_DEPTH);
    }
    return term;
  }

  private static CompiledQuery compile(
      Query query, Variables variables, @Nullable Patterns patterns) {
    List<Predicate> body = query.predicates();
    Atom[] atoms = new Atom[body.size()];
    for (int i = 0; i < atoms.length; i++) {
      atoms[i] = atom(body.get(i).terms(), variables);
    }
    ExpressionCompiler compiler = new ExpressionCompiler(variables, patterns);
    List<Expression> expressions = query.expressions();
    Node[] nodes = new Node[expressions.size()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = compiler.compile(expressions.get(i));
    }
    return new CompiledQuery(query, atoms, nodes, compiler.slots());
  }

  private static Atom atom(List<Term> terms, Variables variables) {
    @Nullable Term[] constants = new @Nullable Term[terms.size()];
    int[] slots = new int[constants.length];
    int[] key = NO_COLUMNS;
    int keys = 0;
    int earlier = variables.size();
    for (int c = 0; c < slots.length; c++) {
      if (terms.get(c) instanceof Term.Variable variable) {
        int bound = variables.find(variable.name());
        if (bound < 0) {
          slots[c] = variables.add(variable.name());
          continue;
        }
        slots[c] = ~bound;
        if (bound >= earlier) {
          continue; // bound by this very atom
        }
      } else {
        constants[c] = constant(terms.get(c));
      }
      if (keys == 0) {
        key = new int[slots.length - c];
      }
      key[keys++] = c;
    }
    return new Atom(constants, slots, keys == key.length ? key : Arrays.copyOf(key, keys));
  }
}
