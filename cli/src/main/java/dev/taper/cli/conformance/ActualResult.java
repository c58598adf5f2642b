package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.TaperException;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Rule.UnsafeRuleException;
import java.util.List;

/** Writes Taper's result in the form of the test cases. */
final class ActualResult {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ActualResult() {}

  static JsonNode of(TaperException error) {
    if (error instanceof UnsafeRuleException unsafe) {
      ArrayNode content = NODES.arrayNode().add(0).add(unsafe.rule());
      return object("InvalidBlockRule", content);
    }
    return NODES.textNode(ErrorKinds.of(error.code()));
  }

  static JsonNode of(Decision decision) {
    MatchedPolicy policy = decision.policy();
    ArrayNode checks = checks(decision.failedChecks());
    if (policy == null) {
      return object("NoMatchingPolicy", object("checks", checks));
    }
    if (decision.allowed()) {
      return NODES.objectNode().put("Ok", policy.index());
    }
    String kind = policy.kind() == Policy.Kind.ALLOW ? "Allow" : "Deny";
    ObjectNode content = NODES.objectNode();
    content.putObject("policy").put(kind, policy.index());
    content.set("checks", checks);
    return object("Unauthorized", content);
  }

  private static ArrayNode checks(List<FailedCheck> failed) {
    ArrayNode checks = NODES.arrayNode();
    for (FailedCheck check : failed) {
      ObjectNode content = NODES.objectNode();
      check.block().ifPresent(block -> content.put("block_id", block));
      content.put("check_id", check.index()).put("rule", check.text());
      checks.add(object(check.block().isPresent() ? "Block" : "Authorizer", content));
    }
    return checks;
  }

  private static ObjectNode object(String name, JsonNode content) {
    ObjectNode object = NODES.objectNode();
    object.set(name, content);
    return object;
  }
}
