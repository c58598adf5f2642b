package dev.taper.assurance;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.RootKeys;
import java.io.IOException;
import java.util.List;

/** The first messages of the Model Context Protocol. */
final class McpSeeds {
  private static final String CALL = "tools/call";

  private McpSeeds() {}

  static void write(Seeds seeds) throws IOException {
    Harness harness = Harness.MCP_META;
    seeds.add(harness, "token", message(CALL, "{", "\"dev.taper/token\":\"AAAA\""));
    seeds.add(
        harness,
        "all",
        message(
            CALL,
            "{",
            "\"dev.taper/token\":\"AAAA==\",\"dev.taper/proof\":\"A_-\","
                + "\"dev.taper/approvals\":[\"A\",\"B\"],\"progressToken\":1"));
    seeds.add(harness, "number", message(CALL, "{", "\"dev.taper/token\":1"));
    seeds.add(harness, "null", message(CALL, "{", "\"dev.taper/token\":null"));
    seeds.add(
        harness,
        "text",
        message(CALL, "{", "\"dev.taper/token\":\"A\",\"dev.taper/approvals\":\"A\""));
    seeds.add(harness, "array", "{\"method\":\"tools/call\",\"params\":{\"_meta\":[]}}");
    messages(seeds);
    texts(seeds);
    relayed(seeds);
    refusals(seeds);
  }

  /** Messages on their way between clients and servers. */
  private static void relayed(Seeds seeds) throws IOException {
    String request =
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\",\"params\":{\"n\":1.50}}";
    String result = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":true}}";
    String error =
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-1,\"message\":\"m\",\"data\":[]}}";
    Harness one = Harness.RPC_MESSAGE;
    seeds.add(one, "request", request);
    seeds.add(one, "notification", request.replace("\"id\":\"a\",", ""));
    seeds.add(one, "result", result);
    seeds.add(one, "error", error);
    seeds.add(one, "batch", "[" + request + "]");
    seeds.add(one, "id-twice", result.replace("\"id\":1", "\"id\":1,\"id\":2"));
    seeds.add(one, "null-id", request.replace("\"a\"", "null"));
    seeds.add(one, "fraction-id", request.replace("\"a\"", "1.5"));
    seeds.add(one, "both", result.replace("}}", "},\"error\":{}}"));
    seeds.add(one, "no-version", "{\"id\":1,\"method\":\"ping\"}");
    outlined(seeds);
    Harness lines = Harness.RPC_LINES;
    seeds.add(lines, "two", request + "\n" + result + "\r\n");
    seeds.add(lines, "cut", request + "\n" + result);
    seeds.add(
        lines, "long", request + "\n" + " ".repeat(RpcReaders.LONGEST + 1) + "\n" + error + "\n");
    seeds.add(lines, "log", "listening\n\n" + result + "\n");
    seeds.add(lines, "noise", "listening\n[]\n");
    Harness events = Harness.SSE_EVENTS;
    seeds.add(events, "message", "event: message\nid: 1\ndata: " + result + "\n\n");
    seeds.add(events, "lines", ": ping\r\n\r\nretry: 10\rdata:a\rdata\rdata: b\r\r");
    seeds.add(events, "other", "event: other\ndata: x\n\n");
    seeds.add(events, "mark", "\ufeffdata: x\n\n");
    seeds.add(events, "long", "data: " + "x".repeat(RpcReaders.LONGEST) + "\ndata: y\n\n");
    seeds.add(events, "cut", "data: x\n");
  }

  /** Messages with tokens where they belong, elsewhere, twice, and in other spellings. */
  private static void outlined(Seeds seeds) throws IOException {
    Harness one = Harness.RPC_OUTLINE;
    String token = "\"dev.taper/token\":\"abc\"";
    String version = "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"";
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
            + "\"arguments\":{\"name\":[{},{\"a\":-1.5e3}],\"_meta\":{"
            + token
            + "}},\"_meta\":{"
            + token
            + ","
            + version
            + "}}}";
    seeds.add(one, "call", call);
    seeds.add(one, "notification", call.replace("\"id\":7,", ""));
    String id = "\"id\":7";
    seeds.add(one, "text-id", call.replace(id, "\"id\":\"\\ud83d\\ude00\""));
    seeds.add(one, "half-id", call.replace(id, "\"id\":\"\\ud83d\""));
    seeds.add(one, "large-id", call.replace(id, "\"id\":-9223372036854775808"));
    seeds.add(one, "zero-id", call.replace(id, "\"id\":-0"));
    seeds.add(one, "token-twice", call.replace(version, token));
    seeds.add(one, "escapes", call.replace("_meta", "\\u005fmeta").replace("abc", "a\\u0062c"));
    seeds.add(one, "token-no-text", call.replace("\"abc\"", "{\"a\":[true,null]}"));
    seeds.add(
        one, "meta-no-object", call.replace("\"_meta\":{" + token + "," + version, "\"_meta\":[{"));
    seeds.add(
        one, "params-no-object", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[]}");
    seeds.add(one, "deep", call.replace("{},", "[".repeat(57) + "]".repeat(57) + ","));
    seeds.add(one, "deeper", call.replace("{},", "[".repeat(60) + "]".repeat(60) + ","));
    seeds.add(one, "no-name", call.replace("\"echo\"", "\"" + "\u00e9".repeat(600) + "\""));
    seeds.add(one, "result", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"method\":1}}");
    seeds.add(one, "batch", "[" + call + "]");
  }

  /** Messages as they are read before anything of them means something. */
  private static void texts(Seeds seeds) throws IOException {
    String numbers =
        "{\"method\":\"ping\",\"params\":{\"a\":[0.1,-0.0,1e0,5e-324,12345678901234567890,"
            + "0.30000000000000004,1E400,true,null,{}]}}";
    String escapes = "{\"method\":\"\\u0070ing\",\"params\":{\"\\ud83d\\ude00\":\"\\u0000\"}}";
    String call = message(CALL, "{\"name\":\"search\",", "");
    for (Harness harness : List.of(Harness.MCP_JSON, Harness.MCP_STRICT)) {
      seeds.add(harness, "call", call);
      seeds.add(harness, "numbers", numbers);
      seeds.add(harness, "escapes", escapes);
      seeds.add(harness, "answer", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":[[]]}}");
      seeds.add(harness, "twice", call.replace("\"name\"", "\"name\":\"delete\",\"name\""));
      seeds.add(harness, "twice-answer", "{\"id\":1,\"result\":{\"a\":1},\"result\":{\"a\":2}}");
      seeds.add(harness, "deep", "{\"method\":" + "[".repeat(65) + "]".repeat(65) + "}");
      seeds.add(harness, "half-a-pair", "{\"method\":\"\\ud83d\"}");
      seeds.add(harness, "long-number", "{\"method\":" + "1".repeat(1025) + "}");
      seeds.add(harness, "exponent", "{\"method\":1e678901234567890}");
      seeds.add(harness, "null", "null");
      seeds.add(harness, "batch", "[" + call + "]");
      seeds.add(harness, "end", call.substring(0, 20));
    }
  }

  private static void refusals(Seeds seeds) throws IOException {
    String decision = decision();
    String plain = "{\"status\":401,\"code\":\"proof_replayed\",\"detail\":\"used before\"}";
    String denied = "{\"status\":403,\"code\":\"out_of_scope\",\"detail\":\"no\",\"decision\":";
    for (Harness harness : List.of(Harness.MCP_REFUSAL, Harness.MODEL_REFUSAL)) {
      seeds.add(harness, "plain", plain);
      seeds.add(harness, "decision", denied + decision + "}");
      seeds.add(harness, "no-decision", denied + "{\"allowed\":true}}");
      seeds.add(
          harness,
          "other-types",
          "{\"status\":\"403\",\"code\":\"x\",\"detail\":1,\"decision\":[]}");
      seeds.add(
          harness,
          "hidden",
          "{\"code\":\"a\\u202eb\\n\",\"detail\":\"" + "\\u0007x".repeat(300) + "\"}");
      seeds.add(harness, "no-code", "{\"status\":403,\"code\":5}");
      seeds.add(harness, "twice", "{\"code\":1,\"code\":\"expired\"}");
      seeds.add(harness, "words", "the issue is closed");
    }
  }

  private static void messages(Seeds seeds) throws IOException {
    Harness harness = Harness.MCP_MESSAGE;
    String search = "{\"arguments\":{\"limit\":5},\"name\":\"search\"}";
    seeds.add(harness, "call", proven(CALL, search));
    seeds.add(harness, "spelling", proven(CALL, search).replace(":5}", ": 5.0}"));
    String dropped = "{\"arguments\":{\"debug\":{},\"text\":\"\\u2028\"},\"name\":\"search\"}";
    seeds.add(harness, "dropped", proven(CALL, dropped.replace("\\u2028", "\u2028")));
    seeds.add(harness, "bare", proven(CALL, "{\"name\":\"search\"}"));
    seeds.add(harness, "task", proven(CALL, "{\"name\":\"search\",\"task\":{}}"));
    seeds.add(harness, "resource", proven("resources/read", "{\"name\":\"a\",\"uri\":[1,null]}"));
    seeds.add(harness, "unknown", proven("prompts/get", "{}"));
    seeds.add(harness, "open", message("ping", "{", "\"dev.taper/token\":\"A\",\"a\":1"));
    seeds.add(harness, "nobody", message("tools/list", "{", ""));
    seeds.add(harness, "twice", "{\"method\":\"ping\",\"method\":\"ping\"}");
  }

  /** What a caller is told whose call is not granted. */
  private static String decision() {
    AgentToken token = TokenSeeds.atPlanner();
    ToolCall call = ToolCall.of("jira.drop").operation("write").on("jira:project/ACME/1");
    return Verifier.trusting(RootKeys.of(Keys.ROOT.publicKey()))
        .callerStatesMeaning()
        .audience(HttpReader.AUDIENCE)
        .clock(Keys.CLOCK)
        .withoutRevocation()
        .build()
        .decide(
            Credentials.of(
                token.encodeBase64(),
                token.prove(Keys.PLANNER, call, HttpReader.AUDIENCE, Keys.CLOCK).encodeBase64()),
            call)
        .toJson();
  }

  private static String message(String method, String start, String meta) {
    return "{\"method\":\"" + method + "\",\"params\":" + start + "\"_meta\":{" + meta + "}}}";
  }

  /** A message with the planner's proof of it; its params are in canonical form. */
  private static String proven(String method, String params) {
    AgentToken token = TokenSeeds.atPlanner();
    String proof =
        token
            .prove(
                Keys.PLANNER,
                SentMcp.of(method, params),
                HttpReader.AUDIENCE,
                SentApprovals.NONE,
                Keys.CLOCK)
            .encodeBase64();
    String start = params.substring(0, params.length() - 1) + (params.equals("{}") ? "" : ",");
    return message(
        method,
        start,
        "\"dev.taper/token\":\""
            + token.encodeBase64()
            + "\",\"dev.taper/proof\":\""
            + proof
            + "\"");
  }
}
