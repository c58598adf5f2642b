package dev.taper.agent.memory;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the uses of approvals that are good for a number of calls, for as long as they could be
 * used again. The number holds for all verifiers that share the memory; {@link
 * InMemoryApprovalUses} is for one process. What it holds is bounded, and shared by {@link
 * MemoryFill}. Used from any thread. A memory that may wait gives up at {@link
 * dev.taper.Deadline#current}, with {@link ErrorCode#APPROVAL_USES_UNAVAILABLE}.
 */
public interface ApprovalUses {
  /**
   * Looks up what this process knows by itself, before a call is evaluated. A memory that others
   * share is not asked here, only at the {@linkplain #claim claim}.
   *
   * @param uses distinct approvals
   * @return those that are known to be used up; by default none
   */
  default Set<ApprovalUse> known(Collection<ApprovalUse> uses) {
    return Set.of();
  }

  /**
   * Uses approvals for one call: all of them, or none if one was used up before. Of several callers
   * at the same time, no more succeed with an approval than it is good for. A memory that has
   * forgotten approvals which ended as late as one of these takes that for used up.
   *
   * @param uses distinct approvals
   * @param share whose part of the memory they take
   * @param now the verifier's time: what ended by then counts as used up, and may be forgotten
   * @return those that were used up before; empty if all of them are used now
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} if there is no room to remember
   *     them, {@link ErrorCode#APPROVAL_USES_UNAVAILABLE} if it cannot be found out; nothing is
   *     used then, as far as the caller can know, and the call must be refused
   */
  @CheckReturnValue
  Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share, Instant now);

  /**
   * Gives back what was claimed for a call that is not made after all, because it could not be
   * recorded.
   *
   * @param uses what one {@link #claim} of this caller used, all of it; nobody else's
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_UNAVAILABLE} if they may still count as
   *     used
   */
  void release(Collection<ApprovalUse> uses);

  /**
   * True if claims outlive the process, and so hold for all verifiers of the audience and across
   * restarts. An approval with a count counts only where this holds; by default it does not.
   */
  default boolean durable() {
    return false;
  }

  /** How full the memory is, without asking another process; null if that is not known. */
  default @Nullable Fill fill() {
    return null;
  }
}
