package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the published files of the binding: the same bytes each time. */
final class BindingFiles {
  private BindingFiles() {}

  /** The files by name. */
  static Map<String, byte[]> generate() {
    Map<String, JsonNode> files = new LinkedHashMap<>();
    files.put("http.json", HttpCases.file());
    files.put("http-refused.json", HttpRefusalCases.file());
    files.put("http-denied.json", HttpTokenCases.file());
    files.put("signing.json", SigningCases.file());
    files.put("answers.json", AnswerCases.file());
    files.put("services.json", AnswerCases.services());
    files.put("mcp.json", McpCases.file());
    files.put("mcp-signing.json", McpClientCases.file());
    files.put("replies.json", McpClientCases.replies());
    files.put("asks.json", AskCases.file());
    files.put("ask-states.json", AskCases.states());
    files.put("renewals.json", RenewalCases.file());
    files.put("exchanges.json", ExchangeCases.file());
    files.put("statements.json", StatementCases.file());
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, file) -> bytes.put(name, Json.write(file)));
    return bytes;
  }
}
