package dev.taper.datalog.parser;

import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates in the form of RFC 3339, with all that it allows: {@code t} and {@code z} in lower
 * case, fractions of a second (which are cut off), offsets, and a leap second at the end of a month
 * in UTC (which counts as the second before it).
 */
final class Dates {
  /** A hint that shows what dates look like. */
  static final String LOOKS = "dates look like 2025-01-31T12:00:00Z";

  private static final int SECONDS_PER_DAY = 86_400;

  private final Cursor cursor;
  private final int start;

  private Dates(Cursor cursor) {
    this.cursor = cursor;
    this.start = cursor.position;
  }

  /** True if the text here can only be a date: year, month and day, then {@code T} and a digit. */
  static boolean at(Cursor cursor) {
    String shape = "0000-00-00T0";
    for (int i = 0; i < shape.length(); i++) {
      int c = cursor.peek(i);
      boolean fits =
          switch (shape.charAt(i)) {
            case '0' -> Characters.isDigit(c);
            case 'T' -> c == 'T' || c == 't';
            default -> c == '-';
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Reads a date, and returns seconds since 1970-01-01T00:00:00Z. */
  static long read(Cursor cursor) {
    return new Dates(cursor).read();
  }

  private long read() {
    int year = number("year", 4, 0, 9999);
    literal('-');
    int month = number("month", 2, 1, 12);
    literal('-');
    int day = number("day", 2, 1, YearMonth.of(year, month).lengthOfMonth());
    cursor.position++; // the T, which at() has seen
    int hour = number("hour", 2, 0, 23);
    literal(':');
    int minute = number("minute", 2, 0, 59);
    literal(':');
    int second = number("second", 2, 0, 60);
    fraction();
    int offset = offset();
    boolean leap = second == 60;
    long seconds =
        LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY
            + hour * 3600L
            + minute * 60L
            + (leap ? 59 : second)
            - offset;
    if (leap && !endsMonth(seconds)) {
      throw invalid("a leap second can only end the last day of a month in UTC");
    }
    if (seconds < 0) {
      throw invalid("it is before 1970");
    }
    if (!dev.taper.datalog.Dates.isWritable(seconds)) {
      throw invalid("it is after 9999");
    }
    return seconds;
  }

  private static boolean endsMonth(long seconds) {
    long next = seconds + 1;
    return Math.floorMod(next, (long) SECONDS_PER_DAY) == 0
        && LocalDate.ofEpochDay(Math.floorDiv(next, (long) SECONDS_PER_DAY)).getDayOfMonth() == 1;
  }

  private void fraction() {
    if (cursor.accept('.')) {
      if (!Characters.isDigit(cursor.peek())) {
        throw malformed(null);
      }
      while (Characters.isDigit(cursor.peek())) {
        cursor.position++;
      }
    }
  }

  private int offset() {
    if (cursor.accept('Z') || cursor.accept('z')) {
      return 0;
    }
    int sign = cursor.at('-') ? -1 : 1;
    if (!cursor.at('+') && !cursor.at('-')) {
      throw malformed("it lacks a time zone, such as `Z`");
    }
    cursor.position++;
    int hours = number("hour", 2, 0, 23);
    literal(':');
    return sign * (hours * 3600 + number("minute", 2, 0, 59) * 60);
  }

  private int number(String what, int digits, int min, int max) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int c = cursor.peek(i);
      if (!Characters.isDigit(c)) {
        throw malformed(null);
      }
      value = value * 10 + (c - '0');
    }
    if (value < min || value > max) {
      throw invalid("there is no " + what + " " + value);
    }
    cursor.position += digits;
    return value;
  }

  private void literal(char c) {
    if (!cursor.accept(c)) {
      throw malformed(null);
    }
  }

  private ParseException malformed(@Nullable String why) {
    return cursor.error(
        cursor.position, "the date is malformed" + (why == null ? "" : ": " + why), LOOKS);
  }

  private ParseException invalid(String why) {
    return cursor.error(start, "the date is invalid: " + why, null);
  }
}
