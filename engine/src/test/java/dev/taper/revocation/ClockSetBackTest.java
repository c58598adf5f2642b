package dev.taper.revocation;

import static dev.taper.revocation.Lists.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A clock that is set back makes no list younger. */
class ClockSetBackTest {
  private final Lists lists = new Lists();
  private final AtomicLong ticks = new AtomicLong(5);
  private final RevocationList list = lists.list().ticks(ticks::get).build();

  @Test
  void check_clockBeforeTheIssue_isStaleBeyondTheSkew() {
    list.apply(lists.snapshot(1, task("T-1")));
    set(Duration.ofMinutes(-1));
    assertThat(lists.check(list, "T-2").clear()).isTrue();

    set(Duration.ofMillis(-1));

    assertThat(lists.check(list, "T-2").status()).isEqualTo(RevocationStatus.STALE);
    assertThat(lists.revoked(list, "T-1")).isTrue();
    set(Duration.ofDays(-30));
    assertThat(lists.check(list, "T-2").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void health_clockSetBack_saysByHowMuch() {
    list.apply(lists.snapshot(1));
    assertThat(lists.check(list, "T-1").clear()).isTrue();
    assertThat(list.health().setBack()).isZero();

    set(Duration.ofMinutes(-5));

    assertThat(list.health().setBack()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void check_clockSetBackAfterTheListWasStale_staysStale() {
    list.apply(lists.snapshot(1));
    set(Lists.DUE.plusSeconds(1));
    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);

    set(Lists.DUE.negated());

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void check_clockSetBackAgainAndAgain_theListAgesAllTheSame() {
    list.apply(lists.snapshot(1));
    for (int minute = 0; minute < 10; minute++) {
      assertThat(lists.check(list, "T-1").clear()).as("minute %d", minute).isTrue();
      pass(Duration.ofMinutes(1));
      set(Duration.ofMinutes(-1));
    }
    pass(Duration.ofSeconds(61)); // how far the ticks may differ

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void check_clockThatHardlyGetsOn_theListAgesAllTheSame() {
    list.apply(lists.snapshot(1));
    for (long passed = 0; passed <= Lists.DUE.plusSeconds(60).toSeconds(); passed += 30) {
      assertThat(lists.check(list, "T-1").clear()).as("after %d s", passed).isTrue();
      pass(Duration.ofSeconds(30));
      set(Duration.ofSeconds(-29));
    }
    pass(Duration.ofSeconds(1));

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void check_clockThatStandsStill_theListAgesAllTheSame() {
    list.apply(lists.snapshot(1));
    assertThat(lists.check(list, "T-1").clear()).isTrue();

    ticks.addAndGet(Lists.DUE.plusSeconds(61).toNanos());

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void check_clockBehindTheTicksAndSetBackAfterTheListWasStale_staysStale() {
    list.apply(lists.snapshot(1));
    assertThat(lists.check(list, "T-1").clear()).isTrue();
    pass(Lists.DUE.plusSeconds(1));
    ticks.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);

    set(Duration.ofMinutes(-1));

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  /** Who lets the clock go on just as far as whole seconds have passed wins no part of any. */
  @Test
  void check_clockThatGoesHalfAsFast_theListAgesAllTheSame() {
    list.apply(lists.snapshot(1));
    Duration step = Duration.ofMillis(1_990);
    for (Duration passed = Duration.ZERO;
        passed.compareTo(Lists.DUE.plusSeconds(61)) < 0;
        passed = passed.plus(step)) {
      assertThat(lists.check(list, "T-1").clear()).as("after %s", passed).isTrue();
      ticks.addAndGet(step.toNanos());
      set(Duration.ofSeconds(1));
    }

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  /** Looking at a clock that does not get on must not make it as if no time had passed. */
  @Test
  void check_clockThatStandsStillAndIsLookedAtAllTheTime_theListAgesAllTheSame() {
    list.apply(lists.snapshot(1));
    Duration half = Duration.ofMillis(500);
    for (Duration passed = Duration.ZERO;
        passed.compareTo(Lists.DUE.plusSeconds(61)) < 0;
        passed = passed.plus(half)) {
      assertThat(lists.check(list, "T-1").clear()).as("after %s", passed).isTrue();
      ticks.addAndGet(half.toNanos());
    }

    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
  }

  @Test
  void check_newListOfTheRightTime_isCleanAgain() {
    list.apply(lists.snapshot(1));
    pass(Lists.DUE.plusSeconds(1));
    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);
    set(Duration.ofMinutes(-5));
    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.STALE);

    list.apply(lists.delta(1, 2));

    assertThat(lists.check(list, "T-1").clear()).isTrue();
  }

  @Test
  void check_entryPastItsEndAndAClockSetBack_countsAgain() {
    list.apply(lists.snapshot(1, task("T-1", Lists.NOON.plusSeconds(30))));
    pass(Duration.ofSeconds(31));
    assertThat(lists.revoked(list, "T-1")).isFalse();

    set(Duration.ofSeconds(-20));

    assertThat(lists.revoked(list, "T-1")).isTrue();
  }

  /** Time goes on: the clock and the ticks. */
  private void pass(Duration duration) {
    lists.clock.forward(duration);
    ticks.addAndGet(duration.toNanos());
  }

  /** Somebody sets the clock. */
  private void set(Duration difference) {
    lists.clock.forward(difference);
  }
}
