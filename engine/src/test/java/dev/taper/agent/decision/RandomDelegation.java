package dev.taper.agent.decision;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationTerms;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.Grant;
import java.util.List;
import java.util.Random;

/**
 * Random delegations, hops and calls over one small vocabulary, so that they meet often; seeded.
 * Mostly wide, so that calls pass several hops about as often as they are refused.
 */
final class RandomDelegation {
  private static final String[] TOOLS = {"jira.get", "jira.search", "jira.*", "crm.read", "crm.*"};
  private static final String[] CALLED = {"jira.get", "jira.search", "crm.read", "crmx.read"};
  private static final String[] OPERATIONS = {"read", "list", "write"};
  private static final String[] RESOURCES = {"p/*", "p/a/*", "p/a/1", "p/b/*", "q/*"};
  private static final String[] ON = {"p/a/1", "p/a/2", "p/b/1", "p/ab", "q/1"};
  private static final List<Constraint> CONSTRAINTS =
      List.of(
          Constraint.arg("n").atMost(10),
          Constraint.arg("n").moreThan(2),
          Constraint.arg("n").in(1, 5, 10, "all"),
          Constraint.arg("n").notIn(5, "x"),
          Constraint.arg("n").atMost(new java.math.BigDecimal("5.5")),
          Constraint.arg("n").lengthAtMost(2),
          Constraint.arg("n").eachIn(1, 5),
          Constraint.arg("n").startsWith("a"),
          Constraint.arg("n").matches("[a-z]+|5"),
          Constraint.arg("u").hostIn("acme.com", "*.acme.com"),
          Constraint.arg("u").schemeIn("https"),
          Constraint.arg("u").under("/data"),
          Constraint.arg("n").is(5),
          Constraint.onlyArguments("n", "u"),
          Constraint.onlyArguments("n"));
  private static final String[] VALUES = {
    "1", "5", "10", "11", "5.5", "5.6", "\"all\"", "\"x\"", "[1]", "[1,5]", "[1,5,7]", "null",
    "true"
  };
  private static final String[] PLACES = {
    "\"https://acme.com/\"", "\"http://api.acme.com/x\"", "\"https://evil-acme.com/\"",
    "\"/data/1\"", "\"/database\"", "\"text\""
  };

  private final Random random;
  private final Story story;

  RandomDelegation(long seed, Story story) {
    this.random = new Random(seed);
    this.story = story;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private String any(String[] of) {
    return of[random.nextInt(of.length)];
  }

  Delegation delegation() {
    return terms(
        Delegation.by("user:alice@acme.com").to(story.planner).task("T-4711").withoutExpiry(),
        true);
  }

  /** A hop to an agent, to oneself, or to whoever bears the token. */
  Hop hop(Agent next) {
    return terms(oneIn(6) ? Hop.toSelf() : Hop.to(next), false);
  }

  private <T extends DelegationTerms<T>> T terms(T bare, boolean mustGrant) {
    T terms = bare;
    int grants = mustGrant ? 1 + below(3) : below(4);
    for (int i = 0; i < grants; i++) {
      terms = terms.grant(grant());
    }
    return oneIn(3) ? terms.condition(condition()) : terms;
  }

  private Grant grant() {
    Grant grant = oneIn(3) ? Grant.anyTool() : Grant.tools(any(TOOLS), any(TOOLS), "jira.*");
    if (oneIn(3)) {
      grant = grant.operations(any(OPERATIONS), any(OPERATIONS));
    }
    if (oneIn(3)) {
      grant = grant.resources(any(RESOURCES), any(RESOURCES), "p/*");
    }
    if (oneIn(2)) {
      grant = grant.where(CONSTRAINTS.get(below(CONSTRAINTS.size())));
    }
    return grant;
  }

  private Condition condition() {
    return switch (below(7)) {
      case 0 -> Condition.expires(Story.NOON.plusSeconds(below(3) * 60L));
      case 1 -> Condition.notBefore(Story.NOON.plusSeconds(below(2) - 1));
      case 2 -> Condition.audience(Story.JIRA, "svc:crm");
      case 3 -> oneIn(4) ? Condition.audience("svc:crm") : Condition.audience(Story.JIRA);
      case 4 -> Condition.task(oneIn(4) ? "T-4712" : "T-4711");
      case 5 -> Condition.maxDepth(1 + below(4));
      default -> Condition.verifiedHolder();
    };
  }

  ToolCall call() {
    ToolCall call = ToolCall.of(any(CALLED));
    if (!oneIn(5)) {
      call = call.operation(any(OPERATIONS));
    }
    if (!oneIn(5)) {
      call = call.on(any(ON));
    }
    if (!oneIn(4)) {
      call = call.argJson("n", any(VALUES));
    }
    if (oneIn(2)) {
      call = call.argJson("u", any(PLACES));
    }
    return oneIn(8) ? call.arg("page", 1) : call;
  }
}
