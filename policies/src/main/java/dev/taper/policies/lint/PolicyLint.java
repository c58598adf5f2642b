package dev.taper.policies.lint;

import dev.taper.Nearest;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Check;
import dev.taper.datalog.Dialect;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.Datalog.ParsedSource;
import dev.taper.datalog.parser.Datalog.SourceMap.Span;
import dev.taper.datalog.parser.Parameters;
import dev.taper.datalog.parser.ParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds mistakes in a policy: text that does not parse or holds unsafe variables, policies and
 * alternatives that an earlier one shadows, predicates that nobody states or that have another
 * number or type of terms, facts that only a verifier may state, regular expressions that match
 * nothing, and text that other Biscuit libraries read differently.
 *
 * <p>A predicate is known if a verifier or every authority block states it, if the policy states or
 * derives it, or if the comment at the beginning of the file names it, such as {@code
 * allowed_tool(string)}. That comment says which facts the service must state.
 */
public final class PolicyLint {
  static final Expression TRUE = new Expression.Value(new Term.Bool(true));

  private final Datalog.SourceMap sources;
  private final Vocabulary vocabulary = new Vocabulary();
  private final List<LintWarning> findings = new ArrayList<>();

  private PolicyLint(Datalog.SourceMap sources) {
    this.sources = sources;
  }

  /**
   * Checks a policy.
   *
   * @param source its text
   * @return the mistakes, in the order of the text; empty if there are none
   */
  public static List<LintWarning> check(String source) {
    ParsedSource<AuthorizerCode> parsed;
    try {
      parsed = Datalog.parseAuthorizer(source, Parameters.none());
    } catch (ParseException e) {
      return List.of(new LintWarning(e.code().text(), e.line(), e.column(), e.summary(), e.hint()));
    }
    PolicyLint lint = new PolicyLint(parsed.sourceMap());
    lint.check(parsed.value());
    lint.findings.sort(
        Comparator.comparingInt(LintWarning::line).thenComparingInt(LintWarning::column));
    return List.copyOf(lint.findings);
  }

  /**
   * Checks whether policies that a service loads together can ever allow a call. They cannot if
   * their demands on the call contradict each other, such as two operations: a verifier states one
   * operation, tool, resource and so on. What it finds is certain, but it does not find everything.
   * If none of the policies allows anything, {@code default} is assumed to come last.
   *
   * @param sources the texts by the policies' names, in order; texts that do not parse are left out
   * @return the mistake, with the code {@code never_allows}, or null
   */
  public static @Nullable SetWarning checkTogether(Map<String, String> sources) {
    Map<String, ParsedSource<AuthorizerCode>> parsed = new LinkedHashMap<>();
    sources.forEach(
        (name, source) -> {
          try {
            parsed.put(name, Datalog.parseAuthorizer(source, Parameters.none()));
          } catch (ParseException e) {
            // The check of that policy reports it.
          }
        });
    return SetLint.check(parsed);
  }

  private void check(AuthorizerCode code) {
    vocabulary.declare(header(sources.source()));
    code.block().facts().forEach(fact -> vocabulary.define(fact.predicate()));
    code.block().rules().forEach(rule -> vocabulary.define(rule.head()));
    for (Fact fact : code.block().facts()) {
      reserved(fact, fact.predicate());
    }
    for (Rule rule : code.block().rules()) {
      reserved(rule, rule.head());
      query(rule.body());
    }
    for (Check check : code.block().checks()) {
      check.queries().forEach(this::query);
      if (check.kind() == Check.Kind.REJECT && check.queries().size() > 1) {
        add(
            "reject_alternatives",
            check,
            "other libraries refuse only if every alternative matches",
            "write one reject for each alternative");
      }
      shadowed(check.queries(), check.kind() == Check.Kind.ALL);
    }
    policies(code.policies());
  }

  /** Returns the comment lines before anything else. */
  private static String header(String source) {
    StringBuilder header = new StringBuilder();
    for (String line : source.lines().toList()) {
      String text = line.strip();
      if (text.startsWith("//")) {
        header.append(text).append('\n');
      } else if (!text.isEmpty()) {
        break;
      }
    }
    return header.toString();
  }

  private void policies(List<Policy> policies) {
    List<Query> earlier = new ArrayList<>();
    boolean everything = false;
    boolean allowed = false;
    for (Policy policy : policies) {
      policy.queries().forEach(this::query);
      if (everything && allowed && policy.kind() == Policy.Kind.DENY) {
        add("deny_after_allow_all", policy, "an earlier policy has allowed everything", null);
      } else if (Subsumption.covers(earlier, policy.queries())) {
        add("unreachable", policy, "an earlier policy decides whenever this one would", null);
      } else {
        shadowed(policy.queries(), false);
      }
      if (!everything && policy.queries().stream().anyMatch(PolicyLint::always)) {
        everything = true;
        allowed = policy.kind() == Policy.Kind.ALLOW;
      }
      earlier.addAll(policy.queries());
    }
  }

  private static boolean always(Query query) {
    return query.predicates().isEmpty() && query.expressions().stream().allMatch(TRUE::equals);
  }

  /** Finds alternatives that an earlier one of the same statement makes superfluous. */
  private void shadowed(List<Query> queries, boolean all) {
    for (int i = 1; i < queries.size(); i++) {
      Query query = queries.get(i);
      List<Query> earlier = queries.subList(0, i);
      // For "check all", more conditions can hold where fewer do not, so only equal alternatives
      // count.
      if (all ? earlier.contains(query) : Subsumption.covers(earlier, List.of(query))) {
        add("unreachable", query, "an earlier alternative matches whenever this one does", null);
      }
    }
  }

  private void reserved(Object statement, Predicate predicate) {
    if (Vocabulary.VERIFIER.containsKey(predicate.name())) {
      add(
          "reserved_predicate",
          statement,
          "only a verifier states " + predicate.name() + "; this adds to what it says",
          null);
    }
  }

  private void query(Query query) {
    query.predicates().forEach(this::predicate);
    query.expressions().forEach(this::expression);
  }

  private void predicate(Predicate predicate) {
    String name = predicate.name();
    List<List<String>> forms = vocabulary.forms(name);
    if (forms == null) {
      String nearest = Nearest.of(name, vocabulary.names());
      add(
          "unknown_predicate",
          predicate,
          "no verifier states " + name + ", and the header does not name it",
          nearest == null ? null : "did you mean " + nearest + "?");
      return;
    }
    int arity = predicate.terms().size();
    List<List<String>> sameArity = forms.stream().filter(form -> form.size() == arity).toList();
    if (sameArity.isEmpty()) {
      String message = name + " has " + Vocabulary.arities(forms) + " terms, not " + arity;
      add("wrong_arity", predicate, message, null);
      return;
    }
    for (int i = 0; i < arity; i++) {
      Term term = predicate.terms().get(i);
      int place = i;
      if (sameArity.stream().noneMatch(form -> Vocabulary.fits(term, form.get(place)))) {
        add(
            "wrong_type",
            predicate,
            "term "
                + (i + 1)
                + " of "
                + name
                + " is never "
                + term
                + ": it is of type "
                + sameArity.get(0).get(i),
            null);
      }
    }
  }

  private void expression(Expression expression) {
    if (expression instanceof Expression.Unary unary) {
      expression(unary.operand());
    } else if (expression instanceof Expression.Binary binary) {
      if (binary.op() == BinaryOp.REGEX
          && binary.right() instanceof Expression.Value value
          && value.term() instanceof Term.Str pattern) {
        regex(expression, pattern);
      }
      expression(binary.left());
      expression(binary.right());
    } else if (expression instanceof Expression.Closure closure) {
      expression(closure.body());
    }
  }

  private void regex(Expression expression, Term.Str pattern) {
    if (!Dialect.isValid(pattern.value())) {
      add(
          "invalid_regex",
          expression,
          "this is no regular expression, and no service starts with it: " + pattern,
          null);
      return;
    }
    for (String difference : Dialect.differences(pattern.value())) {
      add(
          "regex_dialect",
          expression,
          "other libraries read this pattern differently: " + difference,
          "write out what is meant, such as [0-9] or [A-Za-z0-9_]");
    }
  }

  private void add(String code, Object node, String message, @Nullable String hint) {
    Span span = sources.span(node);
    findings.add(
        new LintWarning(
            code, span == null ? 1 : span.line(), span == null ? 1 : span.column(), message, hint));
  }
}
