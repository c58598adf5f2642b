package dev.taper.revocation;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state that look-ups see: the lists of all trusted issuers at one moment. Every list revokes;
 * no answer can be relied on before every issuer has a list. Immutable, so that look-ups need no
 * lock.
 */
final class Standing {
  private final Set<PublicKey> issuers;
  private final Map<PublicKey, ListState> byIssuer;
  private final ListState[] states;
  private final @Nullable RevocationHeader first;
  private final long staleAfterSeconds;
  private final Instant staleAfter;
  private final Instant notBefore;
  // Made once, so that a look-up that finds nothing allocates nothing.
  private final RevocationCheck clear;
  private final RevocationCheck stale;

  private Standing(Set<PublicKey> issuers, Map<PublicKey, ListState> byIssuer) {
    this.issuers = issuers;
    this.byIssuer = byIssuer;
    this.states = byIssuer.values().toArray(new ListState[0]);
    RevocationHeader firstStale = null;
    RevocationHeader lost = null;
    Instant latestIssue = Instant.MIN;
    for (ListState state : states) {
      RevocationHeader each = state.latest();
      lost = state.isLost() ? each : lost;
      if (firstStale == null || each.staleAfter().isBefore(firstStale.staleAfter())) {
        firstStale = each;
      }
      if (each.issued().isAfter(latestIssue)) {
        latestIssue = each.issued();
      }
    }
    this.first = firstStale;
    if (firstStale == null || states.length < issuers.size()) {
      this.staleAfter = Instant.MIN;
      this.notBefore = Instant.MIN;
      this.clear = RevocationCheck.NONE;
      this.stale = RevocationCheck.NONE;
    } else if (lost != null) {
      this.staleAfter = Instant.MIN;
      this.notBefore = Instant.MIN;
      this.clear = check(RevocationStatus.UNAVAILABLE, lost);
      this.stale = clear;
    } else {
      this.staleAfter = firstStale.staleAfter();
      this.notBefore = latestIssue.minus(RevocationList.CLOCK_SKEW);
      this.clear = check(RevocationStatus.FRESH, firstStale);
      this.stale = check(RevocationStatus.STALE, firstStale);
    }
    this.staleAfterSeconds = staleAfter.getEpochSecond();
  }

  private static RevocationCheck check(RevocationStatus status, RevocationHeader of) {
    return new RevocationCheck(status, -1, of.sequence(), of.issued());
  }

  static Standing empty(Set<PublicKey> issuers) {
    return new Standing(issuers, Map.of());
  }

  /** A list whose private copy cannot be read. */
  static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ListState state;

    UnreadableException(ListState state, @Nullable Throwable cause) {
      super("the private copy of the revocation list cannot be read", cause);
      this.state = state;
    }

    ListState state() {
      return state;
    }
  }

  /** True if the private copy of a list cannot be read. */
  boolean isLost() {
    for (ListState state : states) {
      if (state.isLost()) {
        return true;
      }
    }
    return false;
  }

  /** Returns this state with another list of one issuer. */
  Standing with(ListState state) {
    Map<PublicKey, ListState> changed = new HashMap<>(byIssuer);
    changed.put(state.latest().issuer(), state);
    return new Standing(issuers, Map.copyOf(changed));
  }

  @Nullable ListState of(PublicKey issuer) {
    return byIssuer.get(issuer);
  }

  /** The header of the list that is stale first; null if there is no list. */
  @Nullable RevocationHeader first() {
    return first;
  }

  /** Tells which lists are in force, and whether they can be relied on now. */
  RevocationHealth health(Instant now, HighestTime highest, List<RevocationHealth.Source> sources) {
    List<RevocationHealth.Issued> lists = new ArrayList<>();
    for (ListState state : states) {
      RevocationHeader latest = state.latest();
      lists.add(
          new RevocationHealth.Issued(
              latest.issuer().toString(),
              latest.sequence(),
              latest.issued(),
              latest.nextUpdate(),
              latest.staleAfter()));
    }
    long seconds = now.getEpochSecond();
    long latest = highest.observe(seconds);
    RevocationStatus status = check(List.of(), now, latest).status();
    Duration setBack = Duration.ofSeconds(Math.max(0, latest - seconds));
    return new RevocationHealth(status, lists, sources, setBack);
  }

  /** All runs that look-ups may read. */
  Set<SortedRun> runs() {
    Set<SortedRun> runs = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ListState state : states) {
      runs.addAll(state.runs());
    }
    return runs;
  }

  ListState[] states() {
    return states.clone();
  }

  int size() {
    int size = 0;
    for (ListState state : states) {
      size += state.size();
    }
    return size;
  }

  long bytes() {
    long bytes = 0;
    for (ListState state : states) {
      bytes += state.bytes();
    }
    return bytes;
  }

  /**
   * Looks up fingerprints.
   *
   * @param now the verifier's time, by which entries end
   * @param highestSeconds the latest time that it has ever been, by which lists age
   * @throws UnreadableException if a list cannot be read
   */
  RevocationCheck check(List<Fingerprint> fingerprints, Instant now, long highestSeconds) {
    boolean old = now.isAfter(staleAfter) || highestSeconds > staleAfterSeconds;
    RevocationCheck none = old || now.isBefore(notBefore) ? stale : clear;
    long nowSeconds = now.getEpochSecond();
    int first = fingerprints.size();
    RevocationHeader by = null;
    for (ListState state : states) {
      int at = firstHeld(state, fingerprints, first, nowSeconds);
      if (at < first) {
        first = at;
        by = state.latest();
      }
    }
    return by == null
        ? none
        : new RevocationCheck(none.status(), first, by.sequence(), by.issued());
  }

  /** Which of the first fingerprints a list revokes first; their count if none. */
  private static int firstHeld(
      ListState state, List<Fingerprint> fingerprints, int count, long nowSeconds) {
    try {
      return state.isMapped()
          ? PrivateFile.reading(() -> state.firstHeld(fingerprints, count, nowSeconds))
          : state.firstHeld(fingerprints, count, nowSeconds);
    } catch (UnreadableListException e) {
      throw new UnreadableException(state, e);
    }
  }
}
