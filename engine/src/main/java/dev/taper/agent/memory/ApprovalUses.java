package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the uses of approvals that are good for a number of calls, for as long as they could be
 * used again. The number holds for all verifiers that share the memory; {@link
 * InMemoryApprovalUses} is for one process. What it holds is bounded, and shared by {@link MemoryFill}. Used from any thread. A
 * memory that may wait gives up at {@link dev.taper.Deadline#current}, with {@link
 * ErrorCode#APPROVAL_USES_UNAVAILABLE}.
 */
public interface ApprovalUses {
  /**
   * Looks up what this process knows by itself, before a call is evaluated. A memory that others
   * share is not asked here, only at the {@linkplain #claim claim}.
   *
   * @param uses distinct approvals
   * @return those of which all uses are known to be claimed; by default none
   */
  default Set<ApprovalUse> known(Collection<ApprovalUse> uses) {
    return Set.of();
  }

  /**
   * Claims one use of each approval: of all of them, or of none if one has no use left. Of several
   * callers at the same time, no more succeed with an approval than it has uses.
   *
   * @param uses distinct approvals, none of them past its end by the caller's clock
   * @param share whose part of the memory they take
   * @return those that had no use left; empty if one of each is claimed now
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} if there is no room to remember
   *     them, {@link ErrorCode#APPROVAL_USES_UNAVAILABLE} if it cannot be found out; nothing is
   *     claimed then, as far as the caller can know, and the call must be refused
   */
  Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share);

  /**
   * Gives back one use of each, claimed for a call that is not made after all.
   *
   * @param uses what one {@link #claim} of this caller claimed, all of it; nobody else's
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_UNAVAILABLE} if they may still count as
   *     claimed
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
