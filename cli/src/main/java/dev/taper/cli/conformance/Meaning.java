package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Function;

/**
 * Gives texts with one meaning one spelling: other implementations write the elements of a set or
 * the entries of a map in another order, put their spaces elsewhere, and order the fields of an
 * object as they like. Text that is not Datalog stands for itself.
 */
final class Meaning {
  private Meaning() {}

  /** The one spelling of a fact, rule, check or policy. */
  static String of(Function<String, ?> reader, String text) {
    try {
      return reader.apply(text).toString();
    } catch (TaperException e) {
      return text;
    }
  }

  /** The one spelling of a block's code, whose facts and rules have no order. */
  static String ofBlock(String code) {
    try {
      Block block = Datalog.block(code);
      Block.Builder sorted = Block.builder();
      block.scopes().forEach(sorted::scope);
      block.facts().stream().sorted(Comparator.comparing(Object::toString)).forEach(sorted::fact);
      block.rules().stream().sorted(Comparator.comparing(Object::toString)).forEach(sorted::rule);
      block.checks().forEach(sorted::check);
      return sorted.build().toString();
    } catch (TaperException e) {
      return code;
    }
  }

  /** A result whose checks and rules have one spelling; equal if only the fields' order differs. */
  static JsonNode ofResult(JsonNode result) {
    if (result instanceof ObjectNode object) {
      ObjectNode same = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        JsonNode value = field.getValue();
        same.set(
            field.getKey(),
            field.getKey().equals("rule") && value.isTextual()
                ? JsonNodeFactory.instance.textNode(of(Datalog::check, value.textValue()))
                : ofResult(value));
      }
      return same;
    }
    if (result instanceof ArrayNode array) {
      ArrayNode same = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> same.add(ofResult(element)));
      return same;
    }
    return result;
  }
}
