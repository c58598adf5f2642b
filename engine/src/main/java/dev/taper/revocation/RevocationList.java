package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What is revoked, in memory, from signed snapshots and deltas. Thread-safe: look-ups take no lock
 * and go on while a list is applied, each on the state before or the state after; one thread at a
 * time applies.
 *
 * <p>The state is a few immutable sorted runs, the snapshot's and behind it those of deltas, each
 * at least four times as large as the next. A delta is in force as soon as its own run is; merging
 * runs comes after that. An entry takes about 21 bytes of heap; while a new snapshot is read, or
 * the largest runs are merged, both the old and the new ones are there.
 */
public final class RevocationList implements Revocations {
  /** How far an issuer's clock may be ahead of ours. */
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

  /** What has ended is kept for so long, in case our clock is set back. */
  private static final Duration KEPT_AFTER_END = Duration.ofDays(1);

  private final Set<PublicKey> issuers;
  private final int maxEntries;
  private final Clock clock;
  private final SequenceFile memory;
  private final Object writing = new Object();
  private final Map<String, RevocationHealth.Source> sources = new ConcurrentSkipListMap<>();
  private volatile @Nullable ListState state;

  private RevocationList(Builder b, SequenceFile memory) {
    this.issuers = b.issuers;
    this.maxEntries = b.maxEntries;
    this.clock = b.clock;
    this.memory = memory;
  }

  /**
   * Starts a list, which is unavailable until a snapshot is applied.
   *
   * @param issuers whose signatures count
   */
  public static Builder trusting(PublicKey... issuers) {
    return new Builder(List.of(issuers));
  }

  @Override
  public RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
    ListState current = state;
    return current == null ? RevocationCheck.NONE : current.check(fingerprints, now);
  }

  /** The header of the list as it is, or null if there is none. */
  public @Nullable RevocationHeader latest() {
    ListState current = state;
    return current == null ? null : current.latest();
  }

  @Override
  public RevocationHealth health() {
    RevocationHeader latest = latest();
    List<RevocationHealth.Issued> lists =
        latest == null
            ? List.of()
            : List.of(
                new RevocationHealth.Issued(
                    latest.issuer().toString(),
                    latest.sequence(),
                    latest.issued(),
                    latest.nextUpdate(),
                    latest.staleAfter()));
    return new RevocationHealth(lists, List.copyOf(sources.values()));
  }

  /** Takes note that a source answered, or why it did not. */
  void fetched(String source, FailureLog.@Nullable Failure failure) {
    sources.compute(
        source,
        (name, before) ->
            failure == null
                ? new RevocationHealth.Source(name, clock.instant(), null)
                : new RevocationHealth.Source(
                    name, before == null ? null : before.answered(), failure));
  }

  /** What time it is. */
  Clock clock() {
    return clock;
  }

  /** The greatest sequence number seen, before a restart included; 0 if none was. */
  public long highestSequence() {
    synchronized (writing) {
      ListState current = state;
      return Math.max(memory.sequence(), current == null ? 0 : current.latest().sequence());
    }
  }

  /** How many entries there are; one that came twice may count twice. */
  public int size() {
    ListState current = state;
    return current == null ? 0 : current.size();
  }

  /** The bytes of heap that the entries take, for tests. */
  long bytes() {
    ListState current = state;
    return current == null ? 0 : current.bytes();
  }

  /**
   * Applies signed lists.
   *
   * @throws TaperException as {@link #apply(InputStream)}
   */
  public boolean apply(byte[] lists) {
    try {
      return apply(new ByteArrayInputStream(lists));
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be read", e);
    }
  }

  /**
   * Applies signed lists, one behind the other, as one step: all, or nothing. What is known already
   * is passed over. A list that is stale is applied too, because it revokes more than the one
   * before; look-ups then say that it is stale.
   *
   * @param lists a snapshot, deltas, or a snapshot and its deltas; not closed
   * @return whether there was anything new
   * @throws IOException if the lists cannot be read; nothing is applied then
   * @throws TaperException {@link ErrorCode#REVOCATIONS_ROLLED_BACK} if they end before what was
   *     seen, or contradict it; {@link ErrorCode#REVOCATIONS_INCOMPLETE} if a delta needs one that
   *     is missing; {@link ErrorCode#REVOCATIONS_NOT_YET_VALID} if one is issued more than {@link
   *     #CLOCK_SKEW} ahead; or as {@link RevocationReader#next} and {@link
   *     RevocationReader#entries}: nothing is applied then. {@link ErrorCode#REVOCATION_MEMORY} if
   *     they are applied, but the sequence number cannot be kept for a restart
   */
  public boolean apply(InputStream lists) throws IOException {
    synchronized (writing) {
      ListState before = state;
      ListState after = new Pass(before).read(RevocationReader.of(lists, issuers, maxEntries));
      boolean isNew = before == null || after.latest().sequence() > before.latest().sequence();
      if (isNew) {
        state = after; // in force from here on
        state = after.compact(clock.instant().minus(KEPT_AFTER_END).getEpochSecond());
      }
      memory.keep(after.latest());
      return isNew;
    }
  }

  /** One reading of lists, on top of a state that stays as it is. */
  private final class Pass {
    private @Nullable ListState draft;
    private long last;

    Pass(@Nullable ListState before) {
      this.draft = before;
    }

    ListState read(RevocationReader reader) throws IOException {
      for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
        add(next, reader);
      }
      ListState read = draft;
      if (read == null || last == 0) {
        throw RevocationHeader.malformed("is empty");
      }
      if (last < read.latest().sequence() || last < memory.sequence()) {
        throw rolledBack(
            "the revocation list is number "
                + last
                + ", but "
                + Math.max(read.latest().sequence(), memory.sequence())
                + " was seen before");
      }
      return read;
    }

    private void add(RevocationHeader next, RevocationReader reader) throws IOException {
      if (next.issued().isAfter(clock.instant().plus(CLOCK_SKEW))) {
        throw new TaperException(
            ErrorCode.REVOCATIONS_NOT_YET_VALID,
            "the revocation list is issued at " + next.issued() + ", which is in the future");
      }
      last = next.sequence();
      if (memory.contradicts(next)) {
        throw contradiction(last);
      }
      ListState now = draft;
      if (now != null && last <= now.latest().sequence()) {
        if (last == now.latest().sequence() && !next.equals(now.latest())) {
          throw contradiction(last);
        }
        return; // known already
      }
      if (!next.delta()) {
        draft = ListState.ofSnapshot(next, reader.run());
      } else if (now == null || now.latest().sequence() < next.base()) {
        throw new TaperException(
            ErrorCode.REVOCATIONS_INCOMPLETE,
            "the delta adds to revocation list "
                + next.base()
                + (now == null ? ", and there is none" : ", not to " + now.latest().sequence()));
      } else {
        draft = now.plus(next, reader.run());
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

  /** Collects what a list needs. Not thread-safe. */
  public static final class Builder {
    private final Set<PublicKey> issuers;
    private int maxEntries = RevocationReader.DEFAULT_MAX_ENTRIES;
    private Clock clock = Clock.systemUTC();
    private @Nullable Path file;
    private boolean memoryDecided;

    private Builder(Collection<PublicKey> issuers) {
      this.issuers = Set.copyOf(issuers);
    }

    /**
     * Remembers the greatest sequence number in a file, so that after a restart no older list is
     * taken either. One file for each list; it is made when there is none.
     */
    public Builder rememberedIn(Path newFile) {
      file = newFile;
      memoryDecided = true;
      return this;
    }

    /** Remembers nothing: after a restart an older list is taken. Must be spelled out. */
    public Builder forgottenAtRestart() {
      memoryDecided = true;
      return this;
    }

    /** Sets the clock. */
    public Builder clock(Clock newClock) {
      clock = newClock;
      return this;
    }

    /** Sets the most entries of one list. */
    public Builder maxEntries(int newMaxEntries) {
      maxEntries = newMaxEntries;
      return this;
    }

    /**
     * The list.
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
