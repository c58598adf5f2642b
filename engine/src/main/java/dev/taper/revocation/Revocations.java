package dev.taper.revocation;

import dev.taper.CheckReturnValue;
import dev.taper.FailureLog;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers a verifier for every call: whether anything that a token depends on is revoked, and
 * whether the answer can be relied on. Implementations are thread-safe. If they lack data they say
 * so, and do not throw. {@link RevocationList} answers from memory and never waits. An
 * implementation that may wait gives up at {@link dev.taper.Deadline#current}, and a call without
 * an answer is denied.
 */
public interface Revocations {
  /**
   * Looks up all that a token depends on, at one moment of the list.
   *
   * @param fingerprints those of its blocks, its task, its keys, its delegator and its root key
   * @param now the verifier's time
   */
  @CheckReturnValue
  RevocationCheck check(List<Fingerprint> fingerprints, Instant now);

  /** Tells how old the lists are and whether their sources answer; null if that is not known. */
  default @Nullable RevocationHealth health() {
    return null;
  }

  /**
   * The answer of a list about a token. Immutable and thread-safe.
   *
   * @param status whether the list can be relied on
   * @param revoked the index of the first fingerprint that is revoked, or -1; also set for a stale
   *     list
   * @param sequence the sequence number of the list; 0 if there is none
   * @param issued when the list was issued; null if there is none
   */
  record RevocationCheck(
      RevocationStatus status, int revoked, long sequence, @Nullable Instant issued) {
    /** The answer if there is no list. */
    static final RevocationCheck NONE =
        new RevocationCheck(RevocationStatus.UNAVAILABLE, -1, 0, null);

    /** True if a list that can be relied on says that nothing is revoked. */
    public boolean clear() {
      return status == RevocationStatus.FRESH && revoked < 0;
    }
  }

  /** Says whether a list can be relied on. */
  enum RevocationStatus {
    /** The list is as new as its issuer promised. */
    FRESH,
    /** The list's next update is past, or the list is older than its issuer allows. */
    STALE,
    /** There is no list, or none as new as one seen before. */
    UNAVAILABLE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The status in lower case, as printed and logged. */
    public String text() {
      return text;
    }
  }

  /**
   * The health of revocation: which lists are in force, and whether their sources answer.
   * Immutable.
   *
   * @param status the status that a look-up of something not revoked gives now
   * @param lists the lists in force, at most one for each issuer
   * @param sources the sources of the lists
   * @param setBack how far the clock is behind the latest time that it has shown, or should show by
   *     now: lists age by that, so that setting it back makes none younger; zero if it is not
   */
  record RevocationHealth(
      RevocationStatus status, List<Issued> lists, List<Source> sources, Duration setBack) {
    /**
     * A list in force.
     *
     * @param issuer the key that signed it
     * @param sequence its number
     * @param issued when it was issued
     * @param nextUpdate when its issuer promises the next list
     * @param staleAfter the moment after which it cannot be relied on
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
     * @param name its name
     * @param answered when it last answered; null if it never did
     * @param failure why the last fetch failed; null if it did not fail
     * @param certificateEnds when the certificate of its server ends; null if it showed none
     */
    public record Source(
        String name,
        @Nullable Instant answered,
        FailureLog.@Nullable Failure failure,
        @Nullable Instant certificateEnds) {}

    /** Copies the lists. */
    public RevocationHealth {
      lists = List.copyOf(lists);
      sources = List.copyOf(sources);
    }

    /** True if every issuer has a list in force, and no list is stale. */
    public boolean fresh() {
      return status == RevocationStatus.FRESH;
    }
  }
}
