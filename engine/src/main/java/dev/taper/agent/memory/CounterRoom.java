package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The room for the counters of {@link FolderBudgets}, which delegators and their authority blocks
 * share as {@link MemoryShare.Room} says. To look at all files for each new counter would take the
 * time of all other calls, and whoever holds a token can name new ones: what was seen is good for a
 * moment, for a part of what was free. Others may take as much meanwhile. Used by who has the turn,
 * but for the fill.
 */
final class CounterRoom {
  /** How long what was seen is good, and a share that is used up stays so. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** The part of what is free that may be taken before all files are looked at again. */
  private static final int PART = 16;

  private final int capacity;
  private final CounterFiles files;
  private final Map<MemoryShare, Refused> refused = new HashMap<>();

  private Instant looked = Instant.MIN;
  private int held;
  private int free;

  /** Whose the counters are; null up to half of the capacity, where nobody is limited. */
  private @Nullable MemoryShares shares;

  private volatile @Nullable Fill fill;

  /**
   * What a share had no room for.
   *
   * @param more how many counters
   * @param since when
   */
  private record Refused(int more, Instant since) {}

  CounterRoom(int capacity, CounterFiles files) {
    this.capacity = MemoryShare.Room.checked(capacity);
    this.files = files;
  }

  /**
   * Takes room for new counters.
   *
   * @param more how many
   * @param share whose they are
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#BUDGETS_FULL} if there is none
   */
  void take(int more, MemoryShare share, Instant now) throws IOException {
    if (more == 0) {
      return;
    }
    Refused before = refused.get(share);
    if (before != null && before.more <= more && isRecent(before.since, now)) {
      throw MemoryShare.Room.full(ErrorCode.BUDGETS_FULL, capacity);
    }
    if (free < more || !isRecent(looked, now)) {
      look(more, now);
    }
    MemoryShare kept = UseRecord.kept(share);
    if (shares != null) {
      if (!shares.hasRoom(kept, more)) {
        refused.values().removeIf(one -> !isRecent(one.since, now));
        refused.put(share, new Refused(more, now));
        throw MemoryShare.Room.full(ErrorCode.BUDGETS_FULL, capacity);
      }
      for (int i = 0; i < more; i++) {
        shares.add(kept);
      }
    }
    free -= more;
    held += more;
    fill = new Fill(held, capacity);
  }

  private void look(int more, Instant now) throws IOException {
    looked = Instant.MIN; // if it fails
    List<String> names = files.names();
    held = names.size();
    shares = null;
    free = (capacity / 2 - held) / PART;
    if (2L * (held + more) > capacity) {
      MemoryShares all = new MemoryShares(capacity);
      held = files.dropEnded(names, now, all);
      shares = all;
      free = (capacity - held) / PART;
    }
    looked = now;
  }

  private static boolean isRecent(Instant since, Instant now) {
    return !now.isBefore(since) && now.isBefore(since.plus(AGAIN));
  }

  /** How full it was when the last counter was made; null if this process made none. */
  @Nullable Fill fill() {
    return fill;
  }
}
