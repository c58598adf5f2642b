package dev.taper.revocation;

import dev.taper.revocation.RevocationEntry.LiftedEntry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One issuer's list as look-ups see it, at one moment. Immutable. */
final class ListState {
  private static final int SMALL = 1 << 16;
  private static final long GROWTH = 4;

  private final RevocationHeader latest;
  private final SortedRun[] runs;

  private ListState(RevocationHeader latest, SortedRun... runs) {
    this.latest = latest;
    this.runs = runs;
  }

  static ListState ofSnapshot(RevocationHeader header, SortedRun run) {
    return new ListState(header, run);
  }

  /**
   * Counts the entries that have not ended and that a snapshot leaves out, or lets end earlier,
   * without lifting them.
   *
   * @param snapshot the entries of the snapshot
   * @param lifted the entries that it lifts
   * @param nowSeconds the verifier's time
   */
  int dropped(SortedRun snapshot, List<LiftedEntry> lifted, long nowSeconds) {
    Set<Fingerprint> spelledOut = new HashSet<>();
    lifted.forEach(entry -> spelledOut.add(entry.fingerprint()));
    int dropped = 0;
    for (SortedRun run : runs) {
      dropped += run.missingFrom(snapshot, spelledOut, nowSeconds);
    }
    return dropped;
  }

  /**
   * Adds a delta: takes out what it lifts, then adds its entries. A delta without entries, which
   * only says that nothing changed, needs no run.
   */
  ListState plus(RevocationHeader delta, SortedRun run, List<LiftedEntry> lifted) {
    SortedRun[] left = lifted.isEmpty() ? runs : without(lifted);
    if (run.size() == 0) {
      return new ListState(delta, left);
    }
    SortedRun[] more = Arrays.copyOf(left, left.length + 1);
    more[left.length] = run;
    return new ListState(delta, more);
  }

  private SortedRun[] without(List<LiftedEntry> lifted) {
    SortedRun[] left = runs.clone();
    for (int i = 0; i < left.length; i++) {
      left[i] = left[i].without(lifted);
    }
    return left;
  }

  /**
   * Merges runs from the end, until each is several times as large as the next and no small run has
   * another behind it. So look-ups have two or three runs to look at, and merging costs a delta
   * about a millisecond.
   */
  ListState compact(long endedBefore) {
    SortedRun[] compacted = runs.clone();
    int length = runs.length;
    while (length > 1
        && compacted[length - 2].size() <= Math.max(SMALL, GROWTH * compacted[length - 1].size())) {
      compacted[length - 2] =
          SortedRun.merge(compacted[length - 2], compacted[length - 1], endedBefore);
      length--;
    }
    return length == runs.length ? this : new ListState(latest, Arrays.copyOf(compacted, length));
  }

  RevocationHeader latest() {
    return latest;
  }

  int size() {
    int size = 0;
    for (SortedRun run : runs) {
      size += run.size() - run.liftedCount();
    }
    return size;
  }

  /** The bytes of heap that the entries take. */
  long bytes() {
    long bytes = 0;
    for (SortedRun run : runs) {
      bytes += run.bytes();
    }
    return bytes;
  }

  /** True if something is revoked at this time. */
  boolean holds(Fingerprint fingerprint, long nowSeconds) {
    for (SortedRun run : runs) {
      if (run.holds(fingerprint.high(), fingerprint.low(), nowSeconds)) {
        return true;
      }
    }
    return false;
  }
}
