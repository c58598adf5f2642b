package dev.taper.authorizer;

import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Query.QueryExplanation;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.engine.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The explanation of a decision: the result of each query of every check that failed and, if no
 * policy matched, of every policy. Immutable.
 *
 * @param code the decision
 * @param parts the checks and policies to explain, in the order of evaluation; empty if the request
 *     was allowed
 */
public record Explanation(Decision.Code code, List<Part> parts) {
  /** The most characters of a value, and about the most of several values together. */
  private static final int LONGEST_VALUE = 256;

  private static final int LONGEST = 1_024;

  /** The most characters of the checks of hops and services, all together. */
  private static final int LONGEST_CHECKS = 262_144;

  private static final long EXPLAINING_STEPS = 200_000;

  /**
   * One check or policy.
   *
   * @param place where it stands, such as {@code block 1, check 0}
   * @param text the check or policy as Datalog text; only an ellipsis for a check behind so many
   *     long ones that nobody reads it
   * @param queries the results of its queries, in order
   * @param part the {@linkplain PolicySet.Part part} of the policy set it stands in, or null
   */
  public record Part(
      String place, String text, List<QueryExplanation> queries, @Nullable String part) {
    /** Copies the list. */
    public Part {
      queries = List.copyOf(queries);
    }
  }

  /** Copies the list. */
  public Explanation {
    parts = List.copyOf(parts);
  }

  /** Makes the default budget for explaining one decision. */
  static WorkBudget budget() {
    return WorkBudget.of(RunLimits.defaults().withMaxSteps(EXPLAINING_STEPS));
  }

  static Explanation of(
      Decision decision,
      List<Policy> policies,
      Provenance provenance,
      World world,
      WorkBudget work) {
    List<Part> parts = new ArrayList<>();
    int length = 0;
    for (FailedCheck failed : decision.failedChecks()) {
      String text = length < LONGEST_CHECKS ? failed.text() : "…";
      length += text.length();
      parts.add(
          new Part(
              failed.place() + ", check " + failed.index(),
              text,
              world.explain(
                  failed.check(), failed.block().orElse(Origin.AUTHORIZER), work.accounts()),
              failed.part()));
    }
    MatchedPolicy matched = decision.policy();
    for (int i = 0; matched == null && i < policies.size(); i++) {
      Provenance.Place place = provenance.policy(i);
      MatchedPolicy policy = new MatchedPolicy(place.index(), policies.get(i), place.part());
      parts.add(part(policy, Check.Kind.IF, world, work));
    }
    if (matched != null && matched.kind() == Policy.Kind.DENY) {
      parts.add(part(matched, Check.Kind.REJECT, world, work));
    }
    return new Explanation(decision.code(), parts);
  }

  private static Part part(MatchedPolicy policy, Check.Kind kind, World world, WorkBudget work) {
    Check asCheck = new Check(kind, policy.policy().queries());
    return new Part(
        policy.place(),
        policy.text(),
        world.explain(asCheck, Origin.AUTHORIZER, work.accounts()),
        policy.part());
  }

  /** Writes the explanation for people, a few lines for each check or policy. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(code.text());
    for (Part part : parts) {
      out.append("\n  ✗ ").append(part.place()).append(": ").append(part.text());
      for (QueryExplanation query : part.queries()) {
        out.append("\n      ").append(words(query));
      }
    }
    return out.toString();
  }

  /** Says one query's result in words. */
  public static String words(QueryExplanation why) {
    String words;
    if (why instanceof QueryExplanation.NoFact none) {
      StringBuilder wanted = new StringBuilder();
      fact(none.predicate(), wanted);
      words = "no fact matches " + wanted + facts(none);
    } else if (why instanceof QueryExplanation.FalseExpression e) {
      words = "it is not true that " + shortened(e.expression());
    } else if (why instanceof QueryExplanation.Failed e) {
      words = "cannot be evaluated (" + e.code().text() + "): " + shortened(e.expression());
    } else {
      words = "matches: " + shortened(why.query());
    }
    return words + bindings(why.bindings()) + (why.truncated() ? " (search cut short)" : "");
  }

  private static String facts(QueryExplanation.NoFact none) {
    StringBuilder out = new StringBuilder();
    if (!none.nearest().isEmpty()) {
      out.append("; there is ");
      list(none.nearest(), false, out);
    }
    if (!none.untrusted().isEmpty()) {
      out.append("; not trusted here: ");
      list(none.untrusted(), true, out);
    }
    return out.toString();
  }

  private static void list(List<OriginFact> facts, boolean origins, StringBuilder out) {
    for (int i = 0; i < facts.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      fact(facts.get(i).fact().predicate(), out);
      if (origins) {
        out.append(" from block ").append(facts.get(i).origin());
      }
    }
  }

  private static void fact(Predicate fact, StringBuilder out) {
    out.append(shortened(fact.name())).append('(');
    int start = out.length();
    for (int i = 0; i < fact.terms().size() && out.length() - start <= LONGEST; i++) {
      out.append(i == 0 ? "" : ", ").append(fact.terms().get(i).text(LONGEST_VALUE));
    }
    out.append(')');
  }

  /** Writes a part of a check as Datalog text, cut short while it is written. */
  private static String shortened(Query query) {
    String text = new Check(Check.Kind.IF, List.of(query)).text(LONGEST);
    return text.substring(Check.Kind.IF.text().length() + 1);
  }

  private static String shortened(Expression expression) {
    return shortened(new Query(List.of(), List.of(expression), List.of()));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 1) + "…";
  }

  private static String bindings(Map<String, Term> bindings) {
    if (bindings.isEmpty()) {
      return "";
    }
    StringJoiner out = new StringJoiner(", ", ", where ", "");
    for (Map.Entry<String, Term> binding : bindings.entrySet()) {
      if (out.length() > LONGEST) {
        out.add("…");
        break;
      }
      out.add("$" + shortened(binding.getKey()) + " = " + binding.getValue().text(LONGEST_VALUE));
    }
    return out.toString();
  }
}
