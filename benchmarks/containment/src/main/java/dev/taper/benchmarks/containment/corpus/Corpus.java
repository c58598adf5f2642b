package dev.taper.benchmarks.containment.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the files of the benchmark.
 *
 * @param suites the suites
 * @param expected what a plain evaluation gives, by suite
 */
public record Corpus(List<Suite> suites, Map<String, Expected> expected) {
  private static final List<String> NAMES = List.of("workspace", "travel", "banking", "slack");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Copies what it is given. */
  public Corpus {
    suites = List.copyOf(suites);
    expected = Map.copyOf(expected);
  }

  /**
   * Reads a folder.
   *
   * @throws tools.jackson.core.JacksonException if a file is missing or not what it must be
   */
  public static Corpus read(Path folder) {
    List<Suite> suites = new ArrayList<>();
    Map<String, Expected> expected = new HashMap<>();
    JsonNode stats = JSON.readTree(folder.resolve("expected.json")).required("stats");
    for (String name : NAMES) {
      suites.add(suite(name, JSON.readTree(folder.resolve(name + ".json"))));
      expected.put(name, expected(stats.required(name)));
    }
    return new Corpus(suites, expected);
  }

  private static Suite suite(String name, JsonNode json) {
    Map<String, Suite.Tool> tools = new LinkedHashMap<>();
    for (JsonNode tool : json.required("tools")) {
      tools.put(text(tool, "name"), tool(tool));
    }
    List<UserTask> userTasks = new ArrayList<>();
    for (JsonNode task : json.required("userTasks")) {
      JsonNode grants = task.required("grants");
      userTasks.add(
          new UserTask(
              text(task, "id"),
              text(task, "prompt"),
              calls(task.required("groundTruth")),
              grants(grants.required("tools")),
              grants(grants.required("arguments"))));
    }
    List<Attack> attacks = new ArrayList<>();
    for (JsonNode attack : json.required("injectionTasks")) {
      attacks.add(new Attack(text(attack, "id"), text(attack, "goal"), steps(attack)));
    }
    return new Suite(name, tools, userTasks, attacks);
  }

  private static Suite.Tool tool(JsonNode tool) {
    JsonNode schema = tool.required("parameters");
    Set<String> optional = new HashSet<>(schema.path("properties").propertyNames());
    optional.removeAll(texts(schema.path("required")));
    return new Suite.Tool(
        text(tool, "name"), text(tool, "description"), schema.toString(), optional);
  }

  private static List<Call> calls(JsonNode json) {
    List<Call> calls = new ArrayList<>();
    for (JsonNode call : json) {
      calls.add(call(call));
    }
    return calls;
  }

  private static Call call(JsonNode json) {
    return new Call(text(json, "tool"), (ObjectNode) json.required("args"));
  }

  private static List<Attack.Step> steps(JsonNode attack) {
    List<Attack.Step> steps = new ArrayList<>();
    for (JsonNode step : attack.required("groundTruth")) {
      steps.add(
          new Attack.Step(
              call(step),
              step.required("effect").asBoolean(),
              Set.copyOf(texts(step.required("free")))));
    }
    return steps;
  }

  private static List<TaskGrant> grants(JsonNode json) {
    List<TaskGrant> grants = new ArrayList<>();
    for (JsonNode grant : json) {
      Map<String, JsonNode> constraints = new LinkedHashMap<>();
      grant
          .required("constraints")
          .properties()
          .forEach(constraint -> constraints.put(constraint.getKey(), constraint.getValue()));
      grants.add(
          new TaskGrant(
              texts(grant.required("tools")),
              constraints,
              texts(grant.required("taper")),
              texts(grant.path("openAuthority"))));
    }
    return grants;
  }

  private static Expected expected(JsonNode suite) {
    int pairs = 0;
    int byTool = 0;
    int byArgument = 0;
    for (String source : List.of("corpus", "derived")) {
      JsonNode some = suite.required(source);
      pairs += some.required("pairs").asInt();
      byTool += contained(some.path("tools"));
      byArgument += contained(some.path("arguments"));
    }
    return new Expected(
        pairs,
        suite.required("utility_tools").asInt(),
        suite.required("utility_arguments").asInt(),
        byTool,
        byArgument);
  }

  private static int contained(JsonNode counts) {
    return counts.path("noEffectCallAllowedAdapting").asInt(0);
  }

  private static String text(JsonNode json, String name) {
    return json.required(name).asString();
  }

  private static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(text -> texts.add(text.asString()));
    return texts;
  }
}
