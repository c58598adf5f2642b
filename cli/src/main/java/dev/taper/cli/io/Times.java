package dev.taper.cli.io;

import dev.taper.TaperException;
import dev.taper.cli.output.HumanTime;
import dev.taper.datalog.Dates;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** Points in time as people give them. */
public final class Times {
  private Times() {}

  /**
   * The end that a duration from now, or a date, stands for: a whole second, never later than what
   * was given.
   *
   * @throws CliException if it is neither, or not between the years 1970 and 9999
   */
  public static Instant end(Console console, String text) {
    // A date has hyphens, a duration never.
    Instant end = text.indexOf('-') >= 0 ? HumanTime.parseDate(text) : later(console, text);
    return inRange(text, () -> Dates.end(end));
  }

  /**
   * The beginning that a date stands for: a whole second, never earlier than what was given.
   *
   * @throws CliException if it is none, or not between the years 1970 and 9999
   */
  public static Instant beginning(String text) {
    Instant beginning = HumanTime.parseDate(text);
    return inRange(text, () -> Dates.beginning(beginning));
  }

  /**
   * A duration from now on that ends by the year 9999.
   *
   * @throws CliException if it is none, or ends later
   */
  public static Duration window(Console console, String text) {
    Duration window = HumanTime.parseDuration(text);
    Instant now = console.clock().instant();
    Instant unused = inRange(text, () -> Dates.end(now, window));
    return window;
  }

  private static Instant inRange(String text, Supplier<Instant> date) {
    try {
      return date.get();
    } catch (TaperException e) {
      throw CliException.usage("a date is in the years 1970 to 9999: " + text);
    }
  }

  /**
   * The clock for {@code now}, a date, or {@code +} and a duration.
   *
   * @throws CliException if it is none of these
   */
  public static Clock clock(Console console, String text) {
    if (text.equals("now")) {
      return console.clock();
    }
    Instant at =
        text.startsWith("+") ? later(console, text.substring(1)) : HumanTime.parseDate(text);
    return Clock.fixed(at, ZoneOffset.UTC);
  }

  private static Instant later(Console console, String duration) {
    try {
      return console.clock().instant().plus(HumanTime.parseDuration(duration));
    } catch (DateTimeException | ArithmeticException e) {
      throw CliException.usage("the duration is too long: " + duration);
    }
  }
}
