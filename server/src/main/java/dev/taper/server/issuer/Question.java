package dev.taper.server.issuer;

import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
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
    List<String> texts = new ArrayList<>();
    for (Grant grant : grants) {
      grant.tools().forEach(tool -> tools.add(tool.toString()));
      operations.addAll(orAny(grant.operations()));
      resources.addAll(orAny(grant.resources().stream().map(Object::toString).toList()));
      texts.add(grant.toString());
    }
    StringJoiner args = new StringJoiner(",", "{", "}");
    args.add("\"agent\":" + json(agent));
    args.add("\"approved_by\":" + json(approvedBy()));
    args.add("\"audience\":" + json(terms.audience()));
    args.add("\"budgets\":" + json(terms.budgets().stream().map(Budget::toString).toList()));
    args.add("\"claims\":" + claims());
    args.add("\"consent\":" + json(consent.text()));
    args.add("\"delegator\":" + json(person.delegator()));
    args.add("\"depth\":" + terms.depth());
    args.add("\"grants\":" + json(texts));
    args.add("\"lifetime\":" + terms.lifetime().toSeconds());
    args.add("\"operations\":" + json(operations));
    args.add("\"provider\":" + json(person.subject().issuer()));
    args.add("\"resources\":" + json(resources));
    args.add("\"roles\":" + json(person.roles()));
    args.add("\"task\":" + json(task));
    args.add("\"template\":" + json(template));
    args.add("\"tools\":" + json(tools));
    return ToolCall.parse("{\"tool\":" + json(TOOL) + ",\"args\":" + args + "}", FREE_TEXT);
  }

  private String claims() {
    StringJoiner all = new StringJoiner(",", "{", "}");
    for (Map.Entry<String, String> claim : person.claims().entrySet()) {
      all.add(json(claim.getKey()) + ":" + claim.getValue());
    }
    return all.toString();
  }

  private static List<String> orAny(List<String> some) {
    return some.isEmpty() ? List.of(ANY) : some;
  }

  private static String json(Collection<String> texts) {
    StringJoiner all = new StringJoiner(",", "[", "]");
    texts.forEach(text -> all.add(json(text)));
    return all.toString();
  }

  private static String json(String text) {
    StringBuilder out = new StringBuilder();
    CanonicalJson.writeString(text, out);
    return out.toString();
  }
}
