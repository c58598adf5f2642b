package dev.taper.policies.lint;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Scope;
import dev.taper.datalog.parser.Datalog.ParsedSource;
import dev.taper.datalog.parser.Datalog.SourceMap.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Finds policies that together never allow a call. One alternative of every check must match, and
 * one of an allowing policy. If each choice of these contradicts itself, or makes a refusing query
 * match, no call is ever allowed. What it finds is certain, but it does not find everything.
 */
final class SetLint {
  /** The code of its warning. */
  static final String CODE = "never_allows";

  /** The most choices that it tries, because their number is exponential. */
  private static final int MAX_CHOICES = 5_000;

  private static final int MAX_SHOWN = 160;
  private static final Query ANYTHING = new Query(List.of(), List.of(), List.of());

  private final Expressions expressions = new Expressions();
  private final Set<String> own = new HashSet<>();
  private final List<Statement> statements = new ArrayList<>();
  private int choices;

  /**
   * One way to satisfy a statement: the query that must match, and the queries that must not match
   * then.
   */
  private record Choice(Query query, List<Query> unless) {}

  /**
   * A statement that a call must satisfy.
   *
   * @param choices the ways to do so
   * @param never the queries that must not match
   */
  private record Statement(
      String policy, String text, @Nullable Span span, List<Choice> choices, List<Query> never) {}

  private SetLint() {}

  /**
   * Checks policies that a service loads together.
   *
   * @param policies by name, in order
   * @return what is wrong, or null
   */
  static @Nullable SetWarning check(Map<String, ParsedSource<AuthorizerCode>> policies) {
    SetLint lint = new SetLint();
    policies.forEach(lint::read);
    lint.readPolicies(policies);
    List<Statement> core = lint.statements;
    if (lint.possible(core)) {
      return null;
    }
    for (Statement statement : List.copyOf(core)) {
      List<Statement> fewer = new ArrayList<>(core);
      fewer.remove(statement);
      if (!lint.possible(fewer)) {
        core = fewer;
      }
    }
    return warning(core);
  }

  private static SetWarning warning(List<Statement> core) {
    StringJoiner all = new StringJoiner("; ");
    for (Statement statement : core) {
      all.add(statement.policy + ": " + statement.text);
    }
    Statement last = core.get(core.size() - 1);
    String message =
        "no call is ever allowed, as "
            + (core.size() == 1 ? "this never holds: " : "these never hold for one call: ")
            + all;
    Span span = last.span;
    return new SetWarning(
        last.policy,
        new LintWarning(
            CODE, span == null ? 1 : span.line(), span == null ? 1 : span.column(), message, null));
  }

  private void read(String name, ParsedSource<AuthorizerCode> parsed) {
    AuthorizerCode code = parsed.value();
    List<Scope> scopes = code.block().scopes();
    code.block().facts().forEach(fact -> own.add(fact.predicate().name()));
    code.block().rules().forEach(rule -> own.add(rule.head().name()));
    for (Check check : code.block().checks()) {
      List<Query> queries = scoped(check.queries(), scopes);
      boolean reject = check.kind() == Check.Kind.REJECT;
      statements.add(
          new Statement(
              name,
              check.text(MAX_SHOWN),
              parsed.sourceMap().span(check),
              reject ? List.of() : queries.stream().map(q -> new Choice(q, List.of())).toList(),
              reject ? queries : List.of()));
    }
  }

  /** Reads all policies as one statement: an allowing one matches, and no denying one before it. */
  private void readPolicies(Map<String, ParsedSource<AuthorizerCode>> policies) {
    List<Choice> allowing = new ArrayList<>();
    List<Query> denying = new ArrayList<>();
    Statement last = null;
    for (Map.Entry<String, ParsedSource<AuthorizerCode>> entry : policies.entrySet()) {
      AuthorizerCode code = entry.getValue().value();
      for (Policy policy : code.policies()) {
        List<Query> queries = scoped(policy.queries(), code.block().scopes());
        if (policy.kind() == Policy.Kind.DENY) {
          denying.addAll(queries);
        } else {
          queries.forEach(query -> allowing.add(new Choice(query, List.copyOf(denying))));
        }
        Span span = entry.getValue().sourceMap().span(policy);
        last = new Statement(entry.getKey(), "the policies", span, List.of(), List.of());
      }
    }
    if (last != null) {
      // If nothing allows, "default" is assumed to come last.
      List<Choice> ways = allowing.isEmpty() ? List.of(new Choice(ANYTHING, denying)) : allowing;
      statements.add(new Statement(last.policy, last.text, last.span, ways, List.of()));
    }
  }

  private static List<Query> scoped(List<Query> queries, List<Scope> scopes) {
    return queries.stream()
        .map(
            query ->
                query.scopes().isEmpty()
                    ? new Query(query.predicates(), query.expressions(), scopes)
                    : query)
        .toList();
  }

  private boolean possible(List<Statement> all) {
    choices = 0;
    List<List<Choice>> open = new ArrayList<>();
    List<Query> never = new ArrayList<>();
    for (Statement statement : all) {
      if (statement.never.isEmpty()) {
        open.add(statement.choices);
      }
      never.addAll(statement.never);
    }
    return possible(open, new ArrayList<>(), never);
  }

  private boolean possible(List<List<Choice>> open, List<Query> chosen, List<Query> never) {
    if (++choices > MAX_CHOICES) {
      return true;
    }
    Conjunction conjunction = new Conjunction(chosen, own, expressions);
    if (conjunction.impossible() || never.stream().anyMatch(conjunction::implies)) {
      return false;
    }
    if (open.isEmpty()) {
      return true;
    }
    List<List<Choice>> rest = open.subList(1, open.size());
    for (Choice choice : open.get(0)) {
      List<Query> more = new ArrayList<>(chosen);
      more.add(choice.query);
      List<Query> refusing = new ArrayList<>(never);
      refusing.addAll(choice.unless);
      if (possible(rest, more, refusing)) {
        return true;
      }
    }
    return false;
  }
}
