package dev.taper.revocation;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the entries of a snapshot or a delta, ready to be looked up: fingerprints in ascending
 * order with their kinds and ends, and behind them a directory that is indexed by the leading bits.
 * A small run is on the heap, a large one in a mapped {@link PrivateFile}, so that the heap does
 * not grow with the list. Immutable once it is filled; readers take no lock.
 *
 * <p>Look-ups are the verifier's hot path, on millions of entries that no cache holds, so the
 * number of cache lines touched counts: one of the directory, one or two of a bucket (fingerprints
 * are hashes, so buckets hold two to four entries). An attacker who crowds fingerprints into one
 * bucket only turns the look-up into a binary search. An entry takes 24 bytes and at most 2 for the
 * directory.
 *
 * <p><b>An answer is proved by what was read.</b> If a page of a mapped file cannot be read, the
 * Java VM puts nonsense in place of what should have been read, goes on, and throws {@link
 * InternalError} some time later, perhaps after the call was allowed; a page that was cut off
 * within reads as zeros. So each entry carries 24 bits of a check over itself and its place, and no
 * answer rests on anything else: absent is what lies between two neighbours that are genuine. The
 * directory and the search only say where to look. What cannot be proved throws {@link
 * UnreadableListException}. A page that the search touched and the answer did not need still leaves
 * its error behind, which {@link PrivateFile#reading} takes.
 */
final class SortedRun implements AutoCloseable {
  /** What {@link #find} returns if there is no such entry; no entry is of this kind. */
  static final long ABSENT = -1;

  /** The bytes of an entry: fingerprint, end, kind, check. */
  static final int ENTRY_BYTES = 2 * Long.BYTES + Long.BYTES;

  private static final int SCAN = 4;
  private static final int ENTRIES_PER_BUCKET = 2;
  private static final int CHECK_BITS = 24;
  private static final int KIND_BITS = 8;

  private final int size;
  private final int shift;
  private final int directory; // where it starts
  private final ByteBuffer data; // read at absolute places only
  private final RunStorage.Target target;

  private SortedRun(int size, ByteBuffer data, RunStorage.Target target) {
    this.size = size;
    this.shift = shift(size);
    this.directory = size * ENTRY_BYTES;
    this.data = data;
    this.target = target;
  }

  private static int shift(int size) {
    int buckets = Math.max(1, size / ENTRIES_PER_BUCKET);
    return Long.SIZE - Math.max(1, 31 - Integer.numberOfLeadingZeros(buckets));
  }

  private static long bytes(int size) {
    int buckets = 1 << (Long.SIZE - shift(size));
    return (long) size * ENTRY_BYTES + (buckets + 1L) * Integer.BYTES;
  }

  /** A run without entries. */
  static SortedRun empty() {
    try (Filler none = new Filler(0, RunStorage.DEFAULT)) {
      return none.seal();
    } catch (IOException e) {
      throw new IllegalStateException("an array can be written", e);
    }
  }

  int size() {
    return size;
  }

  /** The bytes that the run takes, wherever it is. */
  long bytes() {
    return bytes(size);
  }

  /** True if a page of it may be unreadable. */
  boolean isMapped() {
    return target.file() != null;
  }

  /** The file that holds it; null if it is on the heap. */
  @Nullable PrivateFile file() {
    return target.file();
  }

  /**
   * True if the fingerprint is there and its end is not past. The caller reads {@link
   * PrivateFile#reading so}.
   */
  boolean holds(long high, long low, long nowSeconds) {
    long tail = find(high, low);
    return tail != ABSENT && (tail >>> (CHECK_BITS + KIND_BITS)) >= nowSeconds;
  }

  /** True if the fingerprint is there. */
  boolean contains(long high, long low) {
    return findWithoutFault(high, low) != ABSENT;
  }

  /** Returns the entry of a fingerprint; null if it is not there. */
  @Nullable RevocationEntry entry(Fingerprint fingerprint) {
    long tail = findWithoutFault(fingerprint.high(), fingerprint.low());
    return tail == ABSENT ? null : RevocationEntry.of(kind(tail), fingerprint, until(tail));
  }

  private long findWithoutFault(long high, long low) {
    return isMapped() ? PrivateFile.reading(() -> find(high, low)) : find(high, low);
  }

  /** Returns what is there beside a fingerprint, or {@link #ABSENT}. */
  private long find(long high, long low) {
    if (size == 0) {
      return ABSENT;
    }
    int place = lowerBound(high, low);
    if (place < size) {
      long otherHigh = high(place);
      long otherLow = low(place);
      long tail = tail(place);
      int order = Fingerprint.compare(otherHigh, otherLow, high, low);
      if (order < 0 || isForged(place, otherHigh, otherLow, tail)) {
        throw new UnreadableListException();
      }
      if (order == 0) {
        return tail;
      }
    }
    if (place > 0) {
      long otherHigh = high(place - 1);
      long otherLow = low(place - 1);
      if (Fingerprint.compare(otherHigh, otherLow, high, low) >= 0
          || isForged(place - 1, otherHigh, otherLow, tail(place - 1))) {
        throw new UnreadableListException();
      }
    }
    return ABSENT;
  }

  /** Where the first entry is that is not before a fingerprint; a guess if it cannot be read. */
  private int lowerBound(long high, long low) {
    int bucket = directory + ((int) (high >>> shift)) * Integer.BYTES;
    int from = data.getInt(bucket);
    int to = data.getInt(bucket + Integer.BYTES);
    if (from < 0 || to < from || to > size) {
      throw new UnreadableListException();
    }
    while (to - from > SCAN) {
      int middle = (from + to) >>> 1;
      if (Fingerprint.compare(high(middle), low(middle), high, low) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    while (from < to && Fingerprint.compare(high(from), low(from), high, low) < 0) {
      from++;
    }
    return from;
  }

  private long high(int i) {
    return data.getLong(i * ENTRY_BYTES);
  }

  private long low(int i) {
    return data.getLong(i * ENTRY_BYTES + Long.BYTES);
  }

  private long tail(int i) {
    return data.getLong(i * ENTRY_BYTES + 2 * Long.BYTES);
  }

  private static int until(long tail) {
    return (int) (tail >>> (CHECK_BITS + KIND_BITS));
  }

  private static RevocationEntry.Kind kind(long tail) {
    RevocationEntry.Kind kind = RevocationEntry.Kind.ofWireId((byte) (tail >>> CHECK_BITS));
    if (kind == null) {
      throw new UnreadableListException();
    }
    return kind;
  }

  private static boolean isForged(int place, long high, long low, long tail) {
    return tail != checked(place, high, low, tail);
  }

  /**
   * Returns end and kind with the check in its bits. It finds accidents, not forgers: nobody else
   * can write the file. (The mixing is the finalizer of MurmurHash3.)
   */
  private static long checked(int place, long high, long low, long tail) {
    long content = tail >>> CHECK_BITS;
    long mixed = high ^ Long.rotateLeft(low, 32) ^ (content << 23) ^ ~place;
    mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return content << CHECK_BITS | mixed >>> (Long.SIZE - CHECK_BITS);
  }

  /** Reads entries one after the other, each proved. For one thread. */
  final class Cursor {
    private int next;
    private long high;
    private long low;
    private long tail;

    /** Goes to the next entry; false behind the last one. */
    boolean next() {
      if (next == size) {
        return false;
      }
      high = SortedRun.this.high(next);
      low = SortedRun.this.low(next);
      tail = SortedRun.this.tail(next);
      if (isForged(next, high, low, tail)) {
        throw new UnreadableListException();
      }
      next++;
      return true;
    }

    long high() {
      return high;
    }

    long low() {
      return low;
    }

    int until() {
      return SortedRun.until(tail);
    }

    RevocationEntry.Kind kind() {
      return SortedRun.kind(tail);
    }

    private int compareTo(Cursor other) {
      return Fingerprint.compare(high, low, other.high, other.low);
    }
  }

  /** Starts before the first entry. */
  Cursor cursor() {
    return new Cursor();
  }

  /** Takes fingerprints. */
  @FunctionalInterface
  interface Filter {
    /** True if a fingerprint fits. */
    boolean test(long high, long low);
  }

  /**
   * Counts the entries that have not ended and that another run lacks, or lets end earlier.
   *
   * @param exempt which entries are not counted
   */
  int missingFrom(SortedRun other, Filter exempt, long nowSeconds) {
    int missing = 0;
    Cursor mine = cursor();
    Cursor others = other.cursor();
    boolean more = others.next();
    while (mine.next()) {
      while (more && others.compareTo(mine) < 0) {
        more = others.next();
      }
      boolean kept =
          more
              && others.compareTo(mine) == 0
              && Integer.compareUnsigned(others.until(), mine.until()) >= 0;
      if (!kept
          && Integer.toUnsignedLong(mine.until()) >= nowSeconds
          && !exempt.test(mine.high, mine.low)) {
        missing++;
      }
    }
    return missing;
  }

  /**
   * Merges two runs; an entry that is in both gets the later end. Ended entries can be left out.
   *
   * @param lifted what is left out of the first run
   */
  static SortedRun merge(
      SortedRun a, SortedRun b, SortedRun lifted, long endedBefore, RunStorage storage)
      throws IOException {
    int[] count = {0};
    walk(a, b, lifted, endedBefore, (kind, high, low, until) -> ++count[0] > 0);
    try (Filler merged = new Filler(count[0], storage)) {
      walk(a, b, lifted, endedBefore, merged);
      return merged.seal();
    }
  }

  private static void walk(
      SortedRun a, SortedRun b, SortedRun lifted, long endedBefore, RevocationReader.Sink into)
      throws IOException {
    Cursor first = a.cursor();
    Cursor second = b.cursor();
    boolean moreFirst = first.next();
    boolean moreSecond = second.next();
    while (moreFirst || moreSecond) {
      int order = !moreFirst ? 1 : !moreSecond ? -1 : first.compareTo(second);
      boolean isLifted = order <= 0 && lifted.size > 0 && lifted.contains(first.high, first.low);
      boolean takesFirst =
          order < 0
              || (order == 0
                  && !isLifted
                  && Integer.compareUnsigned(first.until(), second.until()) >= 0);
      Cursor from = takesFirst ? first : second;
      if (!(order < 0 && isLifted) && Integer.toUnsignedLong(from.until()) >= endedBefore) {
        boolean unused = into.add(from.kind(), from.high, from.low, from.until());
      }
      moreFirst = order <= 0 ? first.next() : moreFirst;
      moreSecond = order >= 0 ? second.next() : moreSecond;
    }
  }

  /** Frees what a large run takes. */
  @Override
  public void close() {
    target.close();
  }

  /** Fills a run with entries in ascending order. For one thread. */
  static final class Filler implements RevocationReader.Sink, AutoCloseable {
    private static final int BUFFER_BYTES = ENTRY_BYTES << 11;

    private final int size;
    private final int shift;
    private final RunStorage.Target target;
    private final Section entries;
    private final Section starts;
    private int filled;
    private int bucketsStarted;
    private long lastHigh;
    private long lastLow;
    private boolean sealed;

    /**
     * Makes room for a run.
     *
     * @throws dev.taper.TaperException as {@link PrivateFile#create}
     */
    Filler(int size, RunStorage storage) throws IOException {
      this.size = size;
      this.shift = shift(size);
      this.target = storage.target(size, bytes(size));
      long directory = (long) size * ENTRY_BYTES;
      this.entries = new Section(0, directory);
      this.starts = new Section(directory, bytes(size));
    }

    @Override
    public boolean add(RevocationEntry.Kind kind, long high, long low, int until)
        throws IOException {
      if (filled > 0 && Fingerprint.compare(lastHigh, lastLow, high, low) >= 0) {
        return false;
      }
      start((int) (high >>> shift));
      long tail =
          Integer.toUnsignedLong(until) << (CHECK_BITS + KIND_BITS)
              | (long) kind.wireId() << CHECK_BITS;
      ByteBuffer into = entries.room(ENTRY_BYTES);
      into.putLong(high).putLong(low).putLong(checked(filled, high, low, tail));
      lastHigh = high;
      lastLow = low;
      filled++;
      return true;
    }

    /** Says where the buckets up to this one start. */
    private void start(int bucket) throws IOException {
      while (bucketsStarted <= bucket) {
        starts.room(Integer.BYTES).putInt(filled);
        bucketsStarted++;
      }
    }

    /** Closes the run, which must be full. */
    SortedRun seal() throws IOException {
      if (filled != size) {
        throw new IllegalStateException("a run of " + size + " entries holds " + filled);
      }
      start(1 << (Long.SIZE - shift));
      entries.flush();
      starts.flush();
      SortedRun run = new SortedRun(size, target.read(bytes(size)), target);
      sealed = true;
      return run;
    }

    /** Frees what a run takes that was not sealed. */
    @Override
    public void close() {
      if (!sealed) {
        target.close();
      }
    }

    /** A part that is written from its start to its end. */
    private final class Section {
      private final ByteBuffer buffer;
      private long at;

      Section(long from, long to) {
        this.at = from;
        this.buffer = ByteBuffer.allocate((int) Math.min(to - from, BUFFER_BYTES));
      }

      ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
          flush();
        }
        return buffer;
      }

      void flush() throws IOException {
        target.write(at, buffer.array(), buffer.position());
        at += buffer.position();
        buffer.clear();
      }
    }
  }
}
