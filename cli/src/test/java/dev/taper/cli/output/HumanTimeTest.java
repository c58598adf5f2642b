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
    "PT119S, in 119 seconds",
    "PT59M29S, in 59 minutes",
    "PT59M59.1S, in 60 minutes",
    "P6DT23H59M59S, in 7 days",
    "PT47H, in 47 hours",
    "P3D, in 3 days",
    "P800D, in 2 years",
    "PT-1S, 1 second ago",
    "PT-89M-40S, 90 minutes ago",
    "P-3D, 3 days ago"
  })
  void fromNow_distance_isInWords(Duration distance, String expected) {
    assertThat(HumanTime.fromNow(NOW.plus(distance), NOW)).isEqualTo(expected);
  }
}
