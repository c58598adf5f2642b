package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Brings expected and actual results into one form, in which they can be compared. */
final class ExpectedResult {
  private ExpectedResult() {}

  /**
   * Writes a result as {@link ActualResult} does: logic results in full, since their content is
   * determined; other errors by their kind.
   */
  static JsonNode of(JsonNode result) {
    JsonNode error = result.get("Err");
    if (error == null) {
      return result;
    }
    return ErrorKinds.name(error).equals("FailedLogic")
        ? error.get("FailedLogic")
        : JsonNodeFactory.instance.textNode(ErrorKinds.of(error));
  }
}
