package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Says which dates text can write: whole seconds of the years 1970 to 9999. Readers and writers
 * share these rules, so that nobody signs a date that another reader refuses.
 */
public final class Dates {
  /** The last date: 9999-12-31T23:59:59Z. */
  public static final Instant LAST = Instant.ofEpochSecond(253_402_300_799L);

  private Dates() {}

  /**
   * True for a date that text can write.
   *
   * @param seconds seconds since 1970, without a sign
   */
  public static boolean isWritable(long seconds) {
    return Long.compareUnsigned(seconds, LAST.getEpochSecond()) <= 0;
  }

  /**
   * Returns the date at which something ends: the whole second at or before an instant, so that
   * nothing ends later than was asked for.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not between 1970 and 9999
   */
  public static Instant end(Instant instant) {
    Instant date = instant.truncatedTo(ChronoUnit.SECONDS);
    if (date.getEpochSecond() < 0 || date.isAfter(LAST)) {
      throw outOfRange(instant.toString());
    }
    return date;
  }

  /**
   * Returns the date at which something begins: the whole second at or after an instant, so that
   * nothing begins earlier than was asked for.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not between 1970 and 9999
   */
  public static Instant beginning(Instant instant) {
    if (instant.isAfter(LAST)) {
      throw outOfRange(instant.toString());
    }
    Instant second = instant.truncatedTo(ChronoUnit.SECONDS);
    return end(second.equals(instant) ? second : second.plusSeconds(1));
  }

  /**
   * Returns the date at which something ends that lasts for a given time.
   *
   * @param from when it begins
   * @param lifetime how long it lasts
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not between 1970 and 9999
   */
  public static Instant end(Instant from, Duration lifetime) {
    Instant end;
    try {
      end = from.plus(lifetime);
    } catch (DateTimeException | ArithmeticException e) {
      throw outOfRange(lifetime + " after " + from);
    }
    return end(end);
  }

  private static TaperException outOfRange(String what) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT, "a date is in the years 1970 to 9999: " + what);
  }
}
