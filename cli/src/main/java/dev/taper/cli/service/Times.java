package dev.taper.cli.service;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.output.HumanTime;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Points in time as people give them. */
final class Times {
  private static final Instant LAST_DATE = Instant.parse("9999-12-31T23:59:59Z");

  private Times() {}

  /**
   * The end that a duration from now, or a date, stands for.
   *
   * @throws CliException if it is neither
   */
  static Instant end(Console console, String text) {
    // A date has hyphens, a duration never.
    Instant end = text.indexOf('-') >= 0 ? HumanTime.parseDate(text) : later(console, text);
    if (end.isAfter(LAST_DATE)) {
      throw CliException.usage("Datalog has no date after the year 9999: " + text);
    }
    return end.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * The clock for {@code now}, a date, or {@code +} and a duration.
   *
   * @throws CliException if it is none of these
   */
  static Clock clock(Console console, String text) {
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
