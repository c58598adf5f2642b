package dev.taper.operations.config;

import dev.taper.TaperException;
import dev.taper.datalog.Dates;
import dev.taper.operations.OperationException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time and durations as people write them. */
public final class Times {
  private static final Pattern PART = Pattern.compile("([0-9]+)([^0-9]+)");
  private static final long MAX_MILLIS = 10_000L * 366 * 86_400_000;

  private Times() {}

  /**
   * The end that a duration from now, or a date, stands for: a whole second, never later than what
   * was given.
   *
   * @throws OperationException {@code usage} if it is neither, or not between the years 1970 and
   *     9999
   */
  public static Instant end(Clock clock, String text) {
    // A date has hyphens, a duration never.
    Instant end = text.indexOf('-') >= 0 ? parseDate(text) : later(clock, text);
    return inRange(text, () -> Dates.end(end));
  }

  /**
   * The beginning that a date stands for: a whole second, never earlier than what was given.
   *
   * @throws OperationException {@code usage} if it is none, or not between the years 1970 and 9999
   */
  public static Instant beginning(String text) {
    Instant beginning = parseDate(text);
    return inRange(text, () -> Dates.beginning(beginning));
  }

  /**
   * A duration from now on that ends by the year 9999.
   *
   * @throws OperationException {@code usage} if it is none, or ends later
   */
  public static Duration window(Clock clock, String text) {
    Duration window = parseDuration(text);
    Instant now = clock.instant();
    Instant unused = inRange(text, () -> Dates.end(now, window));
    return window;
  }

  private static Instant inRange(String text, Supplier<Instant> date) {
    try {
      return date.get();
    } catch (TaperException e) {
      throw OperationException.usage("a date is in the years 1970 to 9999: " + text);
    }
  }

  /**
   * The clock for {@code now}, a date, or {@code +} and a duration.
   *
   * @throws OperationException {@code usage} if it is none of these, or not between the years 1970
   *     and 9999
   */
  public static Clock at(Clock clock, String text) {
    if (text.equals("now")) {
      return clock;
    }
    Instant at = text.startsWith("+") ? later(clock, text.substring(1)) : parseDate(text);
    Instant unused = inRange(text, () -> Dates.end(at));
    return Clock.fixed(at, ZoneOffset.UTC);
  }

  /**
   * The moment that a date stands for, or a duration before now.
   *
   * @throws OperationException {@code usage} if it is neither, or before the year 1970
   */
  public static Instant past(Clock clock, String text) {
    Instant past;
    try {
      past = text.indexOf('-') >= 0 ? parseDate(text) : clock.instant().minus(parseDuration(text));
    } catch (OperationException e) {
      throw OperationException.usage(
          "not a time: "
              + text
              + " (a date such as 2030-01-31T12:00:00Z, or how long ago, such as 2h or 3d)");
    }
    if (past.isBefore(Instant.EPOCH)) {
      throw OperationException.usage("a date is in the years 1970 to 9999: " + text);
    }
    return past;
  }

  private static Instant later(Clock clock, String duration) {
    try {
      return clock.instant().plus(parseDuration(duration));
    } catch (DateTimeException | ArithmeticException e) {
      throw OperationException.usage("the duration is too long: " + duration);
    }
  }

  /**
   * Reads a duration such as {@code 100ms}, {@code 15m}, {@code 1h30m} or {@code 2d}. Units: ms, s,
   * m, h, d, w.
   *
   * @throws OperationException {@code usage} if it is none, is zero or longer than 10,000 years
   */
  public static Duration parseDuration(String text) {
    long millis = 0;
    Matcher part = PART.matcher(text);
    try {
      for (int at = 0; at < text.length(); at = part.end()) {
        if (!part.region(at, text.length()).lookingAt()) {
          throw new NumberFormatException(text);
        }
        long amount = Long.parseLong(part.group(1));
        millis = Math.addExact(millis, Math.multiplyExact(amount, unitMillis(part.group(2))));
      }
    } catch (NumberFormatException | ArithmeticException e) {
      millis = 0;
    }
    if (millis <= 0 || millis > MAX_MILLIS) {
      throw OperationException.usage(
          "not a duration: " + text + " (examples: 100ms, 15m, 1h30m, 2d)");
    }
    return Duration.ofMillis(millis);
  }

  /**
   * Reads a date such as {@code 2030-01-31T12:00:00Z}.
   *
   * @throws OperationException {@code usage} if it is none
   */
  public static Instant parseDate(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw OperationException.usage("not a date: " + text + " (example: 2030-01-31T12:00:00Z)");
    }
  }

  /**
   * A length of time in words, such as {@code 15 minutes} or {@code 1 hour 30 minutes}: of one
   * unit, rounded to the nearest, and of the next smaller one too where there is only one of it.
   */
  public static String words(Duration duration) {
    long seconds = duration.abs().plusMillis(500).toSeconds();
    for (Unit unit : Unit.values()) {
      long smaller = unit.smaller;
      long fine = (seconds + smaller / 2) / smaller * smaller;
      if (fine >= 2 * unit.seconds) {
        return unit.count((seconds + unit.seconds / 2) / unit.seconds);
      } else if (fine >= unit.seconds) {
        long rest = (fine - unit.seconds) / smaller;
        return unit.count(1) + (rest == 0 ? "" : " " + Unit.of(smaller).count(rest));
      }
    }
    return Unit.SECOND.count(0);
  }

  /** The units of words, the longest first. */
  private enum Unit {
    YEAR(31_557_600, 86_400),
    DAY(86_400, 3600),
    HOUR(3600, 60),
    MINUTE(60, 1),
    SECOND(1, 1);

    private final long seconds;
    private final long smaller;

    Unit(long seconds, long smaller) {
      this.seconds = seconds;
      this.smaller = smaller;
    }

    private static Unit of(long seconds) {
      for (Unit unit : values()) {
        if (unit.seconds == seconds) {
          return unit;
        }
      }
      return SECOND;
    }

    private String count(long count) {
      return count + " " + name().toLowerCase(Locale.ROOT) + (count == 1 ? "" : "s");
    }
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
