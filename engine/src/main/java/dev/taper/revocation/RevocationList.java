package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationHealth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds in memory what is revoked, from signed snapshots and deltas. Thread-safe: look-ups take no
 * lock and go on while a list is applied, each on the state before or the state after. One thread
 * at a time applies lists.
 *
 * <p>Each issuer has a list of its own: no issuer can take back a revocation by another, and if one
 * withholds its list, the whole becomes stale. An entry once seen counts until its end, unless its
 * issuer lifts it by a {@link LiftedEntry}.
 *
 * <p>A list's state is a few immutable sorted runs, the snapshot's and behind it those of deltas,
 * each at least four times as large as the next. A delta is in force as soon as its own run is
 * made; runs are merged after that. Runs of more than 65,536 entries are in private files that are
 * mapped, 24 to 26 bytes an entry, so the heap does not grow with a list. While a new snapshot is
 * read, or the largest runs are merged, both the old and the new runs are there, never more. A list
 * that does not fit on the disk is refused, and the old one stays. If the private copy cannot be
 * read any more, no answer is given ({@link RevocationStatus#UNAVAILABLE}) until the list is
 * applied again, as a {@link RevocationFeed} does by itself.
 */
public final class RevocationList implements Revocations {
  /** How far an issuer's clock may be ahead of ours. */
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

  /** How long ended entries are kept, for clocks that are behind or set back. */
  static final Duration KEPT_AFTER_END = Duration.ofDays(1);

  private final Set<PublicKey> issuers;
  private final int maxEntries;
  private final Clock clock;
  private final SequenceFile memory;
  private final Object writing = new Object();
  private final HighestTime highest;
  private final AtomicReference<Standing> standing;
  private final RunStorage storage;
  private final FailureLog unreadable;

  /** All runs in files that are not closed; guarded by writing. */
  private final Set<SortedRun> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<String, RevocationHealth.Source> sources = new ConcurrentSkipListMap<>();

  private RevocationList(Builder b, SequenceFile memory) {
    this.issuers = b.issuers;
    this.maxEntries = b.maxEntries;
    this.clock = b.clock;
    this.highest = new HighestTime(b.ticks);
    this.memory = memory;
    this.standing = new AtomicReference<>(Standing.empty(issuers));
    this.storage = b.storage;
    this.unreadable = FailureLog.of(RevocationList.class, "the copy of a revocation list", b.clock);
  }

  /**
   * Starts a list, which is unavailable until a snapshot of every issuer is applied.
   *
   * @param issuers the keys whose signatures count
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is null
   */
  public static Builder trusting(PublicKey... issuers) {
    for (PublicKey issuer : Given.that(issuers, "the keys that may sign revocation lists")) {
      Given.that(issuer, "a key that may sign revocation lists");
    }
    return new Builder(List.of(issuers));
  }

  @Override
  public RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
    long highestSeconds = highest.observe(now.getEpochSecond());
    while (true) {
      Standing seen = standing.get();
      try {
        return seen.check(fingerprints, now, highestSeconds);
      } catch (Standing.UnreadableException e) {
        lose(seen, e); // then looks again, at the list that replaced it or at its loss
      }
    }
  }

  /** Gives up a list that cannot be read, unless it was replaced and closed meanwhile. */
  private void lose(Standing seen, Standing.UnreadableException e) {
    ListState held = seen.of(e.state().latest().issuer());
    if (held != null && standing.compareAndSet(seen, seen.with(held.lost()))) {
      unreadable.failed(e);
    }
  }

  /** True if the private copy of a list cannot be read, so that the list is to be applied again. */
  boolean isLost() {
    return standing.get().isLost();
  }

  /** True if that is so of an issuer's list; with null, of anybody's. */
  boolean isLost(@Nullable PublicKey issuer) {
    Standing seen = standing.get();
    ListState held = issuer == null ? null : seen.of(issuer);
    return held == null ? seen.isLost() : held.isLost();
  }

  /** The keys whose signatures count, and whose lists must all be there. */
  public Set<PublicKey> issuers() {
    return issuers;
  }

  /**
   * The header of the present list; of several lists, the one that is stale first; null if there is
   * none.
   */
  public @Nullable RevocationHeader latest() {
    return standing.get().first();
  }

  /** The header of one issuer's present list, or null if there is none. */
  public @Nullable RevocationHeader latest(PublicKey issuer) {
    ListState state = standing.get().of(issuer);
    return state == null ? null : state.latest();
  }

  @Override
  public RevocationHealth health() {
    List<RevocationHealth.Source> all = new ArrayList<>(sources.values());
    Standing now = standing.get();
    if (now.isLost()) {
      all.add(new RevocationHealth.Source("its private copy", null, unreadable.last(), null));
    }
    return now.health(clock.instant(), highest, all);
  }

  /** Takes note that a source answered, or why it did not, and when its certificate ends. */
  void fetched(
      String source, FailureLog.@Nullable Failure failure, @Nullable Instant certificateEnds) {
    sources.compute(
        source,
        (name, before) ->
            failure == null
                ? new RevocationHealth.Source(name, clock.instant(), null, certificateEnds)
                : new RevocationHealth.Source(
                    name, before == null ? null : before.answered(), failure, certificateEnds));
  }

  /** The clock. */
  Clock clock() {
    return clock;
  }

  /**
   * The greatest sequence number seen from an issuer, also before a restart; 0 if none was seen.
   */
  public long highestSequence(PublicKey issuer) {
    synchronized (writing) {
      ListState current = standing.get().of(issuer);
      return Math.max(memory.sequence(issuer), current == null ? 0 : current.latest().sequence());
    }
  }

  /** How many entries there are; an entry that came twice may count twice. */
  public int size() {
    return standing.get().size();
  }

  /** The bytes that the entries take, on the heap and in files, for tests. */
  long bytes() {
    return standing.get().bytes();
  }

  /** The runs in files, for tests. */
  List<PrivateFile> files() {
    synchronized (writing) {
      return open.stream().map(SortedRun::file).filter(Objects::nonNull).toList();
    }
  }

  /**
   * Applies signed lists.
   *
   * @throws TaperException as {@link #apply(InputStream)}
   * @throws UncheckedIOException if a private copy cannot be written; nothing is applied then
   */
  public boolean apply(byte[] lists) {
    try {
      return apply(new ByteArrayInputStream(lists));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Applies signed lists, one behind the other, in one step: all or nothing. Known lists are
   * skipped. Each issuer's lists have numbers of their own, and change only what that issuer
   * revoked. A stale list is applied too, because it revokes more than the one before; look-ups
   * then say that it is stale.
   *
   * @param lists a snapshot, deltas, or a snapshot and its deltas; not closed
   * @return whether there was anything new
   * @throws IOException if the lists cannot be read, or their private copy cannot be written;
   *     nothing is applied then
   * @throws TaperException {@link ErrorCode#REVOCATIONS_ROLLED_BACK} if they end before a list that
   *     was seen, or contradict it; {@link ErrorCode#REVOCATIONS_INCOMPLETE} if a delta needs one
   *     that is missing; {@link ErrorCode#REVOCATIONS_DROPPED} if a snapshot leaves out an entry of
   *     its issuer that has not ended, and does not lift it; {@link
   *     ErrorCode#REVOCATIONS_NOT_YET_VALID} if one is issued more than {@link #CLOCK_SKEW} ahead;
   *     {@link ErrorCode#REVOCATIONS_TOO_LARGE} if the disk has no room for its private copy; or as
   *     {@link RevocationReader#next} and {@link RevocationReader#entries}: nothing is applied
   *     then. {@link ErrorCode#REVOCATION_MEMORY} if they are applied, but the sequence number
   *     cannot be kept for a restart
   */
  public boolean apply(InputStream lists) throws IOException {
    return take(lists).isNew();
  }

  /**
   * The result of applying lists.
   *
   * @param isNew true if there was anything new
   * @param issuer the issuer of the lists; null if there were several
   */
  record Taken(boolean isNew, @Nullable PublicKey issuer) {}

  /** Applies lists as {@link #apply(InputStream)} does. */
  Taken take(InputStream lists) throws IOException {
    synchronized (writing) {
      try {
        return take(new Pass(standing.get()), lists);
      } catch (Standing.UnreadableException e) {
        lose(standing.get(), e);
        throw new IOException(e.getMessage(), e);
      } finally {
        closeUnused();
      }
    }
  }

  private Taken take(Pass pass, InputStream lists) throws IOException {
    pass.read(RevocationReader.of(lists, issuers, maxEntries));
    boolean isNew = pass.draft != pass.start;
    standing.set(pass.draft); // in force from here on
    Standing compacted = pass.draft;
    for (PublicKey issuer : pass.last.keySet()) {
      compacted = compacted.with(compact(pass.state(issuer)));
    }
    // Unless a look-up found meanwhile that it cannot be read.
    standing.compareAndSet(pass.draft, compacted);
    memory.keep(pass.draft.states());
    return new Taken(isNew, pass.last.size() == 1 ? pass.last.keySet().iterator().next() : null);
  }

  private ListState compact(ListState state) {
    try {
      ListState compacted = PrivateFile.reading(() -> state.compact(endedBefore(), storage));
      track(compacted);
      return compacted;
    } catch (UnreadableListException e) {
      return state; // the next look-up finds that, too
    }
  }

  private long endedBefore() {
    return clock.instant().minus(KEPT_AFTER_END).getEpochSecond();
  }

  private void track(ListState state) {
    state.runs().stream().filter(run -> run.file() != null).forEach(open::add);
  }

  /** Closes what no look-up starts to read any more; what is reading it now looks again. */
  private void closeUnused() {
    closeOthers(standing.get().runs());
  }

  private void closeOthers(Set<SortedRun> used) {
    open.removeIf(
        run -> {
          if (used.contains(run)) {
            return false;
          }
          run.close();
          return true;
        });
  }

  /** One reading of lists, on top of a state that stays as it is. */
  private final class Pass {
    private final Standing start;
    private Standing draft;

    /** The number of each issuer's last list. */
    private final Map<PublicKey, Long> last = new HashMap<>();

    Pass(Standing start) {
      this.start = start;
      this.draft = start;
    }

    ListState state(PublicKey issuer) {
      return Objects.requireNonNull(draft.of(issuer));
    }

    void read(RevocationReader reader) throws IOException {
      for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
        add(next, reader);
      }
      if (last.isEmpty()) {
        throw RevocationHeader.malformed("is empty");
      }
      for (Map.Entry<PublicKey, Long> each : last.entrySet()) {
        ListState before = start.of(each.getKey()); // a lost list is replaced, but was seen
        long known = before == null ? 0 : before.latest().sequence();
        long inFile = state(each.getKey()).latest().sequence();
        long seen = Math.max(Math.max(known, inFile), memory.sequence(each.getKey()));
        if (each.getValue() < seen) {
          throw rolledBack(
              "the revocation list is number "
                  + each.getValue()
                  + ", but "
                  + seen
                  + " was seen before");
        }
      }
    }

    private void add(RevocationHeader next, RevocationReader reader) throws IOException {
      if (next.issued().isAfter(clock.instant().plus(CLOCK_SKEW))) {
        throw new TaperException(
            ErrorCode.REVOCATIONS_NOT_YET_VALID,
            "the revocation list is issued at " + next.issued() + ", which is in the future");
      }
      long sequence = next.sequence();
      if (memory.contradicts(next)) {
        throw contradiction(sequence);
      }
      ListState before = start.of(next.issuer());
      if (before != null
          && sequence == before.latest().sequence()
          && !next.equals(before.latest())) {
        throw contradiction(sequence);
      }
      ListState held = draft.of(next.issuer());
      ListState now = held == null || held.isLost() ? null : held;
      if (now == null || sequence > now.latest().sequence()) {
        draft = draft.with(next.delta() ? delta(now, next, reader) : snapshot(now, next, reader));
      } else if (sequence == now.latest().sequence() && !next.equals(now.latest())) {
        throw contradiction(sequence);
      }
      last.put(next.issuer(), sequence);
    }

    private ListState delta(@Nullable ListState now, RevocationHeader next, RevocationReader reader)
        throws IOException {
      if (now == null || now.latest().sequence() < next.base()) {
        throw new TaperException(
            ErrorCode.REVOCATIONS_INCOMPLETE,
            "the delta adds to revocation list "
                + next.base()
                + (now == null ? ", and there is none" : ", not to " + now.latest().sequence()));
      }
      ListState merged = now == start.of(next.issuer()) ? now : merged(now);
      ListState more = merged.plus(next, reader.layer(storage));
      track(more);
      return more;
    }

    /** Merges the layers of lists that came together, or each of them would take memory. */
    private ListState merged(ListState now) {
      ListState merged = compact(now);
      if (merged != now) {
        draft = draft.with(merged);
        Set<SortedRun> used = draft.runs();
        used.addAll(start.runs());
        closeOthers(used);
      }
      return merged;
    }

    private ListState snapshot(
        @Nullable ListState now, RevocationHeader next, RevocationReader reader)
        throws IOException {
      ListState.Layer layer = reader.layer(storage);
      ListState snapshot = ListState.ofSnapshot(next, layer.entries());
      track(snapshot);
      int dropped;
      try (SortedRun lifted = layer.lifted()) {
        dropped = now == null ? 0 : dropped(now, layer.entries(), lifted);
      }
      if (dropped > 0) {
        throw new TaperException(
            ErrorCode.REVOCATIONS_DROPPED,
            "revocation list "
                + next.sequence()
                + " leaves out "
                + dropped
                + (dropped == 1 ? " entry that has" : " entries that have")
                + " not ended, and does not lift "
                + (dropped == 1 ? "it" : "them"));
      }
      return snapshot;
    }

    private int dropped(ListState now, SortedRun snapshot, SortedRun lifted) {
      try {
        long seconds = clock.instant().getEpochSecond();
        return PrivateFile.reading(() -> now.dropped(snapshot, lifted, seconds));
      } catch (UnreadableListException e) {
        throw new Standing.UnreadableException(now, e);
      }
    }
  }

  private static TaperException contradiction(long sequence) {
    return rolledBack(
        "the revocation list is number " + sequence + ", of which another was seen before");
  }

  private static TaperException rolledBack(String message) {
    return new TaperException(ErrorCode.REVOCATIONS_ROLLED_BACK, message);
  }

  /** Collects the settings of a list. Not thread-safe. */
  public static final class Builder {
    private final Set<PublicKey> issuers;
    private int maxEntries = RevocationReader.DEFAULT_MAX_ENTRIES;
    private Clock clock = Clock.systemUTC();
    private LongSupplier ticks = System::nanoTime;
    private @Nullable Path file;
    private boolean memoryDecided;
    private RunStorage storage = RunStorage.DEFAULT;

    private Builder(Collection<PublicKey> issuers) {
      this.issuers = Set.copyOf(issuers);
    }

    /**
     * Sets the watch by which a list ages while the clock is set back, by default {@link
     * System#nanoTime}; for tests and simulations, which make their own time.
     *
     * @param newTicks nanoseconds that only go forward, from anywhere
     */
    public Builder ticks(LongSupplier newTicks) {
      ticks = Given.that(newTicks, "the watch of a revocation list");
      return this;
    }

    /**
     * Remembers the greatest sequence number of each issuer in a file, so that no older list is
     * taken after a restart either. Each list needs its own file. The file is made if there is
     * none, so anyone who can delete it turns the next start into a first start.
     */
    public Builder rememberedIn(Path newFile) {
      file = Given.that(newFile, "the file that remembers revocation lists");
      memoryDecided = true;
      return this;
    }

    /** Remembers nothing: after a restart an older list is taken. This must be spelled out. */
    public Builder forgottenAtRestart() {
      memoryDecided = true;
      return this;
    }

    /** Sets the clock. */
    public Builder clock(Clock newClock) {
      clock = Given.that(newClock, "the clock of a revocation list");
      return this;
    }

    /**
     * Sets where private copies of lists of more than 65,536 entries are kept, by default the
     * folder of the system property {@code java.io.tmpdir}. Files there have no names while they
     * are used. A list takes 24 to 26 bytes an entry, and as much again while it is replaced.
     *
     * @param newFolder a folder on a disk; in memory (tmpfs), copies would take that memory
     */
    public Builder copiesIn(Path newFolder) {
      Given.that(newFolder, "the folder for the copies of revocation lists");
      storage = new RunStorage(newFolder, storage.maxHeapEntries(), storage.space());
      return this;
    }

    /** Sets where runs are kept, for tests. */
    Builder storage(RunStorage newStorage) {
      storage = newStorage;
      return this;
    }

    /**
     * Sets the greatest number of entries of one list, lifted ones included; by default 20,000,000,
     * and 80,000,000 at most.
     */
    public Builder maxEntries(int newMaxEntries) {
      maxEntries = newMaxEntries;
      return this;
    }

    /**
     * Makes the list.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if nobody is trusted, or nothing
     *     was said about restarts; {@link ErrorCode#REVOCATION_MEMORY} if the file is there, but
     *     cannot be read
     */
    public RevocationList build() {
      if (issuers.isEmpty()) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "a revocation list needs a key that may sign it");
      }
      if (!memoryDecided) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a revocation list remembers its number in a file, or says that it does not:"
                + " rememberedIn(…) or forgottenAtRestart()");
      }
      return new RevocationList(this, SequenceFile.open(file));
    }
  }
}
