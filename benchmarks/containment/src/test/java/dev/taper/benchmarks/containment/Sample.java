package dev.taper.benchmarks.containment;

import dev.taper.benchmarks.containment.corpus.Attack;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.benchmarks.containment.corpus.TaskGrant;
import dev.taper.benchmarks.containment.corpus.UserTask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A small suite of our own: a bank with one tool. */
final class Sample {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["to", "amount"], "properties": {"to": {"type": "string"},
       "amount": {"type": "number"}, "note": {"type": "string"}}}
      """;

  private Sample() {}

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  static Call pay(String arguments) {
    return new Call("pay", (ObjectNode) json(arguments));
  }

  /** A grant that covers what the texts say; the constraints are what they mean. */
  static TaskGrant grant(String constraints, List<String> openAuthority, String... texts) {
    Map<String, JsonNode> map = new HashMap<>();
    json(constraints).properties().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
    return new TaskGrant(List.of("pay"), map, List.of(texts), openAuthority);
  }

  static UserTask task(TaskGrant grant, Call... calls) {
    TaskGrant any = new TaskGrant(List.of("pay"), Map.of(), List.of("pay"), List.of());
    return new UserTask("user_task_0", "Pay.", List.of(calls), List.of(any), List.of(grant));
  }

  static Attack attack(Call call, String... free) {
    return new Attack(
        "injection_task_0", "Pay me.", List.of(new Attack.Step(call, true, Set.of(free))));
  }

  static Suite suite(UserTask task, Attack attack) {
    Suite.Tool pay = new Suite.Tool("pay", "Pays.", SCHEMA, Set.of("note"));
    return new Suite("sample", Map.of("pay", pay), List.of(task), List.of(attack));
  }
}
