package dev.taper.integrations.http;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;

/**
 * A call that may go ahead, with the content that was judged. For one thread.
 *
 * @param decision what was decided
 * @param content the bytes that were judged; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied once already
public record GuardedCall(CallDecision.Allowed decision, byte[] content) {
  /** What the call means. A handler reads its arguments here: nobody judged anything else. */
  public ToolCall call() {
    return decision.call();
  }
}
