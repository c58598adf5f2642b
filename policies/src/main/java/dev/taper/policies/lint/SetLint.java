package dev.taper.policies.lint;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Scope;
import dev.taper.datalog.parser.Datalog.ParsedSource;
import dev.taper.datalog.parser.SourceMap.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Finds policies that together never allow a call. Of every check one alternative has to match, and
 * so has one of an allowing policy; if each choice of them contradicts itself, or makes something
 * match that refuses, nothing is ever allowed. That is certain; what is not found may still be so.
 */
final class SetLint {
  /** The code of what is found. */
  static final String CODE = "never_allows";

  /** Choices beyond which nothing is said: their number is exponential. */
  private static final int MAX_CHOICES = 5_000;

  private static final int MAX_SHOWN = 160;
  private static final Query ANYTHING = new Query(List.of(), List.of(), List.of());

  private final Expressions expressions = new Expressions();
  private final Set<String> own = new HashSet<>();
  private final List<Statement> statements = new ArrayList<>();
  private int choices;

  /** One way to satisfy a statement: what has to match, and what must not match then. */
  private record Choice(Query query, List<Query> unless) {}

  /**
   * A statement that a call has to satisfy.
   *
   * @param choices the ways to do so
   * @param never what must not match
   */
  private record Statement(
      String policy, String text, @Nullable Span span, List<Choice> choices, List<Query> never) {}

  private SetLint() {}

  /**
   * Looks at policies that a service loads together.
   *
   * @param policies by name, in order
   * @return what is wrong, or null
   */
  static @Nullable SetFinding check(Map<String, ParsedSource<AuthorizerCode>> policies) {
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
    return finding(core);
  }

  private static SetFinding finding(List<Statement> core) {
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
    return new SetFinding(
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

  /** All policies are one statement: an allowing one matches, and no denying one before it. */
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
      // Where nothing allows, "default" is to come behind.
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
