package dev.taper.revocation;

import dev.taper.revocation.RevocationEntry.LiftedEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the entries of a snapshot or a delta, ready to be looked up: fingerprints in ascending
 * order with their ends. Immutable once it is filled.
 *
 * <p>Look-ups are the verifier's hot path, on millions of entries that no cache holds, so the
 * number of cache lines touched counts: one of a directory that is indexed by the leading bits
 * (fingerprints are hashes, so buckets hold four to eight entries), one or two of the bucket. An
 * attacker who crowds fingerprints into one bucket only turns the look-up into a binary search. An
 * entry takes 16 bytes for the fingerprint, 4 for the end and at most 1 for the directory; hash
 * tables with room to spare would take 28. Sorted arrays also load as they come and merge without
 * hashing.
 */
final class SortedRun {
  private static final int SCAN = 8;
  private static final int ENTRIES_PER_BUCKET = 4;

  /** The end of a lifted entry: 1970, so that it no longer counts. */
  private static final int LIFTED = 0;

  private final int size;
  private final long[] ids; // high, low, high, low, …
  private final int[] untils; // unsigned seconds since 1970
  private final int[] starts; // where each bucket starts, and where the last one ends
  private final int shift;
  private int filled;
  private int bucketsStarted;
  private int liftedCount;

  /** Makes a run to be filled with this many entries, in ascending order. */
  SortedRun(int size) {
    this.size = size;
    this.ids = new long[Math.multiplyExact(2, size)];
    this.untils = new int[size];
    int bits =
        Math.max(1, 31 - Integer.numberOfLeadingZeros(Math.max(1, size / ENTRIES_PER_BUCKET)));
    this.shift = Long.SIZE - bits;
    this.starts = new int[(1 << bits) + 1];
  }

  /** Makes a run that shares another's fingerprints, with ends of its own. */
  private SortedRun(SortedRun other) {
    this.size = other.size;
    this.ids = other.ids;
    this.untils = other.untils.clone();
    this.starts = other.starts;
    this.shift = other.shift;
    this.filled = other.filled;
    this.bucketsStarted = other.bucketsStarted;
    this.liftedCount = other.liftedCount;
  }

  int size() {
    return size;
  }

  /** How many entries are lifted; they take room until runs are merged. */
  int liftedCount() {
    return liftedCount;
  }

  /**
   * Adds an entry.
   *
   * @return false if it is not behind the one before
   */
  boolean add(long high, long low, int until) {
    int i = filled;
    if (i > 0 && Fingerprint.compare(high(i - 1), low(i - 1), high, low) >= 0) {
      return false;
    }
    int bucket = (int) (high >>> shift);
    while (bucketsStarted <= bucket) {
      starts[bucketsStarted++] = i;
    }
    ids[2 * i] = high;
    ids[2 * i + 1] = low;
    untils[i] = until;
    filled = i + 1;
    return true;
  }

  /** Closes the run, which must be full. */
  SortedRun seal() {
    if (filled != size) {
      throw new IllegalStateException("a run of " + size + " entries holds " + filled);
    }
    Arrays.fill(starts, bucketsStarted, starts.length, size);
    return this;
  }

  /** True if the fingerprint is there and its end is not past. */
  boolean holds(long high, long low, long nowSeconds) {
    int at = find(high, low);
    return at >= 0 && Integer.toUnsignedLong(untils[at]) >= nowSeconds;
  }

  /** Returns the run without some entries; this run if it has none of them. */
  SortedRun without(List<LiftedEntry> lifted) {
    SortedRun left = this;
    for (LiftedEntry entry : lifted) {
      int at = find(entry.fingerprint().high(), entry.fingerprint().low());
      if (at >= 0 && untils[at] != LIFTED) {
        if (left == this) {
          left = new SortedRun(this);
        }
        left.untils[at] = LIFTED;
        left.liftedCount++;
      }
    }
    return left;
  }

  /** Counts the entries that have not ended and that another run lacks, or lets end earlier. */
  int missingFrom(SortedRun other, Set<Fingerprint> exempt, long nowSeconds) {
    int missing = 0;
    int j = 0;
    for (int i = 0; i < size; i++) {
      while (j < other.size
          && Fingerprint.compare(other.high(j), other.low(j), high(i), low(i)) < 0) {
        j++;
      }
      boolean kept =
          j < other.size
              && other.high(j) == high(i)
              && other.low(j) == low(i)
              && Integer.compareUnsigned(other.untils[j], untils[i]) >= 0;
      boolean counts = untils[i] != LIFTED && Integer.toUnsignedLong(untils[i]) >= nowSeconds;
      if (!kept && counts && !exempt.contains(new Fingerprint(high(i), low(i)))) {
        missing++;
      }
    }
    return missing;
  }

  private int find(long high, long low) {
    int bucket = (int) (high >>> shift);
    int from = starts[bucket];
    int to = starts[bucket + 1];
    while (to - from > SCAN) {
      int middle = (from + to) >>> 1;
      if (Fingerprint.compare(high(middle), low(middle), high, low) <= 0) {
        from = middle;
      } else {
        to = middle;
      }
    }
    for (int i = from; i < to; i++) {
      if (ids[2 * i] == high && ids[2 * i + 1] == low) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Merges two runs; an entry that is in both gets the later end. Ended entries can be left out.
   */
  static SortedRun merge(SortedRun a, SortedRun b, long endedBefore) {
    SortedRun merged = new SortedRun(walk(a, b, endedBefore, null));
    walk(a, b, endedBefore, merged);
    return merged.seal();
  }

  private static int walk(SortedRun a, SortedRun b, long endedBefore, @Nullable SortedRun into) {
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < a.size || j < b.size) {
      int order =
          i == a.size
              ? 1
              : j == b.size ? -1 : Fingerprint.compare(a.high(i), a.low(i), b.high(j), b.low(j));
      SortedRun from = order <= 0 ? a : b;
      int at = order <= 0 ? i : j;
      int until = from.untils[at];
      if (order == 0 && Integer.compareUnsigned(b.untils[j], until) > 0) {
        until = b.untils[j];
      }
      if (Integer.toUnsignedLong(until) >= endedBefore) {
        count++;
        if (into != null) {
          into.add(from.high(at), from.low(at), until);
        }
      }
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return count;
  }

  private long high(int i) {
    return ids[2 * i];
  }

  private long low(int i) {
    return ids[2 * i + 1];
  }

  /** The bytes of heap that the arrays take, for tests and figures. */
  long bytes() {
    return 8L * ids.length + 4L * untils.length + 4L * starts.length;
  }
}
