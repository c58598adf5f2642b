package dev.taper.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.cli.io.CliException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HumanTimeTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "100ms, PT0.1S",
    "15m, PT15M",
    "15min, PT15M",
    "1h30m, PT1H30M",
    "2d, PT48H",
    "1w, PT168H",
    "1H, PT1H"
  })
  void parseDuration_unit_isRead(String text, Duration expected) {
    assertThat(HumanTime.parseDuration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "1",
        "1x",
        "-1h",
        "+1h",
        "0s",
        "1.5h",
        "1 h",
        "9999999999999999999s",
        "9223372036854775807d",
        "1h-1m",
        "١h"
      })
  void parseDuration_notADuration_isUsage(String text) {
    assertThatThrownBy(() -> HumanTime.parseDuration(text))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("not a duration");
  }

  @Test
  void parseDate_offset_isConverted() {
    assertThat(HumanTime.parseDate("2030-01-01T02:00:00+02:00")).isEqualTo(NOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2030", "2030-13-01T00:00:00Z", "2030-01-01", "2030-01-01T00:00:00"})
  void parseDate_notADate_isUsage(String text) {
    assertThatThrownBy(() -> HumanTime.parseDate(text))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("not a date");
  }

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
