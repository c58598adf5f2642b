package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.Budgets.Charged;
import dev.taper.agent.memory.Budgets.Exhausted;
import dev.taper.testing.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of budgets must do. */
public abstract class BudgetsContract {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final int THREADS = 8;

  /** A capacity that no test uses up. */
  protected static final int MUCH = 1 << 16;

  private final AtomicLong names = new AtomicLong();
  private @Nullable Budgets budgets;

  /** A store that is empty, at least the first time in a test. */
  protected abstract Budgets open(int capacity);

  /** The store of a test that does not open its own. */
  private Budgets budgets() {
    Budgets known = budgets;
    if (known == null) {
      known = open(MUCH);
      budgets = known;
    }
    return known;
  }

  /** How many calls each thread makes. */
  protected int callsOfThread() {
    Integer attempts = ContractClaims.attempts();
    return attempts == null ? 20_000 : attempts / THREADS;
  }

  /** A charge of a counter of its own. */
  private Budgets.Charge charge(long amount, long limit, @Nullable Duration window) {
    return new Budgets.Charge(
        String.format("%064x", System.nanoTime() ^ names.incrementAndGet()), amount, limit, window);
  }

  private static Budgets.Charge of(Budgets.Charge counter, long amount) {
    return new Budgets.Charge(counter.counter(), amount, counter.limit(), counter.window());
  }

  @Test
  public void charge_upToTheLimit_isTakenAndNoMore() {
    Budgets.Charge one = charge(40, 100, null);

    assertCharged(one, NOON);
    assertCharged(one, NOON.plusSeconds(1));
    assertExhausted(new Exhausted(0, 20), NOON, one);
    assertCharged(of(one, 20), NOON);
    assertExhausted(new Exhausted(0, 0), NOON, of(one, 1));
    assertCharged(of(one, 0), NOON);
  }

  @Test
  public void charge_limitOfNothing_refusesAllButNothing() {
    assertExhausted(new Exhausted(0, 0), NOON, charge(1, 0, null));
    assertCharged(charge(0, 0, null), NOON);
  }

  @Test
  public void charge_amountsAtTheEndOf64Bits_doNotOverflow() {
    Budgets.Charge one = charge(Long.MAX_VALUE, Long.MAX_VALUE, null);

    assertCharged(one, NOON);
    assertExhausted(new Exhausted(0, 0), NOON, one);
  }

  @Test
  public void charge_oneOfSeveralHasTooLittle_noneIsTaken() {
    Budgets.Charge ample = charge(1, 10, null);
    Budgets.Charge scarce = charge(1, 0, null);

    assertExhausted(new Exhausted(1, 0), NOON, ample, scarce);

    assertCharged(of(ample, 10), NOON);
  }

  @Test
  public void charge_smallerLimitOfTheSameCounter_counts() {
    Budgets.Charge wide = charge(5, 10, null);
    Budgets.Charge narrow = new Budgets.Charge(wide.counter(), 1, 5, null);

    assertCharged(wide, NOON);

    assertExhausted(new Exhausted(0, 0), NOON, narrow);
  }

  @Test
  public void charge_window_countsUntilItHasPassed() {
    Budgets.Charge one = charge(1, 2, Duration.ofHours(1));

    assertCharged(one, NOON);
    assertCharged(one, NOON.plusSeconds(1800));
    assertExhausted(new Exhausted(0, 0), NOON.plusSeconds(3599), one);
    // A charge may count one part, a sixtieth of the window, longer.
    assertCharged(one, NOON.plusSeconds(3600 + 60));
    assertExhausted(new Exhausted(0, 0), NOON.plusSeconds(3600 + 61), one);
    assertCharged(one, NOON.plusSeconds(1800 + 3600 + 60));
  }

  @Test
  public void charge_everyWindow_holdsNoMoreThanTheLimit() {
    Budgets.Charge one = charge(1, 7, Duration.ofSeconds(90));
    List<Instant> taken = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Instant now = NOON.plusMillis(i * 317L);
      if (budgets().charge(List.of(one), SHARE, now) instanceof Charged) {
        taken.add(now);
      }
    }
    for (Instant start : taken) {
      Instant end = start.plusSeconds(90);
      assertThat(taken.stream().filter(t -> !t.isBefore(start) && t.isBefore(end)).count())
          .isLessThanOrEqualTo(7);
    }
    assertThat(taken.size()).isGreaterThanOrEqualTo(7 * (2000 * 317 / 1000 / 92 - 1));
  }

  @Test
  public void charge_clockSetBack_givesNothingNew() {
    Budgets.Charge one = charge(1, 1, Duration.ofSeconds(60));

    assertCharged(one, NOON);

    assertExhausted(new Exhausted(0, 0), NOON.minusSeconds(3600), one);
    assertCharged(one, NOON.plusSeconds(62));
    assertExhausted(new Exhausted(0, 0), NOON, one);
  }

  @Test
  public void giveBack_charged_isThereAgain() {
    Budgets.Charge one = charge(10, 10, null);
    Budgets.Charge windowed = charge(10, 10, Duration.ofMinutes(1));

    Charged charged = (Charged) budgets().charge(List.of(one, windowed), SHARE, NOON);
    budgets().giveBack(charged);

    assertCharged(one, NOON);
    assertCharged(windowed, NOON);
  }

  @Test
  public void giveBack_afterItsWindow_givesNothingNew() {
    Budgets.Charge one = charge(10, 10, Duration.ofMinutes(1));
    Charged old = (Charged) budgets().charge(List.of(one), SHARE, NOON);
    Instant later = NOON.plusSeconds(100);
    assertCharged(one, later);

    budgets().giveBack(old);

    assertExhausted(new Exhausted(0, 0), later, of(one, 1));
  }

  @Test
  public void look_anything_chargesNothing() {
    Budgets.Charge one = charge(10, 10, null);

    assertThat(budgets().look(List.of(one), NOON)).isNull();
    assertThat(budgets().look(List.of(of(one, 11)), NOON)).isEqualTo(new Exhausted(0, 10));

    assertCharged(one, NOON);
    assertThat(budgets().look(List.of(of(one, 1)), NOON)).isEqualTo(new Exhausted(0, 0));
  }

  @Test
  public void look_clockSetBackAfterwards_revivesNothing() {
    Budgets.Charge one = charge(1, 1, Duration.ofMinutes(1));
    assertCharged(one, NOON);
    assertThat(budgets().look(List.of(one), NOON.plusSeconds(3600))).isNull();

    assertExhausted(new Exhausted(0, 0), NOON, one);
  }

  @Test
  public void charge_noRoomForAnotherCounter_refusesAndCountsOn() {
    Budgets small = open(2);
    Budgets.Charge first = charge(1, 2, null);
    small.charge(List.of(first), SHARE, NOON);

    Refused.with(
        ErrorCode.BUDGETS_FULL,
        () -> small.charge(List.of(charge(1, 1, null), charge(1, 1, null)), SHARE, NOON));

    assertThat(small.charge(List.of(first), SHARE, NOON)).isInstanceOf(Charged.class);
    assertThat(small.look(List.of(first), NOON)).isEqualTo(new Exhausted(0, 0));
  }

  @Test
  public void charge_oneDelegatorHasItsPart_leavesRoomForTheNext() {
    Budgets small = open(12);
    for (int i = 0; i < 10; i++) {
      small.charge(List.of(charge(1, 1, null)), SHARE, NOON);
    }

    Refused.with(
        ErrorCode.BUDGETS_FULL, () -> small.charge(List.of(charge(1, 1, null)), SHARE, NOON));
    MemoryShare other = MemoryShare.of("user:bob", new byte[] {2});
    assertThat(small.charge(List.of(charge(1, 1, null)), other, NOON)).isInstanceOf(Charged.class);
  }

  @Test
  public void charge_noRoomButForWhatHasPassed_dropsThat() {
    Budgets small = open(4);
    Budgets.Charge hourly = charge(1, 1, Duration.ofHours(1));
    Budgets.Charge forEver = charge(1, 1, null);
    small.charge(List.of(hourly, forEver, charge(1, 1, null)), SHARE, NOON);
    Budgets.Charge more = charge(1, 1, null);
    Refused.with(ErrorCode.BUDGETS_FULL, () -> small.charge(List.of(more), SHARE, NOON));

    Instant later = NOON.plus(Duration.ofDays(3));
    assertThat(small.charge(List.of(more), SHARE, later)).isInstanceOf(Charged.class);

    assertThat(small.look(List.of(forEver), later)).isEqualTo(new Exhausted(0, 0));
    Refused.with(ErrorCode.BUDGETS_FULL, () -> small.charge(List.of(hourly), SHARE, later));
  }

  /** Also of a counter that was dropped meanwhile: the next one begins no earlier than it ended. */
  @Test
  public void charge_clockSetBackAfterItWasDropped_givesNothingNew() {
    Budgets small = open(4);
    Budgets.Charge hourly = charge(1, 1, Duration.ofHours(1));
    small.charge(List.of(hourly, charge(1, 1, null), charge(1, 1, null)), SHARE, NOON);
    Instant later = NOON.plus(Duration.ofDays(3));
    small.charge(List.of(charge(1, 1, null)), SHARE, later);

    MemoryShare other = MemoryShare.of("user:bob", new byte[] {2});
    small.charge(List.of(hourly), other, NOON);

    assertThat(small.look(List.of(hourly), NOON.plus(Duration.ofHours(2))))
        .isEqualTo(new Exhausted(0, 0));
  }

  @Test
  public void open_roomForNothing_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> open(0));
  }

  @Test
  public void charge_manyThreadsWithCommonCounters_neverExceedsAndCountsAll() throws Exception {
    Budgets shared = budgets();
    Budgets.Charge all = charge(1, callsOfThread() * 3L, null);
    Budgets.Charge some = charge(3, callsOfThread() * 5L, null);
    AtomicLong taken = new AtomicLong();
    AtomicLong takenOfSome = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        Callable<Void> work =
            () -> {
              for (int i = 0; i < callsOfThread(); i++) {
                boolean both = (i + thread) % 2 == 0;
                // In either order: a store must not lock itself up.
                List<Budgets.Charge> charges =
                    !both ? List.of(all) : i % 4 < 2 ? List.of(all, some) : List.of(some, all);
                Budgets.Answer answer = shared.charge(charges, SHARE, NOON);
                if (answer instanceof Charged charged) {
                  if (i % 5 == 0) {
                    shared.giveBack(charged);
                  } else {
                    taken.incrementAndGet();
                    takenOfSome.addAndGet(both ? 3 : 0);
                  }
                }
              }
              return null;
            };
        done.add(pool.submit(work));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(taken.get()).isLessThanOrEqualTo(all.limit());
    assertThat(takenOfSome.get()).isLessThanOrEqualTo(some.limit());
    assertThat(budgets().look(List.of(of(all, all.limit() - taken.get())), NOON)).isNull();
    assertThat(budgets().look(List.of(of(all, all.limit() - taken.get() + 1)), NOON))
        .isEqualTo(new Exhausted(0, all.limit() - taken.get()));
    assertThat(budgets().look(List.of(of(some, some.limit() - takenOfSome.get() + 1)), NOON))
        .isEqualTo(new Exhausted(0, some.limit() - takenOfSome.get()));
  }

  private void assertCharged(Budgets.Charge charge, Instant now) {
    assertThat(budgets().charge(List.of(charge), SHARE, now)).isInstanceOf(Charged.class);
  }

  private void assertExhausted(Exhausted expected, Instant now, Budgets.Charge... charges) {
    assertThat(budgets().charge(List.of(charges), SHARE, now)).isEqualTo(expected);
  }
}
