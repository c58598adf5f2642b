package dev.taper.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTimeTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, now",
    "PT-0.4S, now",
    "PT1S, in 1 second",
    "PT119S, in 1 minute 59 seconds",
    "PT119.6S, in 2 minutes",
    "PT1M, in 1 minute",
    "PT59M29S, in 59 minutes",
    "PT59M59.1S, in 1 hour",
    "P6DT23H59M59S, in 7 days",
    "PT47H, in 1 day 23 hours",
    "PT1H, in 1 hour",
    "PT1H59M40S, in 2 hours",
    "PT2H29M, in 2 hours",
    "P1D, in 1 day",
    "P366D, in 1 year",
    "P3D, in 3 days",
    "P800D, in 2 years",
    "PT-1S, 1 second ago",
    "PT-89M-40S, 1 hour 30 minutes ago",
    "P-3D, 3 days ago"
  })
  void fromNow_distance_isInWords(Duration distance, String expected) {
    assertThat(HumanTime.fromNow(NOW.plus(distance), NOW)).isEqualTo(expected);
  }
}
