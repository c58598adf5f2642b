package dev.taper.cli.output;

import dev.taper.operations.config.Times;
import java.time.Duration;
import java.time.Instant;

/** Times and durations in words. */
public final class HumanTime {
  private HumanTime() {}

  /**
   * A time from now in words, such as {@code in 59 minutes} or {@code 3 days ago}. Rounded to the
   * nearest unit: a token that was just given 7 days has 7 days, not 6. See {@link Times#words}.
   */
  public static String fromNow(Instant instant, Instant now) {
    Duration distance = Duration.between(now, instant);
    long seconds = distance.abs().plusMillis(500).toSeconds();
    if (seconds == 0) {
      return "now";
    }
    String amount = Times.words(distance);
    return distance.isNegative() ? amount + " ago" : "in " + amount;
  }

  /** A length of time in words, as {@link Times#words}. */
  public static String span(Duration duration) {
    return Times.words(duration);
  }
}
