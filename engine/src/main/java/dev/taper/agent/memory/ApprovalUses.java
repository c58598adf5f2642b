package dev.taper.agent.memory;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the uses of approvals that are good for a number of calls, for as long as they could be
 * used again. The number holds for all verifiers that share the memory; {@link #inMemory} is for
 * one process. What it holds is bounded, and shared by {@link MemoryShare.Room}. Used from any
 * thread. A memory that may wait gives up at {@link dev.taper.Deadline#current}, with {@link
 * ErrorCode#APPROVAL_USES_UNAVAILABLE}.
 */
public interface ApprovalUses {
  /** A memory of this process, with room for 65,536 approvals. */
  static ApprovalUses inMemory() {
    return inMemory(InMemoryApprovalUses.DEFAULT_CAPACITY);
  }

  /**
   * A memory of this process. It never forgets an approval that could still be used: when it is
   * full, it refuses. A process that starts anew has forgotten all uses. Each takes about 110
   * bytes; every use takes logarithmic time under one lock.
   *
   * @param capacity the most approvals to remember at a time, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  static ApprovalUses inMemory(int capacity) {
    return new InMemoryApprovalUses(capacity);
  }

  /** A memory in a folder, with room for 65,536 approvals. */
  static ApprovalUses inFolder(Path folder) {
    return inFolder(folder, FolderApprovalUses.DEFAULT_CAPACITY);
  }

  /**
   * A memory in a folder, for all processes of a machine that share it and from run to run, as
   * {@link ReplayMemory#inFolder(Path, int)} remembers proofs. Both can use one folder.
   *
   * @param folder the folder, made when it is needed, which others than its owner must not be able
   *     to change
   * @param capacity the most approvals to remember at a time, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  static ApprovalUses inFolder(Path folder, int capacity) {
    return new FolderApprovalUses(folder, capacity);
  }

  /**
   * Looks up what this process knows by itself, before a call is evaluated. A memory that others
   * share is not asked here, only at the {@linkplain #claim claim}.
   *
   * @param uses distinct approvals
   * @return those that are known to be used up; by default none
   */
  default Set<Use> known(Collection<Use> uses) {
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
  Set<Use> claim(Collection<Use> uses, MemoryShare share, Instant now);

  /**
   * Gives back what was claimed for a call that is not made after all, because it could not be
   * recorded.
   *
   * @param uses what one {@link #claim} of this caller used, all of it; nobody else's
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_UNAVAILABLE} if they may still count as
   *     used
   */
  void release(Collection<Use> uses);

  /**
   * True if claims outlive the process, and so hold for all verifiers of the audience and across
   * restarts. An approval with a count counts only where this holds; by default it does not.
   */
  default boolean durable() {
    return false;
  }

  /** As {@link ReplayMemory#mayWait}. */
  default boolean mayWait() {
    return true;
  }

  /** How full the memory is, without asking another process; null if that is not known. */
  default @Nullable Fill fill() {
    return null;
  }

  /**
   * The use of an approval that is good for a number of calls.
   *
   * @param id names the approval among those of all approvers: 64 hex digits
   * @param until when the approval ends and its use need no longer be remembered, a whole second
   * @param calls how many calls the approval is good for
   */
  record Use(String id, Instant until, int calls) {
    /**
     * Checks the number of calls.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is below 1
     */
    public Use {
      if (calls < 1) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "an approval is good for one call at least, not " + calls);
      }
    }

    /** The use of an approval that is good for one call. */
    public static Use once(String id, Instant until) {
      return new Use(id, until, 1);
    }
  }
}
