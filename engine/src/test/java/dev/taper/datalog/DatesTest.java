package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends are cut, beginnings rounded up: neither grants a moment more than was asked for. */
class DatesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static void assertOutOfRange(ThrowingCallable call) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .withMessageContaining("in the years 1970 to 9999: ");
  }

  @Test
  void isWritable_seconds_haveNoSign() {
    assertThat(Dates.isWritable(0)).isTrue();
    assertThat(Dates.isWritable(253_402_300_799L)).isTrue();
    assertThat(Dates.isWritable(253_402_300_800L)).isFalse();
    assertThat(Dates.isWritable(-1)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z,           1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00.9Z,         1970-01-01T00:00:00Z, 1970-01-01T00:00:01Z",
    "2026-01-01T12:00:00.000000001Z, 2026-01-01T12:00:00Z, 2026-01-01T12:00:01Z",
    "9999-12-31T23:59:58.5Z,         9999-12-31T23:59:58Z, 9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59Z,           9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
  })
  void endAndBeginning_instant_areWholeSecondsWithinIt(Instant at, Instant end, Instant beginning) {
    assertThat(Dates.end(at)).isEqualTo(end);
    assertThat(Dates.beginning(at)).isEqualTo(beginning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1969-12-31T23:59:59Z",
        "1969-12-31T23:59:58.9Z",
        "+10000-01-01T00:00:00Z",
        "-1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z"
      })
  void endAndBeginning_otherYears_areRefused(Instant at) {
    assertOutOfRange(() -> Dates.end(at));
    assertOutOfRange(() -> Dates.beginning(at));
  }

  /** The last second has begun and 1970 has not, so only one of the two can be written. */
  @Test
  void endAndBeginning_withinTheOutermostSeconds_oneIsRefused() {
    Instant late = Dates.LAST.plusNanos(1);
    assertThat(Dates.end(late)).isEqualTo(Dates.LAST);
    assertOutOfRange(() -> Dates.beginning(late));
    assertThat(Dates.beginning(Instant.EPOCH.minusNanos(1))).isEqualTo(Instant.EPOCH);
    assertOutOfRange(() -> Dates.end(Instant.EPOCH.minusNanos(1)));
  }

  @Test
  void end_lifetime_isCutAndNeverOverflows() {
    assertThat(Dates.end(NOON, Duration.ofMillis(1_999))).isEqualTo(NOON.plusSeconds(1));
    assertOutOfRange(() -> Dates.end(NOON, Duration.ofDays(3_000_000)));
    assertOutOfRange(() -> Dates.end(NOON, Duration.ofSeconds(Long.MAX_VALUE)));
    assertOutOfRange(() -> Dates.end(Instant.MAX, Duration.ofSeconds(1)));
  }
}
