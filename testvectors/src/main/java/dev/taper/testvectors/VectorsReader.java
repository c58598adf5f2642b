package dev.taper.testvectors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.testvectors.ExpectedDecision.FailedCheck;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code samples.json}. The file has the layout of the samples of the Biscuit specification,
 * so that tools for those can read it too.
 */
final class VectorsReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final String folder;

  VectorsReader(String folder) {
    this.folder = folder;
  }

  Vectors read(InputStream in) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      parser.nextToken();
      Node root = new Node(value(parser));
      List<Vector> vectors = new ArrayList<>();
      for (Node testcase : root.get("testcases").elements()) {
        vectors.add(vector(testcase));
      }
      return new Vectors(
          folder,
          "ed25519-private/" + root.get("root_private_key").text(),
          "ed25519/" + root.get("root_public_key").text(),
          vectors);
    }
  }

  private static Vector vector(Node node) {
    List<Vector.Block> blocks = new ArrayList<>();
    for (Node block : node.get("token").elements()) {
      blocks.add(
          new Vector.Block(
              block.get("symbols").texts(),
              block.get("public_keys").texts(),
              block.get("code").isNull() ? null : block.get("code").text(),
              block.get("version").integer()));
    }
    List<Vector.Validation> validations = new ArrayList<>();
    for (Map.Entry<String, Node> entry : node.get("validations").fields().entrySet()) {
      validations.add(validation(entry.getKey(), entry.getValue()));
    }
    return new Vector(node.get("title").text(), node.get("filename").text(), blocks, validations);
  }

  private static Vector.Validation validation(String name, Node node) {
    List<Vector.Facts> facts = new ArrayList<>();
    Node world = node.get("world");
    if (!world.isNull()) {
      for (Node group : world.get("facts").elements()) {
        List<Integer> origin = new ArrayList<>();
        for (Node block : group.get("origin").elements()) {
          origin.add(block.isNull() ? FailedCheck.AUTHORIZER : block.integer());
        }
        facts.add(new Vector.Facts(origin, group.get("facts").texts()));
      }
    }
    return new Vector.Validation(
        name,
        node.get("authorizer_code").text(),
        facts,
        expected(node.get("result")),
        node.get("revocation_ids").texts());
  }

  private static ExpectedDecision expected(Node result) {
    if (result.has("Ok")) {
      return ExpectedDecision.allow(result.get("Ok").integer(), List.of());
    }
    Node error = result.get("Err");
    if (error.has("Execution")) {
      return ExpectedDecision.executionError();
    }
    Node logic = error.get("FailedLogic");
    if (logic.has("NoMatchingPolicy")) {
      return ExpectedDecision.noMatchingPolicy(checks(logic.get("NoMatchingPolicy").get("checks")));
    }
    Node unauthorized = logic.get("Unauthorized");
    List<FailedCheck> failed = checks(unauthorized.get("checks"));
    Node policy = unauthorized.get("policy");
    return policy.has("Allow")
        ? ExpectedDecision.allow(policy.get("Allow").integer(), failed)
        : ExpectedDecision.deny(policy.get("Deny").integer(), failed);
  }

  private static List<FailedCheck> checks(Node node) {
    List<FailedCheck> checks = new ArrayList<>();
    for (Node check : node.elements()) {
      if (check.has("Authorizer")) {
        Node body = check.get("Authorizer");
        checks.add(new FailedCheck(FailedCheck.AUTHORIZER, body.get("check_id").integer()));
      } else {
        Node body = check.get("Block");
        checks.add(new FailedCheck(body.get("block_id").integer(), body.get("check_id").integer()));
      }
    }
    return checks;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Node> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, new Node(value(parser)));
        }
        return fields;
      }
      case START_ARRAY -> {
        List<Node> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(new Node(value(parser)));
        }
        return elements;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getNumberValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> throw new IOException("unexpected in samples.json: " + parser.currentToken());
    }
  }

  /** A JSON value of the types that occur in the file. */
  private record Node(@Nullable Object value) {
    boolean isNull() {
      return value == null;
    }

    Map<String, Node> fields() {
      if (value instanceof Map<?, ?> map) {
        Map<String, Node> fields = new LinkedHashMap<>();
        map.forEach((name, field) -> fields.put((String) name, (Node) field));
        return fields;
      }
      throw unexpected("an object");
    }

    boolean has(String name) {
      return value instanceof Map<?, ?> map && map.containsKey(name);
    }

    Node get(String name) {
      if (value instanceof Map<?, ?> map && map.get(name) instanceof Node field) {
        return field;
      }
      throw unexpected("an object with " + name);
    }

    List<Node> elements() {
      if (value instanceof List<?> list) {
        List<Node> elements = new ArrayList<>();
        list.forEach(element -> elements.add((Node) element));
        return elements;
      }
      throw unexpected("an array");
    }

    List<String> texts() {
      List<String> texts = new ArrayList<>();
      for (Node element : elements()) {
        texts.add(element.text());
      }
      return texts;
    }

    String text() {
      if (value instanceof String text) {
        return text;
      }
      throw unexpected("a string");
    }

    int integer() {
      if (value instanceof Integer integer) {
        return integer;
      }
      throw unexpected("an integer");
    }

    private IllegalStateException unexpected(String wanted) {
      return new IllegalStateException("samples.json: expected " + wanted + ", found " + value);
    }
  }
}
