package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T12:00:00Z"));
  private final AtomicLong ticks = new AtomicLong(-7);
  private final ClockWatch watch = new ClockWatch(clock, ticks::get);

  private void pass(Duration byTheMachine, Duration byTheClock) {
    ticks.addAndGet(byTheMachine.toNanos());
    clock.forward(byTheClock);
  }

  @Test
  void look_clockIsKeptRight_saysNothing() {
    pass(Duration.ofHours(1), Duration.ofHours(1));
    assertThat(watch.look()).isNull();
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(10), Duration.ofSeconds(14));
      assertThat(watch.look()).isNull();
    }
  }

  @Test
  void look_clockJumps_namesWhatItShowsAndWhatWasDueOnce() {
    pass(Duration.ofSeconds(2), Duration.ofSeconds(2).plusDays(1));
    assertThat(watch.look())
        .startsWith(
            "the clock jumped ahead by 86400 s: it shows 2030-01-02T12:00:02Z, and"
                + " 2030-01-01T12:00:02Z was due; ");
    assertThat(watch.look()).isNull();

    pass(Duration.ofSeconds(2), Duration.ofSeconds(2).minusDays(1));
    assertThat(watch.look())
        .startsWith(
            "the clock jumped back by 86400 s: it shows 2030-01-01T12:00:04Z, and"
                + " 2030-01-02T12:00:04Z was due; ");
  }

  @Test
  void look_jumpOfTheLeastThatCounts_isSaid() {
    pass(Duration.ZERO, ClockWatch.LEAST.minusMillis(1));
    assertThat(watch.look()).isNull();
    pass(Duration.ZERO, ClockWatch.LEAST);
    assertThat(watch.look()).startsWith("the clock jumped ahead by 5 s");
  }
}
