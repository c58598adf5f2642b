package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private long now = 5;
  private final Stopwatch watch = new Stopwatch(Duration.ofNanos(100), () -> now);

  private static void assertTimeout(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
  }

  @Test
  void check_timeOfSeveralStretches_isAddedUp() {
    watch.start();
    now += 40;
    watch.stop();
    now += 1_000; // nobody evaluates
    watch.start();
    now += 59;
    watch.check();
    now++;
    assertTimeout(watch::check);
    assertThat(watch.spentNanos()).isEqualTo(40);
    assertTimeout(watch::stop);
    assertThat(watch.spentNanos()).isEqualTo(100);
  }

  @Test
  void pause_timeIsUp_doesNotFail() {
    watch.start();
    now += 100;
    watch.pause();
    assertThat(watch.spentNanos()).isEqualTo(100);
    assertTimeout(watch::check);
  }

  @Test
  void check_clockGoesBack_givesNoTimeBack() {
    watch.start();
    now += 99;
    watch.pause();
    watch.start();
    now -= 50;
    watch.check();
    watch.stop();
    assertThat(watch.spentNanos()).isEqualTo(99);
  }

  /** However much time a snapshot says was spent, it is not taken for none. */
  @Test
  void check_moreSpentThanCanBeCounted_timesOut() {
    watch.spend(Duration.ofSeconds(Long.MAX_VALUE));
    watch.spend(Duration.ofNanos(7));
    watch.start();
    now += 10;
    assertTimeout(watch::check);
    assertTimeout(watch::stop);
    assertTimeout(watch::stop);
    assertThat(watch.spentNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void check_timeIsUp_saysHowLongItMayTake() {
    Stopwatch slow = new Stopwatch(Duration.ofMillis(7), () -> now);
    slow.start();
    now += 7_000_000;
    assertThatThrownBy(slow::check).hasMessage("evaluation took longer than 7 ms");
  }

  @Test
  void nanos_anyTime_isAtMostTheGreatestLong() {
    assertThat(Stopwatch.nanos(Duration.ofSeconds(2))).isEqualTo(2_000_000_000);
    assertThat(Stopwatch.nanos(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThat(Stopwatch.nanos(Duration.ofDays(1_000_000))).isEqualTo(Long.MAX_VALUE);
  }
}
