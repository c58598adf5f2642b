package dev.taper.agent.escalation;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Remembers used approvals in this process, until they end. It never forgets one that could still
 * be used: when it is full, it refuses. A process that starts anew has forgotten all of them.
 * Thread-safe; every use takes logarithmic time under one lock.
 */
public final class InMemoryApprovalUses implements ApprovalUses {
  /** How many {@link #of(Clock)} holds; each takes about 250 bytes. */
  public static final int DEFAULT_CAPACITY = 1 << 16;

  private final int capacity;
  private final Clock clock;
  private final Object lock = new Object();
  // All guarded by the lock.
  private final Set<String> used = new HashSet<>();
  private final TreeMap<Instant, Set<String>> byEnd = new TreeMap<>();
  private Instant latest = Instant.MIN;

  private InMemoryApprovalUses(int capacity, Clock clock) {
    this.capacity = capacity;
    this.clock = clock;
  }

  /** A memory of the default capacity. */
  public static InMemoryApprovalUses of(Clock clock) {
    return of(DEFAULT_CAPACITY, clock);
  }

  /**
   * A memory.
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
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses) {
    synchronized (lock) {
      // A clock that is set back must not revive what was forgotten as ended.
      Instant now = clock.instant();
      latest = now.isAfter(latest) ? now : latest;
      Set<ApprovalUse> before = new HashSet<>();
      for (ApprovalUse use : uses) {
        if (used.contains(use.id()) || !use.until().isAfter(latest)) {
          before.add(use);
        }
      }
      if (before.isEmpty()) {
        makeRoom(uses.size());
        for (ApprovalUse use : uses) {
          used.add(use.id());
          byEnd.computeIfAbsent(use.until(), end -> new HashSet<>()).add(use.id());
        }
      }
      return before;
    }
  }

  /** How many uses are remembered now, some of them perhaps a little longer than needed. */
  public int size() {
    synchronized (lock) {
      return used.size();
    }
  }

  private void makeRoom(int wanted) {
    Iterator<Map.Entry<Instant, Set<String>>> ended =
        byEnd.headMap(latest, true).entrySet().iterator();
    while (ended.hasNext()) {
      used.removeAll(ended.next().getValue());
      ended.remove();
    }
    if (used.size() + wanted > capacity) {
      throw new TaperException(
          ErrorCode.APPROVAL_USES_FULL,
          "no room to remember another used approval; there is room for " + capacity);
    }
  }
}
