package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Instant;

/**
 * The use of an approval that is good for a number of calls.
 *
 * @param id names the approval among those of all approvers: 64 hex digits
 * @param until when the approval ends and its use need no longer be remembered, a whole second
 * @param calls how many calls the approval is good for
 */
public record ApprovalUse(String id, Instant until, int calls) {
  /**
   * Checks the number of calls.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is below 1
   */
  public ApprovalUse {
    if (calls < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "an approval is good for one call at least, not " + calls);
    }
  }

  /** The use of an approval that is good for one call. */
  public static ApprovalUse once(String id, Instant until) {
    return new ApprovalUse(id, until, 1);
  }
}
