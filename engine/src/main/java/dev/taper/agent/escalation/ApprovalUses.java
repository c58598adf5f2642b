package dev.taper.agent.escalation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Collection;
import java.util.Set;

/**
 * Remembers which single-use approvals were used. How far it remembers is how far "once" reaches:
 * {@link InMemoryApprovalUses} for one verifier, a shared one for all that share it. Used from any
 * thread.
 */
public interface ApprovalUses {
  /**
   * Uses approvals: all of them, or none if one was used before. Of several callers at the same
   * time, one at most succeeds with an approval.
   *
   * @param uses distinct approvals, none of them past its end by the caller's clock
   * @return those that were used before; empty if all of them are used now
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} if there is no room to remember
   *     them, {@link ErrorCode#APPROVAL_USES_UNAVAILABLE} if it cannot be found out; nothing is
   *     used then, as far as the caller can know, and the call must be refused
   */
  Set<ApprovalUse> claim(Collection<ApprovalUse> uses);
}
