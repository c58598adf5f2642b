package dev.taper.integrations.mcp;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.HttpRefusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message: it goes on with parameters that were judged, or it is refused.
 * Immutable if what it holds is not changed.
 */
public sealed interface McpJudgement {
  /** The token with which it came, in base64url; null if it was not judged by one. */
  default @Nullable String token() {
    return null;
  }

  /** The token's own chain; null without a token, or if it was not verified. */
  default @Nullable DelegationChain chain() {
    return null;
  }

  /** Gives back what a call took, but for its proof: no handler is entered. */
  default void giveBack() {}

  /**
   * A message that everybody may send, such as {@code ping}.
   *
   * @param params its parameters, without what is ours
   */
  record Open(Map<String, @Nullable Object> params) implements McpJudgement {}

  /**
   * A call that may go ahead, and whose proof is used up.
   *
   * @param params its parameters, written anew from what was judged
   * @param decision what was decided
   * @param token with which it came, in base64url
   */
  record Called(Map<String, @Nullable Object> params, CallDecision.Allowed decision, String token)
      implements McpJudgement {
    @Override
    public DelegationChain chain() {
      return decision.chain();
    }

    @Override
    public void giveBack() {
      decision.reservation().giveBack();
    }

    /** Shows nothing that anybody could use. */
    @Override
    public String toString() {
      return "Called(" + decision + ")";
    }
  }

  /**
   * A list, of which the caller may see a part.
   *
   * @param params the list's own parameters, such as where it goes on
   * @param offer the tools that the caller may try, by their names in the catalog
   * @param shown what of them the server knows by other names
   * @param token with which it came, in base64url
   */
  record Listed(Map<String, @Nullable Object> params, ToolOffer offer, McpShown shown, String token)
      implements McpJudgement {
    @Override
    public @Nullable DelegationChain chain() {
      return offer.chain();
    }

    /** Shows nothing that anybody could use. */
    @Override
    public String toString() {
      return "Listed(" + offer + ")";
    }
  }

  /**
   * A message that is refused.
   *
   * @param refusal why
   * @param isMessageRefused true if nobody may send such a message, whoever it is: it has a member
   *     that is not carried, so it gets an error, never the result of a tool
   */
  record Refused(HttpRefusal refusal, boolean isMessageRefused) implements McpJudgement {
    private static final String UNKNOWN = "unknown_tool";
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int INVALID_PARAMS = -32602;

    /** Refuses a message for what its sender lacks. */
    public Refused(HttpRefusal refusal) {
      this(refusal, false);
    }

    /** True if it is an error of JSON-RPC even where refusals are statuses of HTTP. */
    public boolean isAlwaysError() {
      return isMessageRefused || isUnknown();
    }

    /** True if nobody has the tool or method. */
    public boolean isUnknown() {
      return refusal.code().equals(UNKNOWN);
    }

    /** The refusal as a message, as docs/binding.md has it: an error, or the result of a tool. */
    public Answer answer(String method) {
      String text =
          refusal.detail() == null ? refusal.code() : refusal.code() + ": " + refusal.detail();
      boolean isToolCall = method.equals(CatalogTool.McpRoute.CALL);
      Integer code =
          isMessageRefused
              ? (Integer) INVALID_PARAMS
              : isToolCall && !isUnknown()
                  ? null
                  : !isUnknown()
                      ? (Integer) refusal.status()
                      : isToolCall ? INVALID_PARAMS : METHOD_NOT_FOUND;
      return new Answer(code, text, McpJson.read(refusal.toJson(), Integer.MAX_VALUE));
    }
  }

  /**
   * What is answered to a message that is refused.
   *
   * @param errorCode of JSON-RPC; null if it is the result of a tool
   * @param text for people, and for a model: the code and why
   * @param refusal all of it, as an object
   */
  record Answer(@Nullable Integer errorCode, String text, Map<String, @Nullable Object> refusal) {
    /** The data of an error: the refusal in the one member that is ours. */
    public Map<String, @Nullable Object> errorData() {
      return Map.of(McpMeta.REFUSAL, refusal);
    }

    /**
     * The result of a tool.
     *
     * @param hasOutputSchema whether clients hold what is structured against a schema of the tool
     */
    public Map<String, @Nullable Object> result(boolean hasOutputSchema) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      result.put("content", List.of(Map.of("type", "text", "text", text)));
      result.put("isError", true);
      if (!hasOutputSchema) {
        result.put("structuredContent", refusal);
      }
      result.put(McpMeta.MEMBER, Map.of(McpMeta.REFUSAL, refusal));
      return result;
    }
  }
}
