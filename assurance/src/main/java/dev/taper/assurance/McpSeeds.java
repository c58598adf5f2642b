package dev.taper.assurance;

import dev.taper.agent.AgentToken;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import java.io.IOException;

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
