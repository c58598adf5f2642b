package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client of the Model Context Protocol signs, and what it makes of replies. */
final class McpClientCases {
  private static final String META = "_meta";

  private final Cases cases =
      new Cases(
          "mcp-signing",
          "Messages that a holder is about to send (docs/binding.md, MCP): expect has their params"
              + " with what they carry then, the proof, and what that signs.");

  private McpClientCases() {}

  static JsonNode file() {
    McpClientCases all = new McpClientCases();
    all.sign("a call", McpWorld.CALL, McpWorld.SEARCH, Sent.mcp(McpWorld.CALL, McpWorld.SEARCH));
    all.sign("no arguments", McpWorld.CALL, "{\"name\":\"search\"}", null);
    all.sign("empty arguments", McpWorld.CALL, "{\"arguments\":{},\"name\":\"search\"}", null);
    String meta = "{\"_meta\":{\"progressToken\":1},\"name\":\"search\"}";
    all.sign(
        "other members of _meta",
        McpWorld.CALL,
        meta,
        Sent.mcp(McpWorld.CALL, "{\"name\":\"search\"}"));
    String order =
        "{\"name\":\"search\",\"arguments\":{\"b\":\"\\u20ac\",\"a\":[1.5,-0.0,1e21,null]}}";
    all.sign(
        "members in another order",
        McpWorld.CALL,
        order,
        Sent.mcp(
            McpWorld.CALL,
            "{\"arguments\":{\"a\":[1.5,0,1e+21,null],\"b\":\"\u20ac\"},\"name\":\"search\"}"));
    all.sign("a message without params", "completion/complete", null, null);
    all.sign("a list", "tools/list", "{\"cursor\":\"x\"}", Sent.offer());
    all.sign("an open message", "ping", "{\"_meta\":{\"progressToken\":1}}", Sent.offer());
    String boss = McpWorld.approval(Cast.BOSS);
    all.sign("an approval", McpWorld.CALL, McpWorld.DELETE, null, boss);
    all.sign(
        "two approvals",
        McpWorld.CALL,
        McpWorld.DELETE,
        null,
        boss,
        McpWorld.approval(Cast.LAWYER));
    all.sign(
        "an approval beside a list, where it is left", "prompts/list", "{}", Sent.offer(), boss);
    return all.cases.file();
  }

  private static JsonNode read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private void sign(
      String name,
      String method,
      @Nullable String params,
      @Nullable Sent covered,
      String... approvals) {
    Chain chain = McpWorld.chain();
    Sent sent = covered == null ? Sent.mcp(method, params == null ? "{}" : params) : covered;
    List<String> beside = sent.form() == 4 ? List.of() : List.of(approvals);
    byte[] state = Objects.requireNonNull(chain.state());
    byte[] header =
        Messages.proofHeader(Cast.PLANNER, sent.form(), Cast.NOON.toEpochMilli(), ProofCases.NONCE);
    String proof =
        ProofCases.proof(Cast.PLANNER, state, Cast.JIRA, beside, sent, Cast.NOON, ProofCases.NONCE);
    boolean isOpen = method.equals("ping");
    ObjectNode carrying = params == null ? Json.object() : read(params).deepCopy();
    if (!isOpen) {
      ObjectNode meta = carrying.has(META) ? carrying.get(META).deepCopy() : Json.object();
      meta.put("dev.taper/token", Messages.base64(chain.held()));
      meta.put("dev.taper/proof", proof);
      if (!beside.isEmpty()) {
        meta.setAll(Json.object("dev.taper/approvals", beside));
      }
      carrying.set(META, meta);
    }
    byte[] digests = ProofCases.digests(state, Cast.JIRA, beside, sent);
    cases.add(
        name,
        null,
        "holder",
        "planner",
        "key",
        Cast.PLANNER.publicKey(),
        "token",
        Messages.base64(chain.held()),
        "audience",
        Cast.JIRA,
        "message",
        Json.object("method", method, "params", params == null ? null : read(params)),
        "approvals",
        List.of(approvals),
        "time",
        Cast.NOON.toEpochMilli(),
        "nonce",
        ProofCases.NONCE,
        "expect",
        Json.object(
            "params",
            carrying,
            "proof",
            isOpen ? null : proof,
            "message",
            isOpen ? null : Messages.proof(header, digests)));
  }

  /** What a client makes of replies. */
  static JsonNode replies() {
    Cases replies =
        new Cases(
            "replies",
            "Replies of a guarded server, and what a client makes of them (docs/binding.md, MCP):"
                + " served, refused with what the refusal says, or failed in another way.");
    String refusal = "{\"status\":403,\"code\":\"out_of_scope\",\"detail\":\"x\",\"decision\":{}}";
    Object[] said = {
      "status", 403, "code", "out_of_scope", "detail", "x", "decision", Json.object()
    };
    String meta = "\"_meta\":" + ours(refusal);
    reply(replies, "a result", "{\"result\":{\"content\":[]}}", "served");
    reply(replies, "a tool's own error", "{\"result\":{\"isError\":true}}", "served");
    reply(
        replies,
        "what looks like a refusal in a tool's own words",
        "{\"result\":{\"isError\":true,\"structuredContent\":" + refusal + "}}",
        "served");
    reply(replies, "a refusal", "{\"result\":{\"isError\":true," + meta + "}}", "refused", said);
    String unknown = "{\"status\":404,\"code\":\"unknown_tool\"}";
    reply(
        replies,
        "a tool that nobody has",
        "{\"error\":{\"code\":-32602,\"message\":\"x\",\"data\":" + ours(unknown) + "}}",
        "refused",
        "status",
        404,
        "code",
        "unknown_tool");
    reply(
        replies,
        "a refusal of a list",
        "{\"error\":{\"code\":403,\"message\":\"x\",\"data\":" + ours(refusal) + "}}",
        "refused",
        said);
    reply(
        replies,
        "an error whose data looks like a refusal",
        "{\"error\":{\"code\":403,\"message\":\"x\",\"data\":" + refusal + "}}",
        "failed");
    reply(
        replies,
        "a server's own error",
        "{\"error\":{\"code\":-32602,\"message\":\"x\"}}",
        "failed");
    reply(
        replies,
        "a server's own error with data",
        "{\"error\":{\"code\":-32602,\"message\":\"x\",\"data\":{\"path\":\"a\"}}}",
        "failed");
    return replies.file();
  }

  private static String ours(String refusal) {
    return "{\"dev.taper/refusal\":" + refusal + "}";
  }

  private static void reply(
      Cases replies, String name, String reply, String outcome, Object... said) {
    ObjectNode expect = Json.object("outcome", outcome);
    expect.setAll(Json.object(Stream.of(said).toArray()));
    replies.add(name, null, "reply", read(reply), "expect", expect);
  }
}
