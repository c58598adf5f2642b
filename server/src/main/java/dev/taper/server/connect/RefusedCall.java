package dev.taper.server.connect;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.Refusal;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpRefusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool that the service refused, because something is missing that the model can ask
 * for.
 *
 * @param id what the model calls it by
 * @param name the tool by the server's own name
 * @param arguments as they were sent, in canonical form
 * @param refusal what the service said
 * @param presented the approvals that it had, and that were not enough, in base64url
 */
record RefusedCall(
    String id, String name, String arguments, Refusal refusal, Set<String> presented) {
  private static final String APPROVAL = "approval_";
  private static final String JUSTIFICATION = "justification_";

  /** Copies the approvals. */
  RefusedCall {
    presented = Set.copyOf(presented);
  }

  /** True if the service refused for nothing but a missing approval or justification. */
  static boolean canBeHelped(McpRefusal refusal) {
    return refusal.decision() != null
        && (refusal.code().startsWith(APPROVAL) || refusal.code().startsWith(JUSTIFICATION));
  }

  /** True if an approval is missing. */
  boolean needsApproval() {
    return needs("approved by", APPROVAL);
  }

  /** True if a justification is missing. */
  boolean needsJustification() {
    return needs("justified", JUSTIFICATION);
  }

  private boolean needs(String activation, String code) {
    Refusal.Missing missing = refusal.missing();
    List<String> activations = missing == null ? List.of() : missing.activations();
    return activations.isEmpty()
        ? refusal.code().startsWith(code)
        : activations.stream().anyMatch(one -> one.startsWith(activation));
  }

  /**
   * The call as the service understood it. If the service says another thing of the same call
   * later, an approval of this one covers nothing.
   *
   * @throws TaperException if the arguments cannot be stated without the service's catalog
   */
  ToolCall meaning() {
    Map<String, @Nullable Object> call = new LinkedHashMap<>();
    call.put("tool", refusal.tool());
    if (refusal.operation() != null) {
      call.put("operation", refusal.operation());
    }
    if (refusal.resource() != null) {
      call.put("resource", refusal.resource());
    }
    Map<String, @Nullable Object> given = McpJson.read(arguments, McpGuard.MAX_PARAMS);
    call.put("args", given);
    return ToolCall.parse(McpJson.write(call, McpGuard.MAX_PARAMS), Set.copyOf(given.keySet()));
  }

  /**
   * The arguments of {@code tools/call} in canonical form, by which calls are compared.
   *
   * @param params the parameters of the call
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if they cannot be sent
   */
  static String canonical(Map<String, ?> params) {
    Object arguments = params.get("arguments");
    String alone = McpJson.write(arguments == null ? Map.of() : arguments, McpGuard.MAX_PARAMS);
    return SentMcp.of("tools/call", alone).params();
  }
}
