package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the uses of approvals in this process, until they end. It never forgets one that could
 * still be used: when it is full, it refuses. Delegators and their authority blocks share it as {@link
 * MemoryFill} says. A process that starts anew has forgotten all uses. Thread-safe; every use takes
 * logarithmic time under one lock.
 */
public final class InMemoryApprovalUses implements ApprovalUses {
  /** How many {@link #of(Clock)} holds; each takes about 300 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 16;

  private final int capacity;
  private final Clock clock;
  private final Object lock = new Object();
  // All guarded by the lock.
  private final Map<String, Entry> used = new HashMap<>();
  private final TreeMap<Instant, Set<String>> byEnd = new TreeMap<>();
  private final MemoryShares shares;
  private Instant latest = Instant.MIN;

  /** The uses of one approval; whose share it takes is settled by the first. */
  private static final class Entry {
    final MemoryShares.Holding holding;
    Instant until;
    int count;

    Entry(MemoryShares.Holding holding, Instant until) {
      this.holding = holding;
      this.until = until;
    }
  }

  private InMemoryApprovalUses(int capacity, Clock clock) {
    this.capacity = capacity;
    this.clock = clock;
    this.shares = new MemoryShares(capacity);
  }

  /** Makes a memory of the default capacity. */
  public static InMemoryApprovalUses of(Clock clock) {
    return of(DEFAULT_CAPACITY, clock);
  }

  /**
   * Makes a memory.
   *
   * @param capacity the most approvals to remember at a time, at least 1
   * @param clock the verifier's time
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public static InMemoryApprovalUses of(int capacity, Clock clock) {
    if (capacity < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a memory holds at least one approval, not " + capacity);
    }
    return new InMemoryApprovalUses(
        capacity, Given.that(clock, "the clock of a memory for approvals"));
  }

  @Override
  public Set<ApprovalUse> known(Collection<ApprovalUse> uses) {
    synchronized (lock) {
      return usedBefore(uses);
    }
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share) {
    synchronized (lock) {
      Set<ApprovalUse> before = usedBefore(uses);
      if (before.isEmpty()) {
        dropEnded();
        int wanted = 0;
        for (ApprovalUse use : uses) {
          wanted += used.containsKey(use.id()) ? 0 : 1;
        }
        if (wanted > 0 && !shares.hasRoom(share, wanted)) {
          throw new TaperException(
              ErrorCode.APPROVAL_USES_FULL,
              "no room to remember another used approval of this delegation; there is room for "
                  + capacity);
        }
        uses.forEach(use -> add(use, share));
      }
      return before;
    }
  }

  private void add(ApprovalUse use, MemoryShare share) {
    Entry entry = used.get(use.id());
    if (entry == null) {
      entry = new Entry(shares.add(share), use.until());
      used.put(use.id(), entry);
    } else if (use.until().isAfter(entry.until)) { // an approver may sign one id twice
      removeEnd(use.id(), entry);
      entry.until = use.until();
    }
    entry.count++;
    byEnd.computeIfAbsent(entry.until, end -> new HashSet<>()).add(use.id());
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    synchronized (lock) {
      for (ApprovalUse use : uses) {
        Entry entry = used.get(use.id());
        if (entry != null && --entry.count == 0) {
          removeEnd(use.id(), entry);
          forget(use.id());
        }
      }
    }
  }

  private void removeEnd(String id, Entry entry) {
    Set<String> together = byEnd.get(entry.until);
    if (together != null && together.remove(id) && together.isEmpty()) {
      byEnd.remove(entry.until);
    }
  }

  /** How many approvals are remembered now, some of them perhaps a little longer than needed. */
  public int size() {
    synchronized (lock) {
      return used.size();
    }
  }

  @Override
  public Fill fill() {
    return new Fill(size(), capacity);
  }

  private Set<ApprovalUse> usedBefore(Collection<ApprovalUse> uses) {
    // A clock that is set back must not revive what was forgotten as ended.
    Instant now = clock.instant();
    latest = now.isAfter(latest) ? now : latest;
    Set<ApprovalUse> before = new HashSet<>();
    for (ApprovalUse use : uses) {
      Entry entry = used.get(use.id());
      if (!use.until().isAfter(latest) || (entry != null && entry.count >= use.calls())) {
        before.add(use);
      }
    }
    return before;
  }

  private void dropEnded() {
    while (!byEnd.isEmpty() && !byEnd.firstKey().isAfter(latest)) {
      byEnd.pollFirstEntry().getValue().forEach(this::forget);
    }
  }

  private void forget(String id) {
    Entry entry = used.remove(id);
    if (entry != null) {
      shares.remove(entry.holding);
    }
  }
}
