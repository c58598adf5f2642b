package dev.taper.datalog.parser;

import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.AuthorizerCode;
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
import dev.taper.datalog.parser.ExpressionParser.VariableUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads statements: facts, rules, checks and policies, and whole sources of them. */
final class StatementParser {
  private static final String QUERY_END = "expected `,`, `or`, `trusting` or `;`";

  private final Cursor cursor;
  private final TermParser terms;
  private final ExpressionParser expressions;

  StatementParser(Cursor cursor) {
    this.cursor = cursor;
    this.terms = new TermParser(cursor);
    this.expressions = new ExpressionParser(cursor, terms);
  }

  /** Reads statements up to the end; policies are collected if a list is given. */
  Block statements(@Nullable List<Policy> policies) {
    Block.Builder block = Block.builder();
    cursor.skipSpace();
    if (cursor.at("trusting") && !cursor.atPredicate()) {
      scopes().forEach(block::scope);
      endOfStatement("expected `,` or `;`");
    }
    while (moreStatements()) {
      statement(block, policies);
    }
    return block.build();
  }

  AuthorizerCode authorizer() {
    List<Policy> policies = new ArrayList<>();
    Block block = statements(policies);
    return cursor.mark(new AuthorizerCode(block, policies), 0);
  }

  /** Skips space and empty statements. */
  private boolean moreStatements() {
    do {
      cursor.skipSpace();
    } while (cursor.accept(';'));
    return !cursor.atEnd();
  }

  private void statement(Block.Builder block, @Nullable List<Policy> policies) {
    if (cursor.atPredicate()) {
      factOrRule(block);
      return;
    }
    Check check = tryCheck();
    if (check != null) {
      block.check(check);
      endOfStatement(QUERY_END);
      return;
    }
    int start = cursor.position;
    Policy policy = tryPolicy();
    if (policy == null) {
      if (cursor.at("trusting")) {
        throw cursor.error(start, "the block's `trusting` must be its first statement", null);
      }
      throw Hints.noStatement(
          cursor, policies == null ? "a fact, rule or check" : "a fact, rule, check or policy");
    }
    if (policies == null) {
      throw cursor.error(start, "a block cannot hold a policy", "policies belong to an authorizer");
    }
    policies.add(policy);
    endOfStatement(QUERY_END);
  }

  private void factOrRule(Block.Builder block) {
    int start = cursor.position;
    List<VariableUse> variables = new ArrayList<>();
    Predicate head = predicate(variables);
    int end = cursor.position;
    cursor.skipSpace();
    if (cursor.at("<-")) {
      block.rule(rule(head, variables, start));
      endOfStatement("expected `,`, `trusting` or `;`");
    } else if (cursor.at(":-")) {
      throw cursor.unexpected("expected `<-`", "a rule's head and body are joined by `<-`");
    } else {
      cursor.position = end;
      block.fact(fact(head, variables, start));
      endOfStatement("expected `;` or `<-`");
    }
  }

  Fact fact() {
    cursor.skipSpace();
    int start = cursor.position;
    List<VariableUse> variables = new ArrayList<>();
    return fact(predicate(variables), variables, start);
  }

  private Fact fact(Predicate predicate, List<VariableUse> variables, int start) {
    if (!variables.isEmpty()) {
      VariableUse use = variables.get(0);
      throw cursor.invalid(
          use.offset(),
          "a fact cannot hold the variable $" + use.name(),
          "is this meant as a rule, with a body after `<-`?");
    }
    return cursor.mark(new Fact(predicate), start);
  }

  Rule rule() {
    cursor.skipSpace();
    int start = cursor.position;
    List<VariableUse> variables = new ArrayList<>();
    Predicate head = predicate(variables);
    cursor.skipSpace();
    if (!cursor.at("<-")) {
      throw cursor.unexpected("expected `<-` after the rule's head", null);
    }
    return rule(head, variables, start);
  }

  private Rule rule(Predicate head, List<VariableUse> variables, int start) {
    cursor.position += 2; // the arrow
    Query body = query();
    Set<String> bound = bound(body.predicates());
    for (VariableUse use : variables) {
      if (!bound.contains(use.name())) {
        throw cursor.invalid(
            use.offset(),
            "the body does not bind the head's variable $" + use.name(),
            "use it in a predicate of the body");
      }
    }
    return cursor.mark(new Rule(head, body), start);
  }

  Check check() {
    cursor.skipSpace();
    Check check = tryCheck();
    if (check == null) {
      throw Hints.noStatement(cursor, "`check if`, `check all` or `reject if`");
    }
    return check;
  }

  private @Nullable Check tryCheck() {
    int start = cursor.position;
    for (Check.Kind kind : Check.Kind.values()) {
      if (acceptIgnoringCase(kind.text())) {
        return cursor.mark(new Check(kind, alternatives()), start);
      }
    }
    return null;
  }

  Policy policy() {
    cursor.skipSpace();
    Policy policy = tryPolicy();
    if (policy == null) {
      throw Hints.noStatement(cursor, "`allow if` or `deny if`");
    }
    return policy;
  }

  private @Nullable Policy tryPolicy() {
    int start = cursor.position;
    for (Policy.Kind kind : Policy.Kind.values()) {
      if (acceptIgnoringCase(kind.text())) {
        return cursor.mark(new Policy(kind, alternatives()), start);
      }
    }
    return null;
  }

  /** Accepts keywords in any case and without a space after them, as the reference grammar does. */
  private boolean acceptIgnoringCase(String keywords) {
    if (!cursor.atIgnoringCase(keywords)) {
      return false;
    }
    cursor.position += keywords.length();
    return true;
  }

  private List<Query> alternatives() {
    List<Query> queries = new ArrayList<>();
    do {
      queries.add(query());
    } while (or());
    return queries;
  }

  private boolean or() {
    int end = cursor.position;
    cursor.skipSpace();
    // Unlike the reference grammar's, this word must end: a missing comma before a predicate such
    // as order(1) would otherwise turn a condition into an alternative.
    if (cursor.peekName().equalsIgnoreCase("or")) {
      cursor.position += 2;
      return true;
    }
    cursor.position = end;
    return false;
  }

  /** Reads a body: predicates, expressions and scopes. */
  Query query() {
    List<Predicate> predicates = new ArrayList<>();
    List<Expression> conditions = new ArrayList<>();
    cursor.skipSpace();
    int start = cursor.position;
    int end;
    do {
      cursor.skipSpace();
      if (cursor.atPredicate()) {
        predicates.add(predicate(new ArrayList<>()));
      } else {
        conditions.add(expressions.expression());
      }
      end = cursor.position;
      cursor.skipSpace();
    } while (cursor.accept(','));
    List<Scope> scopes = List.of();
    if (cursor.at("trusting")) {
      scopes = scopes();
    } else {
      cursor.position = end;
    }
    requireBound(bound(predicates));
    return cursor.mark(new Query(predicates, conditions, scopes), start);
  }

  private void requireBound(Set<String> bound) {
    for (VariableUse use : expressions.takeFreeVariables()) {
      if (!bound.contains(use.name())) {
        throw cursor.invalid(
            use.offset(),
            "no predicate binds the variable $" + use.name(),
            "use it in a predicate of the same body");
      }
    }
  }

  private static Set<String> bound(List<Predicate> predicates) {
    Set<String> bound = new HashSet<>();
    for (Predicate predicate : predicates) {
      for (Term term : predicate.terms()) {
        if (term instanceof Term.Variable v) {
          bound.add(v.name());
        }
      }
    }
    return bound;
  }

  /** Reads a predicate and adds the variables among its terms to a list. */
  private Predicate predicate(List<VariableUse> variables) {
    int start = cursor.position;
    String name = cursor.name();
    if (name.isEmpty()) {
      throw cursor.unexpected("expected a predicate's name", null);
    }
    cursor.expect('(', "after the predicate's name");
    cursor.skipSpace();
    if (cursor.at(')')) {
      throw cursor.error(cursor.position, "a predicate has at least one term", null);
    }
    List<Term> list = new ArrayList<>();
    do {
      cursor.skipSpace();
      int termStart = cursor.position;
      Term term = terms.term();
      if (term instanceof Term.Variable v) {
        variables.add(new VariableUse(v.name(), termStart));
      }
      list.add(term);
      cursor.skipSpace();
    } while (cursor.accept(','));
    if (!cursor.accept(')')) {
      throw Hints.noEndOfTerm(cursor);
    }
    return cursor.mark(new Predicate(name, list), start);
  }

  /** Reads scopes, whose keyword is here. */
  private List<Scope> scopes() {
    cursor.position += "trusting".length();
    List<Scope> scopes = new ArrayList<>();
    int end;
    do {
      cursor.skipSpace();
      scopes.add(scope());
      end = cursor.position;
      cursor.skipSpace();
    } while (cursor.accept(','));
    cursor.position = end;
    return scopes;
  }

  private Scope scope() {
    int start = cursor.position;
    if (cursor.accept("authority")) {
      return cursor.mark(new Scope.Authority(), start);
    } else if (cursor.accept("previous")) {
      return cursor.mark(new Scope.Previous(), start);
    } else if (cursor.accept('{')) {
      String name = cursor.name();
      if (name.isEmpty() || !cursor.accept('}')) {
        throw cursor.unexpected("expected a parameter such as `{key}`", null);
      }
      PublicKey key = cursor.parameters.publicKey(cursor, start, name);
      return cursor.mark(new Scope.Key(key), start);
    }
    for (Algorithm algorithm : Algorithm.values()) {
      if (cursor.accept(algorithm.text() + "/")) {
        return cursor.mark(new Scope.Key(publicKey(algorithm, start)), start);
      }
    }
    throw cursor.unexpected(
        "expected a scope", "a scope is `authority`, `previous` or a key such as `ed25519/HEX`");
  }

  private PublicKey publicKey(Algorithm algorithm, int start) {
    byte[] bytes = terms.hex();
    try {
      return PublicKey.of(algorithm, bytes);
    } catch (TaperException e) {
      throw cursor.invalid(start, "these are not the bytes of a valid public key", null);
    }
  }

  private void endOfStatement(String expected) {
    int end = cursor.position;
    cursor.skipSpace();
    if (!cursor.atEnd() && !cursor.accept(';')) {
      throw Hints.noEnd(cursor, expected, end);
    }
  }

  /** Reads a lone term. */
  Term term() {
    return terms.term();
  }

  /** Requires that only space and one semicolon follow. */
  void end() {
    endOfStatement("expected the end");
    cursor.skipSpace();
    if (!cursor.atEnd()) {
      throw cursor.unexpected("expected the end", "only one statement may stand here");
    }
  }
}
