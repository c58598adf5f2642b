package dev.taper.revocation;

import dev.taper.FailureLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How revocation is: which lists are in force, and whether their sources answer. Immutable.
 *
 * @param status what a look-up of something that is not revoked says now
 * @param lists the lists in force, one for each issuer; none if there is none yet
 * @param sources where lists come from
 */
public record RevocationHealth(RevocationStatus status, List<Issued> lists, List<Source> sources) {
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
