package dev.taper.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/** Brings expected and actual results into one form, in which they can be compared. */
final class ExpectedResult {
  private ExpectedResult() {}

  /**
   * The text that {@link ActualResult} gives for the same result: logic results in full, since
   * their content is determined; other errors by their kind.
   */
  static String of(JsonNode result) {
    JsonNode error = result.get("Err");
    if (error == null) {
      return result.toString();
    }
    return ErrorKinds.name(error).equals("FailedLogic")
        ? error.get("FailedLogic").toString()
        : ErrorKinds.of(error);
  }
}
