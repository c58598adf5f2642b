package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
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
    assertThat(Times.parseDuration(text)).isEqualTo(expected);
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
    assertThatThrownBy(() -> Times.parseDuration(text))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("not a duration");
  }

  @Test
  void parseDate_offset_isConverted() {
    assertThat(Times.parseDate("2030-01-01T02:00:00+02:00")).isEqualTo(NOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2030", "2030-13-01T00:00:00Z", "2030-01-01", "2030-01-01T00:00:00"})
  void parseDate_notADate_isUsage(String text) {
    assertThatThrownBy(() -> Times.parseDate(text))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("not a date");
  }

  @Test
  void at_anyTimeOfTheseYears_isTheClock() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    assertThat(Times.at(clock, "now")).isSameAs(clock);
    assertThat(Times.at(clock, "+1h").instant()).isEqualTo("2030-01-01T01:00:00Z");
    assertThat(Times.at(clock, "1970-01-01T00:00:00Z").instant()).isEqualTo(Instant.EPOCH);
    assertThat(Times.at(clock, "9999-12-31T23:59:59.5Z").instant())
        .isEqualTo("9999-12-31T23:59:59.5Z");
  }

  /** No milliseconds count what is further away. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-999999999-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-01:00",
        "+520000w"
      })
  void at_otherYears_isUsage(String text) {
    assertThatThrownBy(() -> Times.at(Clock.fixed(NOW, ZoneOffset.UTC), text))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("a date is in the years 1970 to 9999");
  }
}
