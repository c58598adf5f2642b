package dev.taper.cli.policy;

import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.authorizer.Explanation;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Query.QueryExplanation;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Prints an evaluation: facts, rules, checks and policies, in the order of evaluation. */
final class ExplainText {
  private final PrintStream out;
  private final Style style;
  private final Authorization authorization;
  private final Decision decision;
  private final Explanation explanation;
  private final List<PolicySet.Part> parts;

  ExplainText(
      Console console, Authorization authorization, Decision decision, List<PolicySet.Part> parts) {
    this.out = console.out();
    this.style = Style.out(console);
    this.authorization = authorization;
    this.decision = decision;
    this.explanation = decision.explain();
    this.parts = parts;
  }

  /** Prints everything, and tells whether the policies allow the call. */
  void print() {
    facts();
    rules();
    checks();
    tokenChecks();
    policies();
    String word =
        decision.allowed()
            ? style.good("ALLOWED")
            : style.bad("DENIED") + "  " + decision.code().text();
    out.println(word + (decidedBy() == null ? "" : "  by " + SafeText.line(decidedBy())));
  }

  private @Nullable String decidedBy() {
    List<FailedCheck> failed = decision.failedChecks();
    MatchedPolicy policy = decision.policy();
    if (policy != null && (failed.isEmpty() || policy.kind() == Policy.Kind.DENY)) {
      return policy.place();
    }
    return failed.isEmpty() ? null : failed.get(0).place() + ", check " + failed.get(0).index();
  }

  private void facts() {
    out.println(style.bold("facts"));
    Room room = new Room();
    for (OriginFact fact : authorization.facts()) {
      String origin = fact.origin().authorizer() ? "" : "  (block " + fact.origin() + ")";
      line("  ", room.fit(fact.fact()) + origin);
    }
  }

  private void rules() {
    boolean headed = false;
    for (PolicySet.Part part : parts) {
      for (Rule rule : part.code().block().rules()) {
        if (!headed) {
          out.println(style.bold("rules"));
          headed = true;
        }
        line("  ", part.name() + ": " + rule);
        Rule scoped = new Rule(rule.head(), scoped(rule.body(), part));
        List<Fact> derived = ask(scoped);
        line("      ", derived.isEmpty() ? "derives nothing" : "derives " + joined(derived));
      }
    }
  }

  private void checks() {
    boolean headed = false;
    for (PolicySet.Part part : parts) {
      List<Check> checks = part.code().block().checks();
      for (int i = 0; i < checks.size(); i++) {
        if (!headed) {
          out.println(style.bold("checks"));
          headed = true;
        }
        int failed = failed(part.name(), -1, i);
        String text = part.name() + ", check " + i + ": " + checks.get(i);
        mark(failed < 0, text);
        if (failed >= 0) {
          why(explanation.parts().get(failed).queries());
        } else if (checks.get(i).kind() == Check.Kind.IF) {
          matching(checks.get(i).queries(), part);
        }
      }
    }
  }

  /** Which of the failed checks is the one of a part of the policies, or of a block. */
  private int failed(@Nullable String part, int block, int index) {
    for (int i = 0; i < decision.failedChecks().size(); i++) {
      FailedCheck check = decision.failedChecks().get(i);
      if (check.block().orElse(-1) == block
          && (block >= 0 || Objects.equals(part, check.part()))
          && check.index() == index) {
        return i;
      }
    }
    return -1;
  }

  private void tokenChecks() {
    if (authorization.blocks().isEmpty()) {
      return;
    }
    out.println(style.bold("checks of the token"));
    Room room = new Room();
    for (int b = 0; b < authorization.blocks().size(); b++) {
      List<Check> checks = authorization.blocks().get(b).block().checks();
      for (int c = 0; c < checks.size(); c++) {
        int failed = failed(null, b, c);
        mark(failed < 0, "block " + b + ", check " + c + ": " + room.fit(checks.get(c)));
        if (failed >= 0) {
          why(explanation.parts().get(failed).queries());
        }
      }
    }
  }

  private void policies() {
    out.println(style.bold("policies"));
    MatchedPolicy matched = decision.policy();
    int explained = decision.failedChecks().size();
    for (PolicySet.Part part : parts) {
      for (int i = 0; i < part.code().policies().size(); i++) {
        Policy policy = part.code().policies().get(i);
        boolean matches =
            matched != null && part.name().equals(matched.part()) && matched.index() == i;
        out.print(matches ? "  " + style.good("→") : "   ");
        line(" ", part.name() + ", policy " + i + ": " + policy);
        if (matches) {
          matching(policy.queries(), part);
          return; // the first that matches decides
        }
        if (matched == null) {
          why(explanation.parts().get(explained++).queries());
        } else {
          line("      ", "does not match");
        }
      }
    }
    if (matched == null) {
      line("  ", "none matches");
    }
  }

  /** The first alternative that matches, with what its variables are. */
  private void matching(List<Query> queries, PolicySet.Part part) {
    for (Query query : queries) {
      List<Term> head = new ArrayList<>();
      head.add(new Term.Bool(true));
      for (Predicate predicate : query.predicates()) {
        predicate.terms().stream()
            .filter(term -> term instanceof Term.Variable && !head.contains(term))
            .forEach(head::add);
      }
      List<Fact> found = ask(new Rule(new Predicate("found", head), scoped(query, part)));
      if (!found.isEmpty()) {
        StringJoiner words = new StringJoiner(", ", ", where ", "").setEmptyValue("");
        Room room = new Room();
        for (int i = 1; i < head.size(); i++) {
          words.add(head.get(i) + " = " + room.fit(found.get(0).predicate().terms().get(i)));
        }
        if (!query.predicates().isEmpty()) {
          line("      ", "matches " + joined(query.predicates()) + words);
        }
        return;
      }
    }
  }

  private List<Fact> ask(Rule rule) {
    try {
      return authorization.query(rule);
    } catch (TaperException e) {
      return List.of(); // the decision itself was made; this only adds to its explanation
    }
  }

  private static Query scoped(Query query, PolicySet.Part part) {
    return query.scopes().isEmpty()
        ? new Query(query.predicates(), query.expressions(), part.code().block().scopes())
        : query;
  }

  private void why(List<QueryExplanation> queries) {
    for (QueryExplanation query : queries) {
      line("      ", Explanation.words(query));
    }
  }

  private void mark(boolean holds, String text) {
    out.print("  " + (holds ? style.good("✓") : style.bad("✗")));
    line(" ", text);
  }

  private void line(String indent, String text) {
    out.println(indent + SafeText.line(text));
  }

  private static String joined(List<?> things) {
    StringJoiner words = new StringJoiner(", ");
    Room room = new Room();
    things.forEach(thing -> words.add(room.fit(thing)));
    return words.toString();
  }
}
