package dev.taper.server.issuer;

import dev.taper.JsonFields;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Grant;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the policies are asked: may this person give this agent that? It is a call of the tool
 * {@value #TOOL} with arguments, so that policies are written and tested as those about calls are.
 *
 * @param person who gives
 * @param agent who gets, by name
 * @param template of which template
 * @param task for what
 * @param grants what would be granted
 * @param terms for how long, how deep, where, under which budgets
 * @param consent where the person's consent comes from
 */
record Question(
    Person person,
    String agent,
    String template,
    String task,
    List<Grant> grants,
    Terms terms,
    Consent consent) {
  /** The tool whose calls exchanges are. */
  static final String TOOL = "taper.grant";

  private static final String ANY = "*";

  /** Texts that are no names of resources or URLs, whatever they look like. */
  private static final Set<String> FREE_TEXT =
      Set.of(
          "agent",
          "approved_by",
          "audience",
          "budgets",
          "claims",
          "consent",
          "delegator",
          "grants",
          "operations",
          "provider",
          "resources",
          "roles",
          "task",
          "template",
          "tools");

  /**
   * What holds for all grants.
   *
   * @param lifetime how long the token lasts
   * @param depth how often it may be handed on
   * @param audience the services that may take it; empty for any
   * @param budgets what all calls together may use up
   */
  record Terms(Duration lifetime, int depth, List<String> audience, List<Budget> budgets) {
    Terms {
      audience = List.copyOf(audience);
      budgets = List.copyOf(budgets);
    }
  }

  Question {
    grants = List.copyOf(grants);
  }

  /** A group whose approval every grant needs; empty if there is none. */
  private String approvedBy() {
    Set<String> common = null;
    for (Grant grant : grants) {
      Set<String> groups = new TreeSet<>();
      for (Activation activation : grant.activations()) {
        if (activation.group() != null) {
          groups.add(activation.group());
        }
      }
      if (common == null) {
        common = groups;
      } else {
        common.retainAll(groups);
      }
    }
    return common == null || common.isEmpty() ? "" : common.iterator().next();
  }

  /**
   * The call.
   *
   * @throws dev.taper.TaperException if a name or claim is no text that policies can read
   */
  ToolCall call() {
    Set<String> tools = new LinkedHashSet<>();
    Set<String> operations = new LinkedHashSet<>();
    Set<String> resources = new LinkedHashSet<>();
    for (Grant grant : grants) {
      grant.tools().forEach(tool -> tools.add(tool.toString()));
      operations.addAll(orAny(grant.operations()));
      resources.addAll(orAny(grant.resources().stream().map(Object::toString).toList()));
    }
    JsonFields claims = new JsonFields();
    person.claims().forEach(claims::json);
    JsonFields args =
        new JsonFields()
            .put("agent", agent)
            .put("approved_by", approvedBy())
            .put("audience", terms.audience())
            .put("budgets", terms.budgets())
            .put("claims", claims)
            .put("consent", consent.text())
            .put("delegator", person.delegator())
            .put("depth", terms.depth())
            .put("grants", grants)
            .put("lifetime", terms.lifetime().toSeconds())
            .put("operations", operations)
            .put("provider", person.subject().issuer())
            .put("resources", resources)
            .put("roles", person.roles())
            .put("task", task)
            .put("template", template)
            .put("tools", tools);
    return ToolCall.parse(new JsonFields().put("tool", TOOL).put("args", args).toJson(), FREE_TEXT);
  }

  private static List<String> orAny(List<String> some) {
    return some.isEmpty() ? List.of(ANY) : some;
  }
}
