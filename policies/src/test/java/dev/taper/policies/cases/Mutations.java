package dev.taper.policies.cases;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Every policy that differs from a given one in one place: a statement, alternative, predicate,
 * expression or default scope less; a constant, operator or kind of statement changed; a variable
 * that no longer joins; an expression negated.
 */
final class Mutations {
  private static final Map<BinaryOp, BinaryOp> SWAPPED =
      Map.of(
          BinaryOp.LESS_THAN, BinaryOp.LESS_OR_EQUAL,
          BinaryOp.LESS_OR_EQUAL, BinaryOp.LESS_THAN,
          BinaryOp.GREATER_THAN, BinaryOp.GREATER_OR_EQUAL,
          BinaryOp.GREATER_OR_EQUAL, BinaryOp.GREATER_THAN,
          BinaryOp.PREFIX, BinaryOp.CONTAINS,
          BinaryOp.SUFFIX, BinaryOp.CONTAINS,
          BinaryOp.INTERSECTION, BinaryOp.UNION,
          BinaryOp.ADD, BinaryOp.SUB);

  private Mutations() {}

  static List<AuthorizerCode> of(AuthorizerCode code) {
    Block block = code.block();
    List<AuthorizerCode> all = new ArrayList<>();
    each(block.scopes(), scope -> List.of())
        .forEach(scopes -> all.add(code(code, scopes, block.rules(), block.checks())));
    each(block.rules(), Mutations::rule)
        .forEach(rules -> all.add(code(code, block.scopes(), rules, block.checks())));
    each(block.checks(), Mutations::check)
        .forEach(checks -> all.add(code(code, block.scopes(), block.rules(), checks)));
    each(code.policies(), Mutations::policy)
        .forEach(policies -> all.add(new AuthorizerCode(block, policies)));
    return all;
  }

  private static AuthorizerCode code(
      AuthorizerCode code, List<Scope> scopes, List<Rule> rules, List<Check> checks) {
    Block block = code.block();
    return new AuthorizerCode(
        new Block(block.context(), scopes, block.facts(), rules, checks), code.policies());
  }

  /** The list without each element, and with each of its mutants in its place. */
  private static <T> List<List<T>> each(List<T> list, Function<T, List<T>> mutants) {
    List<List<T>> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      List<T> without = new ArrayList<>(list);
      without.remove(i);
      all.add(without);
      all.addAll(replacing(list, i, mutants.apply(list.get(i))));
    }
    return all;
  }

  private static <T> List<List<T>> replacing(List<T> list, int index, List<? extends T> mutants) {
    List<List<T>> all = new ArrayList<>();
    for (T mutant : mutants) {
      List<T> changed = new ArrayList<>(list);
      changed.set(index, mutant);
      all.add(changed);
    }
    return all;
  }

  private static List<Rule> rule(Rule rule) {
    List<Rule> all = new ArrayList<>();
    query(rule.body()).forEach(body -> all.add(new Rule(rule.head(), body)));
    return all;
  }

  private static List<Check> check(Check check) {
    List<Check> all = new ArrayList<>();
    queries(check.queries()).forEach(queries -> all.add(new Check(check.kind(), queries)));
    if (check.kind() == Check.Kind.ALL) {
      all.add(new Check(Check.Kind.IF, check.queries()));
    } else {
      boolean reject = check.kind() == Check.Kind.REJECT;
      all.add(new Check(reject ? Check.Kind.IF : Check.Kind.REJECT, check.queries()));
    }
    return all;
  }

  private static List<Policy> policy(Policy policy) {
    List<Policy> all = new ArrayList<>();
    queries(policy.queries()).forEach(queries -> all.add(new Policy(policy.kind(), queries)));
    boolean allow = policy.kind() == Policy.Kind.ALLOW;
    all.add(new Policy(allow ? Policy.Kind.DENY : Policy.Kind.ALLOW, policy.queries()));
    return all;
  }

  private static List<List<Query>> queries(List<Query> queries) {
    List<List<Query>> all = each(queries, Mutations::query);
    all.removeIf(List::isEmpty); // the whole statement less is a mutant of its own
    return all;
  }

  private static List<Query> query(Query query) {
    List<Query> all = new ArrayList<>();
    List<Predicate> predicates = query.predicates();
    List<Expression> expressions = query.expressions();
    each(predicates, predicate -> predicate(predicate, query))
        .forEach(p -> all.add(new Query(p, expressions, query.scopes())));
    each(expressions, Mutations::expression)
        .forEach(e -> all.add(new Query(predicates, e, query.scopes())));
    all.removeIf(q -> q.predicates().isEmpty() && q.expressions().isEmpty());
    return all;
  }

  private static List<Predicate> predicate(Predicate predicate, Query query) {
    List<Predicate> all = new ArrayList<>();
    all.add(new Predicate(predicate.name() + "_", predicate.terms()));
    for (int i = 0; i < predicate.terms().size(); i++) {
      Term term = predicate.terms().get(i);
      boolean joins = term instanceof Term.Variable && occurrences(query, term) > 1;
      List<Term> mutants = joins ? List.of(new Term.Variable("mutant")) : constant(term);
      replacing(predicate.terms(), i, mutants)
          .forEach(terms -> all.add(new Predicate(predicate.name(), terms)));
    }
    return all;
  }

  private static long occurrences(Query query, Term variable) {
    return query.predicates().stream()
        .flatMap(p -> p.terms().stream())
        .filter(variable::equals)
        .count();
  }

  private static List<Expression> expression(Expression expression) {
    List<Expression> all = new ArrayList<>(inside(expression));
    all.add(new Expression.Unary(UnaryOp.NEGATE, expression));
    return all;
  }

  private static List<Expression> inside(Expression expression) {
    List<Expression> all = new ArrayList<>();
    if (expression instanceof Expression.Value value) {
      constant(value.term()).forEach(term -> all.add(new Expression.Value(term)));
    } else if (expression instanceof Expression.Unary unary) {
      if (unary.op() == UnaryOp.NEGATE) {
        all.add(unary.operand());
      }
      inside(unary.operand()).forEach(e -> all.add(new Expression.Unary(unary.op(), e)));
    } else if (expression instanceof Expression.Binary binary) {
      BinaryOp op = binary.op();
      BinaryOp swapped = SWAPPED.get(op);
      if (swapped != null) {
        all.add(new Expression.Binary(swapped, binary.left(), binary.right()));
      }
      inside(binary.left()).forEach(e -> all.add(new Expression.Binary(op, e, binary.right())));
      inside(binary.right()).forEach(e -> all.add(new Expression.Binary(op, binary.left(), e)));
    }
    return all;
  }

  private static List<Term> constant(Term term) {
    if (term instanceof Term.Int number) {
      return List.of(new Term.Int(number.value() + 1), new Term.Int(number.value() - 1));
    } else if (term instanceof Term.Str text) {
      return List.of(new Term.Str(text.value() + "x"));
    } else if (term instanceof Term.Bool bool) {
      return List.of(new Term.Bool(!bool.value()));
    } else if (term instanceof Term.Date date) {
      return List.of(new Term.Date(date.seconds() + 1), new Term.Date(date.seconds() - 1));
    } else if (term instanceof Term.Array array) {
      List<Term> all = new ArrayList<>();
      each(array.elements(), Mutations::constant).forEach(e -> all.add(new Term.Array(e)));
      return all;
    }
    return List.of();
  }
}
