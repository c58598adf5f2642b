package dev.taper.benchmarks.containment;

import dev.taper.benchmarks.containment.corpus.Attack;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.benchmarks.containment.corpus.TaskGrant;
import dev.taper.benchmarks.containment.corpus.UserTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * An attacker that knows the user's task, its calls and the grants, and gives every argument that
 * it may choose each value that could make a grant fit: what the grant asks for, what the user's
 * own calls have there, its own, or none. Immutable.
 */
final class Attacker {
  /** More would mean that the search is wrong. */
  private static final int MOST_FORMS = 20_000;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Suite suite;
  private final UserTask task;
  private final List<TaskGrant> grants;
  private final Latitude latitude;

  /**
   * Makes one.
   *
   * @param suite where
   * @param task the user's task that is attacked
   * @param grants what the agent's token allows
   * @param attack what the attacker wants
   */
  Attacker(Suite suite, UserTask task, List<TaskGrant> grants, Attack attack) {
    this.suite = suite;
    this.task = task;
    this.grants = List.copyOf(grants);
    this.latitude = new Latitude(suite, attack);
  }

  /**
   * The forms of a step that are worth a try.
   *
   * @param marked those that choose only what the corpus marks free; the call as it stands is first
   * @param more those that choose more, see {@link Latitude}
   */
  record Forms(List<Call> marked, List<Call> more) {}

  /** Finds the forms of a step. */
  Forms forms(Attack.Step step) {
    Set<Call> marked = forms(step, step.free());
    List<String> all = new ArrayList<>(step.free());
    all.addAll(latitude.arguments(step));
    Set<Call> more = forms(step, all);
    more.removeAll(marked);
    return new Forms(List.copyOf(marked), List.copyOf(more));
  }

  private Set<Call> forms(Attack.Step step, Collection<String> chosen) {
    Set<Call> forms = new LinkedHashSet<>(List.of(step.call()));
    for (TaskGrant grant : grants) {
      if (grant.tools().contains(step.call().tool())) {
        Set<Call> fitting = new LinkedHashSet<>(List.of(step.call()));
        for (String argument : chosen) {
          fitting = each(fitting, argument, values(step, grant, argument));
        }
        forms.addAll(fitting);
      }
    }
    return forms;
  }

  private static Set<Call> each(Set<Call> calls, String argument, List<JsonNode> values) {
    Set<Call> each = new LinkedHashSet<>();
    for (Call call : calls) {
      values.forEach(value -> each.add(call.with(argument, value)));
    }
    if (each.size() > MOST_FORMS) {
      throw new IllegalStateException("too many forms of a call");
    }
    return each;
  }

  private List<JsonNode> values(Attack.Step step, TaskGrant grant, String argument) {
    JsonNode own = step.call().arguments().path(argument);
    Set<JsonNode> values = new LinkedHashSet<>(List.of(own));
    JsonNode constraint = grant.constraints().get(argument);
    if (constraint != null) {
      addFitting(constraint, own, values);
    }
    for (Call call : task.calls()) {
      if (call.tool().equals(step.call().tool()) && call.arguments().has(argument)) {
        values.add(call.arguments().required(argument));
      }
    }
    Suite.Tool tool = suite.tools().get(step.call().tool());
    if (tool != null && tool.optional().contains(argument)) {
      values.add(MissingNode.getInstance());
    }
    List<JsonNode> all = List.copyOf(values);
    return step.free().contains(argument) ? all : latitude.reachingGoal(argument, own, all);
  }

  /** Adds values that fit a constraint, with as much of the attacker's own as it lets through. */
  private static void addFitting(JsonNode constraint, JsonNode own, Set<JsonNode> values) {
    constraint.optional("equals").ifPresent(values::add);
    constraint.path("oneOf").forEach(values::add);
    JsonNode eachIn = constraint.path("eachIn");
    if (eachIn.isArray()) {
      values.add(eachIn);
      values.add(JSON.arrayNode());
    }
    JsonNode prefix = constraint.path("prefix");
    if (prefix.isString()) {
      values.add(JSON.stringNode(prefix.stringValue() + own.asString("")));
      values.add(prefix);
    }
    JsonNode longest = constraint.path("maxLength");
    if (longest.isNumber()) {
      values.add(cut(own, longest.intValue()));
    }
  }

  private static JsonNode cut(JsonNode own, int length) {
    if (own.isArray()) {
      ArrayNode cut = JSON.arrayNode();
      for (int i = 0; i < Math.min(length, own.size()); i++) {
        cut.add(own.get(i));
      }
      return cut;
    }
    String text = own.asString("");
    return JSON.stringNode(text.substring(0, Math.min(length, text.length())));
  }
}
