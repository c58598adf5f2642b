package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  private long readings;
  private long now;
  private final Stopwatch watch =
      new Stopwatch(
          Duration.ofNanos(100),
          () -> {
            readings++;
            return now;
          });

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** One by one or at once, all steps can be used, and not one more. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 1_023, 1_024, 1_025, 2_048, 2_049, 5_000})
  void charge_allSteps_fitAndNotOneMore(long max) {
    Budget one = new Budget(max, watch);
    for (long used = 0; used < max; used++) {
      assertThat(one.stepsUsed()).isEqualTo(used);
      one.charge(1);
    }
    Budget other = new Budget(max, watch);
    other.charge(max);
    for (Budget budget : new Budget[] {one, other}) {
      assertThat(budget.stepsUsed()).isEqualTo(max);
      budget.charge(0);
      assertCode(() -> budget.charge(1), ErrorCode.TOO_MUCH_WORK);
      assertThat(budget.stepsUsed()).isEqualTo(max);
      assertCode(() -> budget.charge(1), ErrorCode.TOO_MUCH_WORK);
    }
    assertCode(() -> new Budget(max, watch).charge(max + 1), ErrorCode.TOO_MUCH_WORK);
  }

  /** Reading the clock costs as much as ten steps; reading it too seldom overruns the limit. */
  @Test
  void charge_steps_clockIsReadOnceAPortion() {
    Budget budget = new Budget(1_000_000, watch);
    for (int i = 0; i < 1_024; i++) {
      budget.charge(1);
    }
    assertThat(readings).isZero();
    budget.charge(1);
    assertThat(readings).isEqualTo(1);
    for (int i = 0; i < 10 * 1_024; i++) {
      budget.charge(1);
    }
    assertThat(readings).isBetween(10L, 12L);
  }

  @Test
  void charge_timeIsUp_timesOutWithinAPortion() {
    Budget budget = new Budget(1_000_000, watch);
    watch.start();
    now = 100;
    assertCode(() -> budget.charge(1_025), ErrorCode.TIMEOUT);
    assertCode(budget::checkTime, ErrorCode.TIMEOUT);
  }
}
