package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.Map;

/**
 * Writes facts, rules, checks, policies and scopes. Symbols and keys get their numbers in the order
 * of writing; sets and maps are written in their canonical order.
 */
final class DatalogWriter {
  private final ProtoWriter out;
  private final SymbolTable symbols;
  private final KeyTable keys;

  DatalogWriter(ProtoWriter out, TokenTables tables) {
    this.out = out;
    this.symbols = tables.symbols();
    this.keys = tables.keys();
  }

  static void requireHeight(int height) {
    if (height > Expression.MAX_HEIGHT) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT,
          "an expression is higher than " + Expression.MAX_HEIGHT + " levels");
    }
  }

  /** Writes a public key. */
  static void publicKey(ProtoWriter out, int field, PublicKey key) {
    int start = out.begin(field);
    out.number(1, key.algorithm().wireId());
    out.bytes(2, key.bytes());
    out.end(start);
  }

  /** Writes a block's facts, rules, checks and scopes, to four consecutive fields. */
  void block(int factsField, Block block) {
    for (Fact fact : block.facts()) {
      fact(factsField, fact);
    }
    for (Rule rule : block.rules()) {
      int start = out.begin(factsField + 1);
      rule(rule);
      out.end(start);
    }
    for (Check check : block.checks()) {
      check(factsField + 2, check);
    }
    scopes(factsField + 3, block.scopes());
  }

  void fact(int field, Fact fact) {
    int start = out.begin(field);
    predicate(1, fact.predicate());
    out.end(start);
  }

  void policy(int field, Policy policy) {
    int start = out.begin(field);
    queries(policy.queries());
    out.number(2, policy.kind() == Policy.Kind.ALLOW ? 0 : 1);
    out.end(start);
  }

  private void check(int field, Check check) {
    int start = out.begin(field);
    queries(check.queries());
    switch (check.kind()) {
      case IF -> {} // the default, and unknown to v3.0
      case ALL -> out.number(2, 1);
      case REJECT -> out.number(2, 2);
    }
    out.end(start);
  }

  private void queries(List<Query> queries) {
    if (queries.isEmpty()) {
      throw invalid("a check or policy without a query");
    }
    for (Query query : queries) {
      int start = out.begin(1);
      int head = out.begin(1);
      out.number(1, SymbolTable.QUERY);
      out.end(head);
      body(query);
      out.end(start);
    }
  }

  private void rule(Rule rule) {
    predicate(1, rule.head());
    body(rule.body());
  }

  private void body(Query query) {
    for (Predicate predicate : query.predicates()) {
      predicate(2, predicate);
    }
    for (Expression expression : query.expressions()) {
      requireOperand(expression, -1);
      int start = out.begin(3);
      ops(1, expression, 1);
      out.end(start);
    }
    scopes(4, query.scopes());
  }

  private void scopes(int field, List<Scope> scopes) {
    for (Scope scope : scopes) {
      int start = out.begin(field);
      if (scope instanceof Scope.Key k) {
        out.number(2, keys.insert(k.publicKey()));
      } else {
        out.number(1, scope instanceof Scope.Authority ? 0 : 1);
      }
      out.end(start);
    }
  }

  private void predicate(int field, Predicate predicate) {
    int start = out.begin(field);
    out.number(1, symbols.insert(predicate.name()));
    for (Term term : predicate.terms()) {
      term(2, term, 1);
    }
    out.end(start);
  }

  private void term(int field, Term term, int depth) {
    if (depth > Term.MAX_DEPTH) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT, "a term is nested deeper than " + Term.MAX_DEPTH + " levels");
    }
    int start = out.begin(field);
    if (term instanceof Term.Variable v) {
      out.number(1, symbols.insert(v.name()));
    } else if (term instanceof Term.Int i) {
      out.number(2, i.value());
    } else if (term instanceof Term.Str s) {
      out.number(3, symbols.insert(s.value()));
    } else if (term instanceof Term.Date d) {
      out.number(4, d.seconds());
    } else if (term instanceof Term.Bytes b) {
      out.bytes(5, b.value());
    } else if (term instanceof Term.Bool b) {
      out.number(6, b.value() ? 1 : 0);
    } else if (term instanceof Term.Set set) {
      int inner = out.begin(7);
      for (Term element : set.elements()) {
        if (element.getClass() != set.elements().first().getClass()) {
          throw invalid("a set with elements of different types");
        }
        term(1, element, depth + 1);
      }
      out.end(inner);
    } else if (term instanceof Term.Null) {
      out.end(out.begin(8));
    } else if (term instanceof Term.Array array) {
      int inner = out.begin(9);
      for (Term element : array.elements()) {
        term(1, element, depth + 1);
      }
      out.end(inner);
    } else if (term instanceof Term.Map map) {
      int inner = out.begin(10);
      for (Map.Entry<Term.MapKey, Term> entry : map.entries().entrySet()) {
        entry(entry.getKey(), entry.getValue(), depth);
      }
      out.end(inner);
    }
    out.end(start);
  }

  private void entry(Term.MapKey key, Term value, int depth) {
    int start = out.begin(1);
    int inner = out.begin(1);
    if (key instanceof Term.Int i) {
      out.number(1, i.value());
    } else if (key instanceof Term.Str s) {
      out.number(2, symbols.insert(s.value()));
    }
    out.end(inner);
    term(2, value, depth + 1);
    out.end(start);
  }

  /** Writes an expression's operations in postfix order, each as an element of a field. */
  private void ops(int field, Expression expression, int height) {
    requireHeight(height);
    if (expression instanceof Expression.Value v) {
      int start = out.begin(field);
      term(1, v.term(), 1);
      out.end(start);
    } else if (expression instanceof Expression.Unary u) {
      requireOperand(u.operand(), -1);
      ops(field, u.operand(), height + 1);
      op(field, 2, Operators.number(u.op()));
    } else if (expression instanceof Expression.Binary b) {
      requireOperand(b.left(), Operators.closureLeft(b.op()));
      requireOperand(b.right(), Operators.closureRight(b.op()));
      ops(field, b.left(), height + 1);
      ops(field, b.right(), height + 1);
      op(field, 3, Operators.number(b.op()));
    } else if (expression instanceof Expression.Extern x) {
      extern(field, x, height);
    } else if (expression instanceof Expression.Closure c) {
      int start = out.begin(field);
      int inner = out.begin(4);
      for (String parameter : c.parameters()) {
        out.number(1, symbols.insert(parameter));
      }
      requireOperand(c.body(), -1);
      ops(2, c.body(), height + 1);
      out.end(inner);
      out.end(start);
    }
  }

  private void op(int field, int arity, int number) {
    int start = out.begin(field);
    int inner = out.begin(arity);
    out.number(1, number);
    out.end(inner);
    out.end(start);
  }

  private void extern(int field, Expression.Extern call, int height) {
    requireOperand(call.receiver(), -1);
    ops(field, call.receiver(), height + 1);
    Expression argument = call.argument();
    if (argument != null) {
      requireOperand(argument, -1);
      ops(field, argument, height + 1);
    }
    int start = out.begin(field);
    int inner = out.begin(argument == null ? 2 : 3);
    out.number(1, argument == null ? Operators.UNARY_EXTERN : Operators.BINARY_EXTERN);
    out.number(2, symbols.insert(call.name()));
    out.end(inner);
    out.end(start);
  }

  /**
   * Checks that an operand is a closure with this number of parameters; for -1, that it is not one.
   */
  private static void requireOperand(Expression operand, int parameters) {
    int found = operand instanceof Expression.Closure c ? c.parameters().size() : -1;
    if (found != parameters) {
      throw invalid(
          parameters < 0
              ? "a closure where a value is needed"
              : "not a closure of " + parameters + " parameters");
    }
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_DATALOG, message);
  }
}
