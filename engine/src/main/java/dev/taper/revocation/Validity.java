package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * From when and until when a list can be relied on: until its next update is due, and never longer
 * than its maximum age.
 *
 * @param issued when it is issued, to the millisecond
 * @param nextUpdate when the next one is out at the latest, to the millisecond; after issued
 * @param maxAge how old it may become, in whole seconds; at least one, at most {@link #LONGEST}
 */
public record Validity(Instant issued, Instant nextUpdate, Duration maxAge) {
  /** The longest that anybody may rely on a list: what was revoked a month ago is known by then. */
  public static final Duration LONGEST = Duration.ofDays(31);

  private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  /**
   * Cuts the times to what the format holds.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if they make no sense
   */
  public Validity {
    issued = issued.truncatedTo(ChronoUnit.MILLIS);
    nextUpdate = nextUpdate.truncatedTo(ChronoUnit.MILLIS);
    maxAge = Duration.ofSeconds(maxAge.toSeconds());
    if (issued.isBefore(Instant.EPOCH) || nextUpdate.isAfter(Instant.ofEpochMilli(LAST_MILLI))) {
      throw invalid("its times are out of range");
    }
    if (!nextUpdate.isAfter(issued)) {
      throw invalid("its next update is not after its issue");
    }
    if (maxAge.toSeconds() < 1 || maxAge.compareTo(LONGEST) > 0) {
      throw invalid("its maximum age is not between a second and " + LONGEST.toDays() + " days");
    }
  }

  /**
   * From now on.
   *
   * @param clock the issuer's time
   * @param nextUpdate how soon the next one is out at the latest
   * @param maxAge how old it may become
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if they make no sense
   */
  public static Validity from(Clock clock, Duration nextUpdate, Duration maxAge) {
    Instant now = clock.instant();
    return new Validity(now, now.plus(nextUpdate), maxAge);
  }

  /** The last moment at which the list can be relied on. */
  public Instant staleAfter() {
    Instant oldest = issued.plus(maxAge);
    return oldest.isBefore(nextUpdate) ? oldest : nextUpdate;
  }

  static Validity read(long issued, long nextUpdate, int maxAge) {
    return new Validity(
        Instant.ofEpochMilli(issued),
        Instant.ofEpochMilli(nextUpdate),
        Duration.ofSeconds(Integer.toUnsignedLong(maxAge)));
  }

  private static TaperException invalid(String why) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT, "a revocation list cannot be issued: " + why);
  }
}
