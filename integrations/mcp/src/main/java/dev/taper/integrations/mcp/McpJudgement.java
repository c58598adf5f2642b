package dev.taper.integrations.mcp;

import dev.taper.agent.CallDecision;
import dev.taper.agent.ToolOffer;
import dev.taper.integrations.http.HttpRefusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message: it goes on with parameters that were judged, or it is refused.
 * Immutable if what it holds is not changed.
 */
public sealed interface McpJudgement {
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
   */
  record Called(Map<String, @Nullable Object> params, CallDecision.Allowed decision)
      implements McpJudgement {}

  /**
   * A list, of which the caller may see a part.
   *
   * @param params the list's own parameters, such as where it goes on
   * @param offer the tools that the caller may try, by their names in the catalog
   * @param shown what of them the server knows by other names
   */
  record Listed(Map<String, @Nullable Object> params, ToolOffer offer, McpShown shown)
      implements McpJudgement {}

  /**
   * A message that is refused.
   *
   * @param refusal why
   */
  record Refused(HttpRefusal refusal) implements McpJudgement {}
}
