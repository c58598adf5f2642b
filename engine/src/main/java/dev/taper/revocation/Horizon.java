package dev.taper.revocation;

import dev.taper.revocation.RevocationHeader.Validity;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the next list is to be good for: what is asked for, and else what the last list had. So
 * whoever adds to a list does not shorten it without saying so. Immutable and thread-safe.
 *
 * @param nextUpdate how soon the next one is out at the latest; null as the last one had it
 * @param maxAge how old it may become; null as the last one had it
 */
public record Horizon(@Nullable Duration nextUpdate, @Nullable Duration maxAge) {
  /** How soon the list after a first one is promised, if nothing else is said. */
  public static final Duration DEFAULT_NEXT_UPDATE = Duration.ofDays(1);

  /** How old a first list may become, if nothing else is said. */
  public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

  /** As the last list had it; the defaults for a first one. */
  public static final Horizon KEPT = new Horizon(null, null);

  /**
   * From now on.
   *
   * @param last the header of the last list; null for a first one
   * @param clock the issuer's time
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it makes no
   *     sense
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

  /** What a list has. */
  static Horizon of(RevocationHeader header) {
    return new Horizon(Duration.between(header.issued(), header.nextUpdate()), header.maxAge());
  }
}
