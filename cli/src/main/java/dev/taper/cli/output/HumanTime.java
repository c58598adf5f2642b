package dev.taper.cli.output;

import dev.taper.cli.io.CliException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/** Durations and dates as people write and read them. */
public final class HumanTime {
  private static final long MAX_MILLIS = 10_000L * 366 * 86_400_000;

  private HumanTime() {}

  /**
   * Reads a duration such as {@code 100ms}, {@code 15m}, {@code 1h30m} or {@code 2d}. Units: ms, s,
   * m, h, d, w.
   *
   * @throws CliException if it is none, is zero or longer than 10,000 years
   */
  public static Duration parseDuration(String text) {
    long millis = 0;
    int at = 0;
    try {
      while (at < text.length()) {
        int unitAt = skip(text, at, true);
        int end = skip(text, unitAt, false);
        long amount = Long.parseLong(text, at, unitAt, 10);
        long unit = unitMillis(text.substring(unitAt, end));
        millis = Math.addExact(millis, Math.multiplyExact(amount, unit));
        at = end;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      millis = 0;
    }
    if (millis <= 0 || millis > MAX_MILLIS) {
      throw CliException.usage("not a duration: " + text + " (examples: 100ms, 15m, 1h30m, 2d)");
    }
    return Duration.ofMillis(millis);
  }

  /**
   * Reads a date such as {@code 2030-01-31T12:00:00Z}.
   *
   * @throws CliException if it is none
   */
  public static Instant parseDate(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw CliException.usage("not a date: " + text + " (example: 2030-01-31T12:00:00Z)");
    }
  }

  /**
   * A distance in words, such as {@code in 59 minutes} or {@code 3 days ago}. Rounded to the
   * nearest unit: what was just given 7 days has 7 days, and not 6.
   */
  public static String fromNow(Instant instant, Instant now) {
    Duration distance = Duration.between(now, instant);
    long seconds = distance.abs().plusMillis(500).toSeconds();
    if (seconds == 0) {
      return "now";
    }
    String amount = amount(seconds);
    return distance.isNegative() ? amount + " ago" : "in " + amount;
  }

  /** A length of time in words, such as {@code 15 minutes}; rounded as {@link #fromNow}. */
  public static String span(Duration duration) {
    return amount(duration.plusMillis(500).toSeconds());
  }

  private static String amount(long seconds) {
    if (seconds < 120) {
      return plural(seconds, "second");
    } else if (seconds < 2 * 3600) {
      return rounded(seconds, 60, "minute");
    } else if (seconds < 2 * 86_400) {
      return rounded(seconds, 3600, "hour");
    } else if (seconds < 2 * 31_557_600L) {
      return rounded(seconds, 86_400, "day");
    }
    return rounded(seconds, 31_557_600, "year");
  }

  private static String rounded(long seconds, long unit, String name) {
    return plural((seconds + unit / 2) / unit, name);
  }

  private static String plural(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }

  private static int skip(String text, int from, boolean digits) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at)) == digits) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long unitMillis(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "ms" -> 1;
      case "s" -> 1000;
      case "m", "min" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 604_800_000;
      default -> throw new NumberFormatException(unit);
    };
  }
}
