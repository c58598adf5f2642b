package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The guarded server of the vectors, messages to it, and what becomes of them. */
final class McpWorld {
  static final String CALL = "tools/call";
  static final String SEARCH = "{\"arguments\":{\"limit\":5},\"name\":\"search\"}";
  static final String DELETE = "{\"arguments\":{\"id\":7},\"name\":\"delete\"}";
  static final String DELETE_7 =
      "{\"args\":{\"id\":7},\"operation\":\"delete\",\"resource\":\"jira:issue/7\","
          + "\"tool\":\"jira.delete\"}";
  static final String FOUND =
      "{\"args\":{\"limit\":5},\"operation\":\"read\",\"resource\":\"jira:issues\","
          + "\"tool\":\"jira.search\"}";
  static final String INVALID = "invalid_request";

  /** A server with four tools, of which the catalog names three, resources and prompts. */
  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "tools": {
         "jira.search": {
           "operation": "read", "resource": "jira:issues",
           "mcp": {"method": "tools/call", "name": "search"},
           "arguments": {"limit": {"type": "integer"}, "text": {"type": "string", "is": "text"}}},
         "jira.delete": {
           "operation": "delete", "resource": "jira:issue/{id}",
           "mcp": {"method": "tools/call", "name": "delete"},
           "arguments": {"id": {"type": "integer", "required": true}}},
         "jira.close": {
           "operation": "write", "mcp": {"method": "tools/call", "name": "close"}},
         "jira.gone": {
           "operation": "read", "mcp": {"method": "tools/call", "name": "gone"}},
         "jira.files": {
           "operation": "read", "resource": "{+uri}", "mcp": {"method": "resources/read"},
           "arguments": {"uri": {"type": "string", "required": true}}},
         "jira.prompts": {
           "operation": "read", "mcp": {"method": "prompts/get"},
           "arguments": {"name": {"type": "string"}, "arguments": {"type": "object"}}}}}
      """;

  private static final String GRANT =
      "jira.search or jira.gone or jira.files on file:///srv/* or jira.delete if approved by "
          + Cast.BOSS.publicKey();

  private McpWorld() {}

  static Chain chain() {
    return Story.granted(GRANT);
  }

  static ObjectNode service() {
    return Json.object(
        "audience",
        Cast.JIRA,
        "roots",
        List.of(Decision.root(Cast.ROOT.publicKey().toString(), null)),
        "catalog",
        CATALOG,
        "tools",
        List.of("search", "delete", "close", "hidden"),
        "schemas",
        List.of("close"));
  }

  static String proof(Sent sent, Chain chain, PrivateKey holder, String... approvals) {
    byte[] state = Objects.requireNonNull(chain.state());
    byte[] nonce = Arrays.copyOf(Messages.sha256(sent.parts()), 16);
    return ProofCases.proof(holder, state, Cast.JIRA, List.of(approvals), sent, Cast.NOON, nonce);
  }

  /** The members of _meta that carry credentials. */
  static String carried(Chain chain, @Nullable String proof, String... approvals) {
    StringBuilder meta = new StringBuilder();
    meta.append("\"dev.taper/token\":\"").append(Messages.base64(chain.held())).append('"');
    if (proof != null) {
      meta.append(",\"dev.taper/proof\":\"").append(proof).append('"');
    }
    if (approvals.length > 0) {
      meta.append(",\"dev.taper/approvals\":[\"")
          .append(String.join("\",\"", approvals))
          .append("\"]");
    }
    return meta.toString();
  }

  /** A message whose _meta has these members. */
  static String message(String method, String params, String meta) {
    String separator = params.equals("{}") ? "" : ",";
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s%s\"_meta\":{%s}}}"
        .formatted(method, params.substring(0, params.length() - 1), separator, meta);
  }

  /** A message with the planner's proof of it. */
  static String proven(String method, String params, String... approvals) {
    String proof = proof(Sent.mcp(method, params), chain(), Cast.PLANNER, approvals);
    return message(method, params, carried(chain(), proof, approvals));
  }

  static String searching() {
    return proven(CALL, SEARCH);
  }

  static ObjectNode passed(String params, String meaning) {
    return Json.object("passed", params, "meaning", meaning);
  }

  static ObjectNode refusal(int status, String code, String... members) {
    TreeSet<String> all = new TreeSet<>(Arrays.asList(members));
    all.addAll(List.of("code", "detail", "status"));
    return Json.object("status", status, "code", code, "members", List.copyOf(all));
  }

  /** The result of a tool's call that is refused. */
  static ObjectNode result(int status, String code, String... members) {
    return Json.object(
        "result", true, "structured", true, "refusal", refusal(status, code, members));
  }

  static ObjectNode error(int number, int status, String code, String... members) {
    return Json.object("error", number, "refusal", refusal(status, code, members));
  }

  static ObjectNode at(Instant now, String message, ObjectNode expect) {
    return Json.object("now", now.toEpochMilli(), "message", message, "expect", expect);
  }

  static String approval(PrivateKey approver) {
    return Said.of(chain(), DELETE_7).by(approver);
  }
}
