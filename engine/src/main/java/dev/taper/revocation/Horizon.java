package dev.taper.revocation;

import dev.taper.revocation.RevocationHeader.Validity;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the next list can be relied on: as asked for, or else as long as the last list. So
 * nobody shortens that time by adding to a list without saying so. Immutable and thread-safe.
 *
 * @param nextUpdate the latest time until the list after it is out; null to keep the last list's
 * @param maxAge how old it may become; null to keep the last list's
 */
public record Horizon(@Nullable Duration nextUpdate, @Nullable Duration maxAge) {
  /** The default time until the list after a first one is promised. */
  public static final Duration DEFAULT_NEXT_UPDATE = Duration.ofDays(1);

  /** The default for how old a first list may become. */
  public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

  /** Keeps what the last list had; the defaults for a first one. */
  public static final Horizon KEPT = new Horizon(null, null);

  /**
   * Returns the validity of a list that is issued now.
   *
   * @param last the header of the last list; null for a first list
   * @param clock the issuer's time
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the horizon
   *     makes no sense
   */
  public Validity behind(@Nullable RevocationHeader last, Clock clock) {
    Horizon before = last == null ? new Horizon(DEFAULT_NEXT_UPDATE, DEFAULT_MAX_AGE) : of(last);
    return Validity.from(
        clock, given(nextUpdate, before.nextUpdate()), given(maxAge, before.maxAge()));
  }

  private static Duration given(@Nullable Duration asked, @Nullable Duration before) {
    if (asked != null) {
      return asked;
    }
    return before == null ? DEFAULT_NEXT_UPDATE : before;
  }

  /** Returns the horizon of a list. */
  static Horizon of(RevocationHeader header) {
    return new Horizon(Duration.between(header.issued(), header.nextUpdate()), header.maxAge());
  }
}
