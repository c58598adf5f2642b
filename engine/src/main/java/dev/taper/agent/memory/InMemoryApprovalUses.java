package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the uses of approvals in this process, until they end. It never forgets one that could
 * still be used: when it is full, it refuses. Delegators and their authority blocks share it as
 * {@link MemoryShare.Room} says. A process that starts anew has forgotten all uses. Thread-safe;
 * every use takes logarithmic time under one lock.
 */
final class InMemoryApprovalUses implements ApprovalUses {
  /**
   * How many it holds unless told otherwise; each takes about 50 bytes, or 140 if it ends alone.
   */
  static final int DEFAULT_CAPACITY = 1 << 16;

  private final int capacity;
  private final Object lock = new Object();
  private final UseIndex index; // guarded by the lock

  /**
   * Makes a memory.
   *
   * @param capacity the most approvals to remember at a time, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  InMemoryApprovalUses(int capacity) {
    this.capacity = MemoryShare.Room.checked(capacity);
    this.index = new UseIndex(capacity);
  }

  @Override
  public Set<ApprovalUses.Use> known(Collection<ApprovalUses.Use> uses) {
    synchronized (lock) {
      return usedUp(index, uses);
    }
  }

  @Override
  public Set<ApprovalUses.Use> claim(
      Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
    synchronized (lock) {
      index.makeRoom(share, uses.size(), now.toEpochMilli());
      Set<ApprovalUses.Use> before = usedUp(index, uses, now);
      if (before.isEmpty()) {
        for (UseIndex.Use use : withRoom(index, uses, share, capacity)) {
          index.add(use, share, 1);
        }
      }
      return before;
    }
  }

  @Override
  public void release(Collection<ApprovalUses.Use> uses) {
    synchronized (lock) {
      uses.forEach(use -> index.remove(UseIndex.Use.of(use)));
    }
  }

  /** How many uses are remembered now, some of them perhaps a little longer than needed. */
  int size() {
    synchronized (lock) {
      return index.size();
    }
  }

  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public Fill fill() {
    return new Fill(size(), capacity);
  }

  /** Those that are used up, or have ended. */
  static Set<ApprovalUses.Use> usedUp(
      UseIndex index, Collection<ApprovalUses.Use> uses, Instant now) {
    Set<ApprovalUses.Use> before = usedUp(index, uses);
    for (ApprovalUses.Use use : uses) {
      if (!use.until().isAfter(now)) {
        before.add(use);
      }
    }
    return before;
  }

  private static Set<ApprovalUses.Use> usedUp(UseIndex index, Collection<ApprovalUses.Use> uses) {
    Set<ApprovalUses.Use> before = new HashSet<>();
    for (ApprovalUses.Use use : uses) {
      if (index.isUsed(UseIndex.Use.of(use))) {
        before.add(use);
      }
    }
    return before;
  }

  /**
   * What is to be added.
   *
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} if there is no room for it
   */
  static List<UseIndex.Use> withRoom(
      UseIndex index, Collection<ApprovalUses.Use> uses, MemoryShare share, int capacity) {
    List<UseIndex.Use> wanted = uses.stream().map(UseIndex.Use::of).toList();
    if (!index.hasRoom(share, wanted)) {
      throw MemoryShare.Room.full(ErrorCode.APPROVAL_USES_FULL, capacity);
    }
    return wanted;
  }
}
