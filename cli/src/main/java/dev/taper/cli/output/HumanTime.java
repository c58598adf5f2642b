package dev.taper.cli.output;

import java.time.Duration;
import java.time.Instant;

/** Times and durations in words. */
public final class HumanTime {
  private HumanTime() {}

  /**
   * A time from now in words, such as {@code in 59 minutes} or {@code 3 days ago}. Rounded to the
   * nearest unit: a token that was just given 7 days has 7 days, not 6.
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
}
