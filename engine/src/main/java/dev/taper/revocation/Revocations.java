package dev.taper.revocation;

import dev.taper.FailureLog;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier asks for every call: whether anything that a token stands on is revoked, and
 * whether the answer can be relied on. Implementations are thread-safe, and never throw for want of
 * data: they say so. {@link RevocationList} is the one in memory, which never waits; one that may
 * wait ends at {@link dev.taper.Deadline#current}, and a call that it does not answer is refused.
 */
public interface Revocations {
  /**
   * Looks up what a token stands on, at one moment of the list.
   *
   * @param fingerprints its blocks, its task, its keys, its delegator and its root key
   * @param now the verifier's time
   */
  RevocationCheck check(List<Fingerprint> fingerprints, Instant now);

  /** How old the lists are and whether their sources answer; null if that is not known. */
  default @Nullable RevocationHealth health() {
    return null;
  }

  /**
   * What a list says of a token. Immutable and thread-safe.
   *
   * @param status whether the list can be relied on
   * @param revoked the index of the first fingerprint that is revoked, or -1; said of a stale list
   *     too
   * @param sequence the sequence number of the list; 0 if there is none
   * @param issued when the list was issued; null if there is none
   */
  record RevocationCheck(
      RevocationStatus status, int revoked, long sequence, @Nullable Instant issued) {
    /** No list. */
    static final RevocationCheck NONE =
        new RevocationCheck(RevocationStatus.UNAVAILABLE, -1, 0, null);

    /** True if nothing is revoked, as far as a list that can be relied on says. */
    public boolean clear() {
      return status == RevocationStatus.FRESH && revoked < 0;
    }
  }

  /** Whether a list can be relied on. */
  enum RevocationStatus {
    /** It is as new as its issuer promised. */
    FRESH,
    /** Its next update is past, or it is older than its issuer lets it become. */
    STALE,
    /** There is none, or not yet one as new as was seen before. */
    UNAVAILABLE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The status in lower case, as printed and logged. */
    public String text() {
      return text;
    }
  }

  /**
   * How revocation is: which lists are in force, and whether their sources answer. Immutable.
   *
   * @param status what a look-up of something that is not revoked says now
   * @param lists the lists in force, one for each issuer; none if there is none yet
   * @param sources where lists come from
   */
  record RevocationHealth(RevocationStatus status, List<Issued> lists, List<Source> sources) {
    /**
     * A list in force.
     *
     * @param issuer the key that signed it
     * @param sequence its number
     * @param issued when it was issued
     * @param nextUpdate when its issuer promises the next
     * @param staleAfter from when on it cannot be relied on
     */
    public record Issued(
        String issuer, long sequence, Instant issued, Instant nextUpdate, Instant staleAfter) {
      /** How old it is; negative if it was issued ahead of this time. */
      public Duration age(Instant now) {
        return Duration.between(issued, now);
      }
    }

    /**
     * A source of lists.
     *
     * @param name what it calls itself
     * @param answered when it last answered; null if it never did
     * @param failure why the last fetch failed; null if it did not
     */
    public record Source(
        String name, @Nullable Instant answered, FailureLog.@Nullable Failure failure) {}

    /** Copies the lists. */
    public RevocationHealth {
      lists = List.copyOf(lists);
      sources = List.copyOf(sources);
    }

    /** True if every issuer has a list in force, and none of them is stale. */
    public boolean fresh() {
      return status == RevocationStatus.FRESH;
    }
  }
}
