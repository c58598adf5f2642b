package dev.taper.cli.conformance;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.taper.TaperException;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.ExitCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a file of test cases. */
final class TestFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String name;

  private TestFile(String name) {
    this.name = name;
  }

  /**
   * The cases of a file.
   *
   * @param name the file's name, for messages
   * @param json its content
   * @throws CliException with the code {@code malformed_test_cases}, saying where
   */
  static List<TestCase> read(String name, byte[] json) {
    TestFile file = new TestFile(name);
    try {
      return file.cases(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String place = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw file.malformed("it is not JSON" + place + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw file.malformed(String.valueOf(e.getMessage()));
    }
  }

  private List<TestCase> cases(JsonNode root) {
    JsonNode cases = root.get("testcases");
    if (cases == null || !cases.isArray()) {
      throw malformed("it has no array 'testcases'");
    }
    PublicKey fileKey = key(root, "the file");
    List<TestCase> all = new ArrayList<>();
    for (JsonNode testCase : cases) {
      all.add(testCase(testCase, "test case " + all.size(), fileKey));
    }
    return all;
  }

  private TestCase testCase(JsonNode node, String where, @Nullable PublicKey fileKey) {
    if (!node.isObject()) {
      throw malformed(where + " is not an object");
    }
    String filename = text(node, "filename", where);
    String named = where + " (" + filename + ")";
    PublicKey ownKey = key(node, named);
    PublicKey key = ownKey == null ? fileKey : ownKey;
    if (key == null) {
      throw malformed(named + " has no 'root_public_key', nor has the file");
    }
    JsonNode blocks = present(node, "token");
    if (blocks != null && !blocks.isArray()) {
      throw malformed("'token' of " + named + " is not an array");
    }
    return new TestCase(
        node.path("title").asText(""), filename, key, blocks, validations(node, named));
  }

  private List<TestCase.Validation> validations(JsonNode testCase, String where) {
    JsonNode validations = testCase.get("validations");
    if (validations == null || !validations.isObject() || validations.isEmpty()) {
      throw malformed(where + " has no 'validations'");
    }
    List<TestCase.Validation> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : validations.properties()) {
      String named = "validation '" + entry.getKey() + "' of " + where;
      if (!entry.getValue().path("result").isObject()) {
        throw malformed(named + " has no 'result'");
      }
      String code = text(entry.getValue(), "authorizer_code", named);
      all.add(new TestCase.Validation(entry.getKey(), code, entry.getValue()));
    }
    return all;
  }

  private @Nullable PublicKey key(JsonNode node, String where) {
    JsonNode key = present(node, "root_public_key");
    if (key == null) {
      return null;
    }
    String text = text(node, "root_public_key", where);
    try {
      // The official file has the bare digits of an Ed25519 key.
      return text.indexOf('/') >= 0
          ? PublicKey.parse(text)
          : PublicKey.of(Algorithm.ED25519, HexFormat.of().parseHex(text));
    } catch (TaperException | IllegalArgumentException e) {
      throw malformed("'root_public_key' of " + where + " is not a public key");
    }
  }

  private static @Nullable JsonNode present(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private String text(JsonNode node, String field, String where) {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      throw malformed(where + " has no text '" + field + "'");
    }
    return value.textValue();
  }

  private CliException malformed(String what) {
    return new CliException(
        ExitCode.IO, "malformed_test_cases", name + " is not a file of test cases: " + what, null);
  }
}
