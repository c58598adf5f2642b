package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Remembers used approvals in a folder, for all processes of a machine that share it and from run
 * to run, as {@link FolderReplayMemory} remembers proofs. Both can use one folder. Thread-safe.
 */
final class FolderApprovalUses implements ApprovalUses {
  /** How many uses it holds unless told otherwise; each takes 76 bytes of the file. */
  static final int DEFAULT_CAPACITY = 1 << 16;

  private final int capacity;
  private final UseJournal journal;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder, which others than its owner must not be able to change
   * @param capacity the most approvals to remember at a time, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  FolderApprovalUses(Path folder, int capacity) {
    this.capacity = MemoryShare.Room.checked(capacity);
    this.journal =
        new UseJournal(
            Given.that(folder, "the folder of used approvals").resolve("approvals"), capacity);
  }

  @Override
  public Set<ApprovalUses.Use> claim(
      Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
    MemoryShare kept = UseRecord.kept(share);
    try {
      return journal.take(
          index -> {
            index.dropEnded(now.toEpochMilli());
            Set<ApprovalUses.Use> before = InMemoryApprovalUses.usedUp(index, uses, now);
            if (before.isEmpty()) {
              journal.add(InMemoryApprovalUses.withRoom(index, uses, kept, capacity), kept);
            }
            return before;
          });
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void release(Collection<ApprovalUses.Use> uses) {
    List<UseIndex.Use> claimed = uses.stream().map(UseIndex.Use::of).toList();
    try {
      journal.take(
          index -> {
            journal.remove(claimed);
            return true;
          });
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public Fill fill() {
    return journal.fill();
  }

  private static TaperException unavailable(IOException e) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "the folder of used approvals cannot be used: " + e.getMessage(),
        e);
  }
}
