package dev.taper.cli.approval;

import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.ExitCode;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A call as a service understood it and refused it, from the decision that it printed for its
 * operator.
 *
 * @param audience the service, as JSON
 * @param call the call, as JSON
 * @param catalog the digest of the service's catalog, as JSON; null if it has none
 */
record DeniedCall(String audience, String call, @Nullable String catalog) {
  /**
   * Reads a decision.
   *
   * @throws CliException if it is not one that lacks an approval, or not the operator's
   */
  static DeniedCall parse(String json) {
    SortedMap<String, String> members;
    try {
      members = CanonicalJson.membersOfDocument(json);
    } catch (TaperException e) {
      throw refuse("the file is no decision: " + e.getMessage(), e);
    }
    if (!"\"taper/1 decision\"".equals(members.get("format"))) {
      throw refuse("the file is no decision", null);
    }
    if (!"\"operator\"".equals(members.get("view"))) {
      throw refuse(
          "only the operator's decision has the call's arguments: leave out --as-caller", null);
    }
    String audience = members.get("audience");
    String call = members.get("call");
    if (audience == null || call == null || !members.containsKey("missing_activation")) {
      throw refuse("an approval is not what the call lacks", null);
    }
    return new DeniedCall(audience, call, members.get("catalog"));
  }

  private static CliException refuse(String message, @Nullable Throwable cause) {
    return new CliException(ExitCode.INVALID_TOKEN, "not_a_refusal", message, cause);
  }

  /** Asks for the approval of the call. */
  ApprovalRequest request(AgentToken token, String reason) {
    return ApprovalRequest.decode(
        "{\"audience\":"
            + audience
            + ",\"call\":"
            + call
            + (catalog == null ? "" : ",\"catalog\":" + catalog)
            + ",\"format\":\"taper/1 approval request\",\"reason\":"
            + CanonicalJson.quoted(reason)
            + ",\"token\":\""
            + token.encodeBase64()
            + "\"}");
  }
}
