package dev.taper.testvectors;

import biscuit.format.schema.Schema;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Scope;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.biscuitsec.biscuit.crypto.PublicKey;
import org.biscuitsec.biscuit.token.builder.Expression.Op;

/**
 * Our syntax tree as biscuit-java's builder objects, and its facts as ours. No text lies between,
 * because the two text forms differ (sets, strict and lenient equality).
 */
final class Translation {
  private Translation() {}

  static org.biscuitsec.biscuit.token.builder.Block block(Block block) {
    var result = new org.biscuitsec.biscuit.token.builder.Block();
    if (block.context() != null) {
      result.set_context(block.context());
    }
    block.scopes().forEach(scope -> result.add_scope(scope(scope)));
    block.facts().forEach(fact -> result.add_fact(fact(fact)));
    block.rules().forEach(rule -> result.add_rule(rule(rule)));
    block.checks().forEach(check -> result.add_check(check(check)));
    return result;
  }

  static void fill(org.biscuitsec.biscuit.token.Authorizer authorizer, AuthorizerCode code) {
    // Scopes first: a rule takes the authorizer's scopes when it is added.
    code.block().scopes().forEach(scope -> authorizer.add_scope(authorizerScope(scope)));
    code.block().facts().forEach(fact -> authorizer.add_fact(fact(fact)));
    code.block().rules().forEach(rule -> authorizer.add_rule(rule(rule)));
    code.block().checks().forEach(check -> authorizer.add_check(check(check)));
    code.policies().forEach(policy -> authorizer.add_policy(policy(policy)));
  }

  /** A fact of biscuit-java as ours. */
  static Fact fact(org.biscuitsec.biscuit.token.builder.Fact fact) {
    List<Term> terms = new ArrayList<>();
    for (var term : fact.terms()) {
      terms.add(term(term));
    }
    return new Fact(new Predicate(fact.name(), terms));
  }

  private static org.biscuitsec.biscuit.token.builder.Fact fact(Fact fact) {
    return new org.biscuitsec.biscuit.token.builder.Fact(predicate(fact.predicate()));
  }

  private static org.biscuitsec.biscuit.token.builder.Rule rule(Rule rule) {
    return rule(rule.head(), rule.body());
  }

  private static org.biscuitsec.biscuit.token.builder.Rule rule(Predicate head, Query body) {
    List<org.biscuitsec.biscuit.token.builder.Predicate> predicates = new ArrayList<>();
    body.predicates().forEach(predicate -> predicates.add(predicate(predicate)));
    List<org.biscuitsec.biscuit.token.builder.Expression> expressions = new ArrayList<>();
    body.expressions().forEach(expression -> expressions.add(expression(expression)));
    List<org.biscuitsec.biscuit.token.builder.Scope> scopes = new ArrayList<>();
    body.scopes().forEach(scope -> scopes.add(scope(scope)));
    return new org.biscuitsec.biscuit.token.builder.Rule(
        predicate(head), predicates, expressions, scopes);
  }

  private static List<org.biscuitsec.biscuit.token.builder.Rule> queries(List<Query> queries) {
    List<org.biscuitsec.biscuit.token.builder.Rule> rules = new ArrayList<>();
    queries.forEach(query -> rules.add(rule(Predicate.of("query"), query)));
    return rules;
  }

  private static org.biscuitsec.biscuit.token.builder.Check check(Check check) {
    var kind =
        switch (check.kind()) {
          case IF -> org.biscuitsec.biscuit.datalog.Check.Kind.One;
          case ALL -> org.biscuitsec.biscuit.datalog.Check.Kind.All;
          case REJECT -> throw unsupported(check);
        };
    return new org.biscuitsec.biscuit.token.builder.Check(kind, queries(check.queries()));
  }

  private static org.biscuitsec.biscuit.token.Policy policy(Policy policy) {
    return new org.biscuitsec.biscuit.token.Policy(
        queries(policy.queries()),
        policy.kind() == Policy.Kind.ALLOW
            ? org.biscuitsec.biscuit.token.Policy.Kind.Allow
            : org.biscuitsec.biscuit.token.Policy.Kind.Deny);
  }

  private static org.biscuitsec.biscuit.token.builder.Scope scope(Scope scope) {
    if (scope instanceof Scope.Authority) {
      return org.biscuitsec.biscuit.token.builder.Scope.authority();
    }
    if (scope instanceof Scope.Key key) {
      return org.biscuitsec.biscuit.token.builder.Scope.publicKey(publicKey(key.publicKey()));
    }
    return org.biscuitsec.biscuit.token.builder.Scope.previous();
  }

  /** Its authorizer takes scopes in their compiled form, which no key can be given in. */
  private static org.biscuitsec.biscuit.datalog.Scope authorizerScope(Scope scope) {
    if (scope instanceof Scope.Key) {
      throw unsupported(scope);
    }
    return scope instanceof Scope.Authority
        ? org.biscuitsec.biscuit.datalog.Scope.authority()
        : org.biscuitsec.biscuit.datalog.Scope.previous();
  }

  static PublicKey publicKey(dev.taper.crypto.PublicKey key) {
    return new PublicKey(Schema.PublicKey.Algorithm.Ed25519, key.bytes());
  }

  private static org.biscuitsec.biscuit.token.builder.Predicate predicate(Predicate predicate) {
    List<org.biscuitsec.biscuit.token.builder.Term> terms = new ArrayList<>();
    predicate.terms().forEach(term -> terms.add(term(term)));
    return new org.biscuitsec.biscuit.token.builder.Predicate(predicate.name(), terms);
  }

  private static org.biscuitsec.biscuit.token.builder.Term term(Term term) {
    if (term instanceof Term.Variable variable) {
      return new org.biscuitsec.biscuit.token.builder.Term.Variable(variable.name());
    }
    if (term instanceof Term.Int integer) {
      return new org.biscuitsec.biscuit.token.builder.Term.Integer(integer.value());
    }
    if (term instanceof Term.Str string) {
      return new org.biscuitsec.biscuit.token.builder.Term.Str(string.value());
    }
    if (term instanceof Term.Date date) {
      return new org.biscuitsec.biscuit.token.builder.Term.Date(date.seconds());
    }
    if (term instanceof Term.Bytes bytes) {
      return new org.biscuitsec.biscuit.token.builder.Term.Bytes(bytes.value());
    }
    if (term instanceof Term.Bool bool) {
      return new org.biscuitsec.biscuit.token.builder.Term.Bool(bool.value());
    }
    if (term instanceof Term.Set set) {
      HashSet<org.biscuitsec.biscuit.token.builder.Term> elements = new HashSet<>();
      set.elements().forEach(element -> elements.add(term(element)));
      return new org.biscuitsec.biscuit.token.builder.Term.Set(elements);
    }
    throw unsupported(term);
  }

  private static Term term(org.biscuitsec.biscuit.token.builder.Term term) {
    if (term instanceof org.biscuitsec.biscuit.token.builder.Term.Integer integer) {
      return new Term.Int(integer.getValue());
    }
    if (term instanceof org.biscuitsec.biscuit.token.builder.Term.Str string) {
      return new Term.Str(string.getValue());
    }
    if (term instanceof org.biscuitsec.biscuit.token.builder.Term.Date date) {
      return new Term.Date(date.getValue());
    }
    if (term instanceof org.biscuitsec.biscuit.token.builder.Term.Bytes bytes) {
      return new Term.Bytes(bytes.getValue());
    }
    if (term instanceof org.biscuitsec.biscuit.token.builder.Term.Bool bool) {
      return new Term.Bool(bool.getValue());
    }
    if (term instanceof org.biscuitsec.biscuit.token.builder.Term.Set set) {
      List<Term> elements = new ArrayList<>();
      for (var element : set.getValue()) {
        elements.add(term(element));
      }
      return Term.Set.of(elements);
    }
    throw unsupported(term);
  }

  private static org.biscuitsec.biscuit.token.builder.Expression expression(Expression expression) {
    if (expression instanceof Expression.Value value) {
      return new org.biscuitsec.biscuit.token.builder.Expression.Value(term(value.term()));
    }
    if (expression instanceof Expression.Unary unary) {
      return new org.biscuitsec.biscuit.token.builder.Expression.Unary(
          op(unary.op()), expression(unary.operand()));
    }
    if (expression instanceof Expression.Binary binary) {
      return new org.biscuitsec.biscuit.token.builder.Expression.Binary(
          op(binary.op()), expression(binary.left()), expression(binary.right()));
    }
    if (expression instanceof Expression.Closure closure && closure.parameters().isEmpty()) {
      return expression(closure.body());
    }
    throw unsupported(expression);
  }

  private static Op op(UnaryOp op) {
    return switch (op) {
      case NEGATE -> Op.Negate;
      case PARENS -> Op.Parens;
      case LENGTH -> Op.Length;
      default -> throw unsupported(op);
    };
  }

  private static Op op(BinaryOp op) {
    return switch (op) {
      case LESS_THAN -> Op.LessThan;
      case GREATER_THAN -> Op.GreaterThan;
      case LESS_OR_EQUAL -> Op.LessOrEqual;
      case GREATER_OR_EQUAL -> Op.GreaterOrEqual;
      case EQUAL -> Op.Equal;
      case NOT_EQUAL -> Op.NotEqual;
      case CONTAINS -> Op.Contains;
      case PREFIX -> Op.Prefix;
      case SUFFIX -> Op.Suffix;
      case REGEX -> Op.Regex;
      case ADD -> Op.Add;
      case SUB -> Op.Sub;
      case MUL -> Op.Mul;
      case DIV -> Op.Div;
      // The text form writes only the lazy ones; where no operand fails, they mean the same.
      case AND, LAZY_AND -> Op.And;
      case OR, LAZY_OR -> Op.Or;
      case INTERSECTION -> Op.Intersection;
      case UNION -> Op.Union;
      case BITWISE_AND -> Op.BitwiseAnd;
      case BITWISE_OR -> Op.BitwiseOr;
      case BITWISE_XOR -> Op.BitwiseXor;
      default -> throw unsupported(op);
    };
  }

  private static IllegalArgumentException unsupported(Object element) {
    return new IllegalArgumentException("not in v3.0 or v3.1: " + element);
  }
}
