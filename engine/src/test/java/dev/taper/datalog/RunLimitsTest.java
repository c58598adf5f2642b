package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RunLimitsTest {
  private static final RunLimits DEFAULTS = RunLimits.defaults();

  private static void assertRefused(ThrowingCallable call) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void defaults_areTheDocumentedOnes() {
    assertThat(DEFAULTS).isEqualTo(new RunLimits(1_000, 100, 1_000_000, RunLimits.NO_TIME_LIMIT));
  }

  @Test
  void with_oneLimit_keepsTheOthers() {
    Duration nano = Duration.ofNanos(1);
    assertThat(DEFAULTS.withMaxFacts(1))
        .isEqualTo(new RunLimits(1, 100, 1_000_000, RunLimits.NO_TIME_LIMIT));
    assertThat(DEFAULTS.withMaxIterations(1))
        .isEqualTo(new RunLimits(1_000, 1, 1_000_000, RunLimits.NO_TIME_LIMIT));
    assertThat(DEFAULTS.withMaxSteps(1))
        .isEqualTo(new RunLimits(1_000, 100, 1, RunLimits.NO_TIME_LIMIT));
    assertThat(DEFAULTS.withMaxTime(nano)).isEqualTo(new RunLimits(1_000, 100, 1_000_000, nano));
  }

  @Test
  void with_notPositive_isRefused() {
    for (int none : new int[] {0, -1}) {
      assertRefused(() -> DEFAULTS.withMaxFacts(none));
      assertRefused(() -> DEFAULTS.withMaxIterations(none));
      assertRefused(() -> DEFAULTS.withMaxSteps(none));
      assertRefused(() -> DEFAULTS.withMaxTime(seconds(none)));
    }
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
