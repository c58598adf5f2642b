package dev.taper.assurance;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.server.StrictMapper;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The readers of messages of the Model Context Protocol. An input is a message in JSON. What is
 * refused has a status of docs/binding.md, and never the one for what nobody foresaw; what a
 * handler gets has nothing of Taper's.
 */
final class McpReader {
  /** A server with a tool, a tool that drops an argument, and resources. */
  static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "tools": {
         "jira.search": {
           "operation": "read", "resource": "jira:project/ACME/all",
           "mcp": {"method": "tools/call", "name": "search"},
           "arguments": {
             "limit": {"type": "number"}, "text": {"type": "string", "is": "text"},
             "debug": {"dropped": true}}},
         "jira.files": {
           "operation": "read", "resource": "jira:project/ACME/{name}",
           "mcp": {"method": "resources/read"},
           "arguments": {"uri": {"type": "any"}, "name": {"type": "string", "required": true}}}}}
      """;

  private static final int LONGEST = 1 << 17;

  /** An escape has six characters. */
  private static final int WRITTEN = 6 * LONGEST;

  private static final TypeRef<HashMap<String, @Nullable Object>> MESSAGE = new TypeRef<>() {};
  private static final Set<Integer> REFUSED = Set.of(400, 401, 403, 404, 431);

  private McpReader() {}

  /** Reads a message; empty if it is no JSON object. */
  private static Optional<Map<String, @Nullable Object>> message(byte[] input) {
    return Laws.read(() -> McpJson.read(Laws.utf8(input), LONGEST), ErrorCode.INVALID_REQUEST);
  }

  /** A message that is read and written again. */
  static boolean json(byte[] input) {
    Optional<Map<String, @Nullable Object>> read = message(input);
    // Half of a surrogate pair can be named in JSON, and is not written.
    Optional<String> written =
        read.flatMap(
            message -> Laws.read(() -> McpJson.write(message, WRITTEN), ErrorCode.INVALID_REQUEST));
    if (written.isEmpty()) {
      return false;
    }
    Map<String, @Nullable Object> again = McpJson.read(written.get(), WRITTEN);
    Laws.same("what is written is written again", written.get(), McpJson.write(again, WRITTEN));
    return true;
  }

  /** A message that has one reading, or whose parameters and result no handler gets. */
  static boolean strict(byte[] input) {
    String text = Laws.utf8(input);
    Map<String, @Nullable Object> read;
    try {
      read = StrictMapper.of().readValue(text, MESSAGE);
    } catch (IOException e) {
      return false; // no JSON object for the SDK either
    }
    Optional<Map<String, @Nullable Object>> message = message(input);
    if (message.isPresent()) {
      Laws.same("what has one reading is read so", message.get(), read);
      return true;
    }
    if (read.containsKey("method")) {
      Object params = read.get("params");
      Laws.same(
          "no parameters are chosen",
          Map.of(McpMeta.MEMBER, McpMeta.ambiguous()),
          params == null ? "none" : params);
    } else {
      Laws.same("no result is chosen", false, read.containsKey("result"));
    }
    return false;
  }

  /** What a message presents, before anything of it is decoded. */
  static boolean credentials(byte[] input) {
    Optional<Map<String, @Nullable Object>> message = message(input);
    if (message.isEmpty() || !(message.get().get("params") instanceof Map<?, ?> given)) {
      return false;
    }
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    given.forEach((name, value) -> params.put((String) name, value));
    try {
      Credentials read = McpMeta.credentials(params);
      Map<String, Object> meta = new LinkedHashMap<>();
      meta.put(McpMeta.TOKEN, read.token());
      if (read.proof() != null) {
        meta.put(McpMeta.PROOF, read.proof());
      }
      meta.put(McpMeta.APPROVALS, read.approvals());
      Credentials again = McpMeta.credentials(Map.of(McpMeta.MEMBER, meta));
      Laws.same("what is presented again reads the same", read, again);
      return true;
    } catch (RefusedException e) {
      check(e.refusal());
      return false;
    }
  }

  private static void check(HttpRefusal refusal) {
    if (!REFUSED.contains(refusal.status())) {
      throw new AssertionError("refused with " + refusal);
    }
  }

  /** A message to a server that has forgotten all others. */
  static boolean judged(byte[] input) {
    Optional<Map<String, @Nullable Object>> message = message(input);
    if (message.isEmpty() || !(message.get().get("method") instanceof String method)) {
      return false;
    }
    McpGuard guard =
        McpGuard.of(
            Verifier.trusting(RootKeys.of(Keys.ROOT.publicKey()))
                .audience(HttpReader.AUDIENCE)
                .catalog(ToolCatalog.parse(CATALOG))
                .withoutRevocation()
                .clock(Keys.CLOCK)
                .build());
    McpJudgement judgement = guard.judge(method, message.get().get("params"));
    if (judgement instanceof McpJudgement.Refused refused) {
      check(refused.refusal());
      return false;
    }
    if (judgement instanceof McpJudgement.Called called) {
      handed(called.params());
      Laws.same("what is dropped reaches no handler", false, hasDebug(called.params()));
    } else if (judgement instanceof McpJudgement.Listed listed) {
      handed(listed.params());
    } else if (judgement instanceof McpJudgement.Open open) {
      handed(open.params());
    }
    return true;
  }

  private static boolean hasDebug(Map<String, ?> params) {
    return params.get("arguments") instanceof Map<?, ?> arguments && arguments.containsKey("debug");
  }

  private static void handed(Map<String, ?> params) {
    if (params.get(McpMeta.MEMBER) instanceof Map<?, ?> meta) {
      for (Object name : meta.keySet()) {
        Laws.same(
            "a handler gets nothing of ours", false, name.toString().startsWith("dev.taper/"));
      }
    }
  }
}
