package dev.taper.revocation;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What look-ups see, all of one moment. Immutable, so that they need no lock. */
final class ListState {
  private static final int SMALL = 1 << 16;
  private static final long GROWTH = 4;

  private final RevocationHeader latest;
  private final SortedRun[] runs;
  private final Instant staleAfter;
  // Made once, so that a look-up that finds nothing allocates nothing.
  private final RevocationCheck clear;
  private final RevocationCheck stale;

  private ListState(RevocationHeader latest, SortedRun... runs) {
    this.latest = latest;
    this.runs = runs;
    this.staleAfter = latest.staleAfter();
    this.clear =
        new RevocationCheck(RevocationStatus.FRESH, -1, latest.sequence(), latest.issued());
    this.stale =
        new RevocationCheck(RevocationStatus.STALE, -1, latest.sequence(), latest.issued());
  }

  static ListState ofSnapshot(RevocationHeader header, SortedRun run) {
    return new ListState(header, run);
  }

  /**
   * With a delta's entries; those without any, which only say that all is as it was, need no run.
   */
  ListState plus(RevocationHeader delta, SortedRun run) {
    if (run.size() == 0) {
      return new ListState(delta, runs);
    }
    SortedRun[] more = Arrays.copyOf(runs, runs.length + 1);
    more[runs.length] = run;
    return new ListState(delta, more);
  }

  /**
   * Merges runs from the end, until each is several times as large as the next and no small one has
   * another behind it: so look-ups have two or three runs to look at, and merging costs a delta
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
      size += run.size();
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

  RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
    RevocationCheck none = now.isAfter(staleAfter) ? stale : clear;
    long nowSeconds = now.getEpochSecond();
    for (int i = 0; i < fingerprints.size(); i++) {
      Fingerprint fingerprint = fingerprints.get(i);
      for (SortedRun run : runs) {
        if (run.holds(fingerprint.high(), fingerprint.low(), nowSeconds)) {
          return new RevocationCheck(none.status(), i, none.sequence(), none.issued());
        }
      }
    }
    return none;
  }
}
