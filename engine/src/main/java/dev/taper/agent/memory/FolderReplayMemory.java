package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Remembers used proofs in a folder, for all processes of a machine that share it and from run to
 * run. A use is on the disk before it counts, and what a crash interrupts is at most one use that
 * nobody was told of. The folder must be on a disk of the machine: locks on network disks are not
 * to be relied on. Delegators and their authority blocks share the room as {@link MemoryShare.Room}
 * says. Thread-safe; each use takes as long as the disk.
 */
final class FolderReplayMemory implements ReplayMemory {
  /** How many uses it holds unless told otherwise; each takes 76 bytes of the file. */
  static final int DEFAULT_CAPACITY = 1 << 16;

  private final int capacity;
  private final UseJournal journal;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder, which others than its owner must not be able to change
   * @param capacity the most proofs to remember at a time, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  FolderReplayMemory(Path folder, int capacity) {
    this.capacity = MemoryShare.Room.checked(capacity);
    this.journal =
        new UseJournal(
            Given.that(folder, "the folder of a replay memory").resolve("proofs"), capacity);
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    List<UseIndex.Use> wanted = List.of(UseIndex.Use.of(use));
    MemoryShare kept = UseRecord.kept(share);
    try {
      return journal.take(
          index -> {
            index.dropEnded(now.toEpochMilli());
            if (index.isUsed(wanted.get(0))) {
              return false;
            }
            if (!index.hasRoom(kept, wanted)) {
              throw MemoryShare.Room.full(ErrorCode.REPLAY_CACHE_FULL, capacity);
            }
            journal.add(wanted, kept);
            return true;
          });
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.REPLAY_CACHE_UNAVAILABLE,
          "the folder of used proofs cannot be used: " + e.getMessage(),
          e);
    }
  }

  @Override
  public Fill fill() {
    return journal.fill();
  }
}
