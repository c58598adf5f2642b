package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.agent.memory.Budgets.Charged;
import dev.taper.agent.memory.Budgets.Exhausted;
import dev.taper.testing.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeasedBudgetsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int PARTS = 10;

  private final Asked shared = new Asked();
  private final Budgets.Leased leased = leasing();

  /** A shared store that tells what it was asked. */
  private static class Asked implements Budgets {
    final Budgets budgets = Budgets.forThisProcessOnly();
    final List<Long> amounts = new ArrayList<>(); // guarded by this
    final AtomicInteger now = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger givenBack = new AtomicInteger();
    volatile boolean isAway;

    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant time) {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      try {
        if (isAway) {
          throw new TaperException(ErrorCode.BUDGET_UNAVAILABLE, "away");
        }
        synchronized (this) {
          charges.forEach(charge -> amounts.add(charge.amount()));
        }
        return budgets.charge(charges, share, time);
      } finally {
        now.decrementAndGet();
      }
    }

    @Override
    public void giveBack(Charged charged) {
      if (isAway) {
        throw new TaperException(ErrorCode.BUDGET_UNAVAILABLE, "away");
      }
      givenBack.incrementAndGet();
      budgets.giveBack(charged);
    }

    @Override
    public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant time) {
      return budgets.look(charges, time);
    }

    @Override
    public @Nullable Fill fill() {
      return budgets.fill();
    }
  }

  /** A shared store that answers late. */
  private static final class Hung extends Asked {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean hangs;

    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant time) {
      if (hangs) {
        asked.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return super.charge(charges, share, time);
    }

    /** Does work while a call waits for the answer, and tells whether that call is charged. */
    boolean whileAsked(Budgets.Leased leased, List<Budgets.Charge> charges, Runnable work)
        throws Exception {
      hangs = true;
      ExecutorService pool = Executors.newSingleThreadExecutor();
      try {
        Future<Boolean> first =
            pool.submit(() -> leased.charge(charges, SHARE, NOON) instanceof Charged);
        asked.await();
        work.run();
        goOn.countDown();
        return first.get();
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private Budgets.Leased leasing() {
    return leasing(shared);
  }

  private static Budgets.Leased leasing(Budgets shared) {
    return Budgets.leasing(shared, PARTS, MINUTE);
  }

  private static Budgets.Charge charge(int counter, long amount, long limit) {
    return new Budgets.Charge(String.format("%064x", counter), amount, limit, null);
  }

  private static boolean isCharged(Budgets budgets, Budgets.Charge... charges) {
    return isCharged(budgets, NOON, charges);
  }

  private static boolean isCharged(Budgets budgets, Instant now, Budgets.Charge... charges) {
    return budgets.charge(List.of(charges), SHARE, now) instanceof Charged;
  }

  private static long left(Budgets budgets, Budgets.Charge of) {
    Budgets.Charge more = new Budgets.Charge(of.counter(), of.limit() + 1, of.limit(), of.window());
    Exhausted left = budgets.look(List.of(more), NOON);
    return left == null ? of.limit() : left.left();
  }

  private Budgets.Charge withLease(int counter) {
    return withLease(counter, leased, shared);
  }

  /** Charges until a lease is taken, of which one is used. */
  private static Budgets.Charge withLease(int counter, Budgets leased, Budgets shared) {
    Budgets.Charge one = charge(counter, 1, 100);
    for (int i = 0; i <= 10; i++) {
      assertThat(isCharged(leased, one)).isTrue();
    }
    assertThat(left(shared, one)).isEqualTo(100 - 20);
    assertThat(left(leased, one)).isEqualTo(100 - 11);
    return one;
  }

  @Test
  void charge_often_asksTheStoreOnceForALease() {
    withLease(1);
    for (int i = 0; i < 9 + 20; i++) {
      assertThat(isCharged(leased, charge(1, 1, 100))).isTrue();
    }

    assertThat(shared.amounts).hasSize(10 + 3).startsWith(1L, 1L).endsWith(10L, 10L, 10L);
  }

  @Test
  void charge_seldom_takesNoLease() {
    for (int i = 0; i < 30; i++) {
      assertThat(isCharged(leased, NOON.plusSeconds(i * 10L), charge(1, 1, 100))).isTrue();
    }

    assertThat(shared.amounts).hasSize(30).containsOnly(1L);
  }

  @Test
  void charge_toTheEnd_usesUpExactlyTheLimit() {
    int taken = 0;
    while (isCharged(leased, charge(1, 1, 105))) {
      taken++;
    }

    assertThat(taken).isEqualTo(105);
    assertThat(left(shared, charge(1, 1, 105))).isZero();
    assertThat(shared.amounts).hasSizeLessThan(50);
  }

  @Test
  void charge_moreThanIsLeftOfALease_takesBoth() {
    Budgets.Charge one = withLease(1);

    assertThat(isCharged(leased, charge(1, 89, 100))).isTrue();

    assertThat(left(shared, one)).isZero();
    assertThat(leased.charge(List.of(one), SHARE, NOON)).isEqualTo(new Exhausted(0, 0));
  }

  @Test
  void charge_tooMuch_leavesTheLeaseAndSaysWhatIsLeftOfBoth() {
    Budgets.Charge one = withLease(1);
    Budgets.Charge other = withLease(2);

    assertThat(leased.charge(List.of(other, charge(1, 90, 100)), SHARE, NOON))
        .isEqualTo(new Exhausted(1, 89));

    assertThat(left(leased, one)).isEqualTo(89);
    assertThat(left(leased, other)).isEqualTo(89);
  }

  @Test
  void charge_leaseHasEnded_countsAsSpent() {
    Budgets.Charge one = withLease(1);
    Instant end = NOON.plus(MINUTE);

    assertThat(isCharged(leased, end.minusMillis(1), one)).isTrue();
    assertThat(left(shared, one)).isEqualTo(80);
    assertThat(isCharged(leased, end, one)).isTrue();
    assertThat(left(shared, one)).isEqualTo(79);
    assertThat(isCharged(leased, NOON, one)).as("a clock that is set back").isTrue();
    assertThat(left(shared, one)).isEqualTo(78);
    leased.close();
    assertThat(left(shared, one)).isEqualTo(78);
  }

  @Test
  void charge_budgetWithAWindow_isAskedEachTime() {
    Budgets.Charge daily =
        new Budgets.Charge(String.format("%064x", 7), 1, 100, Duration.ofDays(1));
    Budgets.Charge one = withLease(1);
    shared.amounts.clear();
    for (int i = 0; i < 9; i++) {
      assertThat(isCharged(leased, one, daily)).isTrue();
    }

    assertThat(shared.amounts).hasSize(9);
    assertThat(left(shared, daily)).isEqualTo(91);
    assertThat(left(leased, one)).isEqualTo(80);
  }

  @Test
  void charge_smallerLimitOfTheSameCounter_isAskedAtTheStore() {
    withLease(1);
    assertThat(isCharged(leased, charge(1, 1, 20))).as("leases count as spent").isFalse();
    assertThat(isCharged(leased, charge(1, 1, 21))).isTrue();
    assertThat(isCharged(leased, charge(1, 9, 200))).isTrue();
    assertThat(left(shared, charge(1, 1, 100))).isEqualTo(79);
  }

  @Test
  void charge_storeIsAway_goesOnWithTheLeaseAndThenRefuses() {
    Budgets.Charge one = withLease(1);
    shared.isAway = true;
    for (int i = 0; i < 7; i++) {
      assertThat(isCharged(leased, one)).isTrue();
    }
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE, () -> leased.charge(List.of(charge(1, 3, 100)), SHARE, NOON));
    assertThat(left(leased, one)).isEqualTo(82);
    for (int i = 0; i < 2; i++) {
      assertThat(isCharged(leased, one)).isTrue();
    }
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> leased.charge(List.of(one), SHARE, NOON));

    shared.isAway = false;
    assertThat(isCharged(leased, one)).isTrue();
    assertThat(left(leased, one)).isEqualTo(79);
  }

  @Test
  void giveBack_whatALeaseGave_isThereAgain() {
    Budgets.Charge one = withLease(1);
    Charged local = (Charged) leased.charge(List.of(one), SHARE, NOON);
    Charged both = (Charged) leased.charge(List.of(charge(1, 15, 100)), SHARE, NOON);
    assertThat(left(leased, one)).isEqualTo(100 - 27);

    leased.giveBack(local);
    leased.giveBack(both);

    assertThat(left(leased, one)).isEqualTo(89);
    leased.close();
    assertThat(left(shared, one)).isEqualTo(89);
  }

  @Test
  void close_givesBackWhatIsLeftOfLeases() {
    Budgets.Charge one = withLease(1);
    Budgets.Charge other = withLease(2);
    isCharged(leased, other);

    leased.close();
    leased.close();

    assertThat(left(shared, one)).isEqualTo(89);
    assertThat(left(shared, other)).isEqualTo(88);
    for (int i = 0; i < 30; i++) {
      assertThat(isCharged(leased, one)).isTrue();
    }
    assertThat(left(shared, one)).isEqualTo(59);
    assertThat(shared.givenBack).as("once for each lease").hasValue(2);
  }

  @Test
  void close_storeIsAway_countsAsSpent() {
    Budgets.Charge one = withLease(1);
    shared.isAway = true;

    leased.close();

    assertThat(left(shared, one)).isEqualTo(80);
  }

  /** What they leave in leases is not lost, and nobody spends more than there is. */
  @Test
  void charge_severalVerifiers_neverExceedTheLimit() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Budgets.Leased> verifiers = List.of(leasing(), leasing(), leasing());
    Budgets.Charge most = charge(1, 1, 1000);
    long taken = 0;
    for (int i = 0; i < 1500; i++) {
      Budgets.Leased one = verifiers.get(random.nextInt(3));
      Budgets.Charge charge = charge(1, random.nextInt(4), 1000);
      if (one.charge(List.of(charge), SHARE, NOON) instanceof Charged charged) {
        if (random.nextInt(5) == 0) {
          one.giveBack(charged);
        } else {
          taken += charge.amount();
        }
      }
      assertThat(taken).as("seed %s", seed).isLessThanOrEqualTo(1000);
    }
    verifiers.forEach(Budgets.Leased::close);

    assertThat(left(shared, most)).as("seed %s", seed).isEqualTo(1000 - taken);
  }

  /** Or some are refused for what another takes with a lease at that moment. */
  @Test
  void charge_manyThreads_askOneAtATimeAndUseUpAll() throws Exception {
    Budgets.Charge one = charge(1, 1, 4_000);
    AtomicInteger taken = new AtomicInteger();
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        work.add(
            () -> {
              while (isCharged(leased, one)) {
                taken.incrementAndGet();
              }
              return true;
            });
      }
      for (Future<Boolean> done : pool.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(taken).hasValue(4_000);
    assertThat(shared.most).hasValue(1);
  }

  @Test
  void charge_anotherCallAsksTheStoreForever_waitsUntilTheDeadline() throws Exception {
    Hung hung = new Hung();
    Budgets.Leased waiting = leasing(hung);
    List<Budgets.Charge> one = List.of(charge(1, 1, 10));
    Deadline deadline = Deadline.in(Duration.ofMillis(1));

    boolean isCharged =
        hung.whileAsked(
            waiting,
            one,
            () ->
                Refused.with(
                    ErrorCode.BUDGET_UNAVAILABLE,
                    () -> deadline.during(() -> waiting.charge(one, SHARE, NOON))));

    assertThat(isCharged).isTrue();
    assertThat(left(hung, one.get(0))).isEqualTo(9);
  }

  @Test
  void charge_whileAnotherCallAsks_goesOnWithItsAnswer() throws Exception {
    Hung hung = new Hung();
    Budgets.Leased waiting = leasing(hung);
    Budgets.Charge one = charge(1, 1, 10);
    FutureTask<Boolean> second = new FutureTask<>(() -> isCharged(waiting, one));
    Thread thread = new Thread(second);
    thread.setDaemon(true);

    boolean isCharged =
        hung.whileAsked(
            waiting,
            List.of(one),
            () -> {
              thread.start();
              while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
                Thread.onSpinWait();
              }
            });

    assertThat(isCharged).isTrue();
    assertThat(second.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(left(hung, one)).isEqualTo(8);
  }

  @Test
  void charge_interruptedWhileAnotherCallAsks_isRefusedAndStaysInterrupted() throws Exception {
    Hung hung = new Hung();
    Budgets.Leased waiting = leasing(hung);
    List<Budgets.Charge> one = List.of(charge(1, 1, 10));
    boolean[] isInterrupted = {false};

    boolean isCharged =
        hung.whileAsked(
            waiting,
            one,
            () -> {
              Thread.currentThread().interrupt();
              try {
                Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> waiting.charge(one, SHARE, NOON));
              } finally {
                isInterrupted[0] = Thread.interrupted();
              }
            });

    assertThat(isInterrupted[0]).isTrue();
    assertThat(isCharged).isTrue();
    assertThat(left(hung, one.get(0))).isEqualTo(9);
  }

  @Test
  void charge_allThatALeaseHolds_waitsForNoOtherCall() throws Exception {
    Hung hung = new Hung();
    Budgets.Leased waiting = leasing(hung);
    Budgets.Charge one = withLease(1, waiting, hung);
    Budgets.Charge daily =
        new Budgets.Charge(String.format("%064x", 7), 1, 100, Duration.ofDays(1));
    Deadline deadline = Deadline.in(Duration.ofMillis(1));

    hung.whileAsked(
        waiting,
        List.of(one, daily),
        () -> assertThat(deadline.during(() -> isCharged(waiting, charge(1, 8, 100)))).isTrue());

    assertThat(left(waiting, one)).isEqualTo(80);
  }

  @Test
  void close_whileAnotherCallTakesALease_givesBackItsRest() throws Exception {
    Hung hung = new Hung();
    Budgets.Leased closing = leasing(hung);
    Budgets.Charge one = charge(1, 1, 100);
    for (int i = 0; i < 10; i++) {
      assertThat(isCharged(closing, one)).isTrue();
    }

    assertThat(hung.whileAsked(closing, List.of(one), closing::close)).isTrue();

    assertThat(left(hung, one)).isEqualTo(89);
  }

  @Test
  void close_whileAnotherCallAsksForTooMuch_givesBackWhatItHeld() throws Exception {
    Hung hung = new Hung();
    Budgets.Leased closing = leasing(hung);
    Budgets.Charge one = withLease(1, closing, hung);

    assertThat(hung.whileAsked(closing, List.of(charge(1, 90, 100)), closing::close)).isFalse();

    assertThat(left(hung, one)).isEqualTo(89);
    assertThat(hung.givenBack).hasValue(1);
  }

  /** Nobody keeps the others waiting. */
  @Test
  void lookAndClose_byOtherThreads_areDone() throws Exception {
    Budgets.Charge one = withLease(1);

    assertThat(inAnotherThread(() -> left(leased, one))).isEqualTo(89);
    assertThat(inAnotherThread(() -> isCharged(leased, one))).isTrue();
    inAnotherThread(
        () -> {
          leased.close();
          return true;
        });
    assertThat(inAnotherThread(() -> isCharged(leased, one))).isTrue();
  }

  private static <T> T inAnotherThread(Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      return pool.submit(work).get(1, TimeUnit.MINUTES);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Or whoever makes up counters takes leases from others, or fills the memory. */
  @Test
  void charge_moreCountersThanAreLookedAfter_keepsLeasesAndAsksForTheRest() {
    Budgets.Leased small = new LeasedBudgets(shared, PARTS, MINUTE, 2);
    for (int counter = 1; counter <= 4; counter++) {
      for (int i = 0; i < 11; i++) {
        assertThat(isCharged(small, charge(counter, 1, 100))).isTrue();
      }
    }

    assertThat(left(shared, charge(1, 1, 100))).isEqualTo(80);
    assertThat(left(shared, charge(2, 1, 100))).isEqualTo(80);
    assertThat(left(shared, charge(3, 1, 100))).isEqualTo(89);
    assertThat(left(small, charge(1, 1, 100))).isEqualTo(89);
    Instant later = NOON.plus(MINUTE);
    for (int counter = 5; counter <= 7; counter++) {
      for (int i = 0; i < 11; i++) {
        assertThat(isCharged(small, later, charge(counter, 1, 100))).isTrue();
      }
    }
    assertThat(left(shared, charge(5, 1, 100))).isEqualTo(80);
    assertThat(left(shared, charge(6, 1, 100))).isEqualTo(80);
    assertThat(left(shared, charge(7, 1, 100))).as("no more are looked after").isEqualTo(89);
  }

  @Test
  void leasing_nonsense_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> Budgets.leasing(shared, 1, MINUTE));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> Budgets.leasing(shared, 2, Duration.ZERO));
  }

  /** Of two, each holds half. */
  @Test
  void leasing_fewestParts_takesHalves() {
    Budgets.Leased halves = Budgets.leasing(shared, 2, MINUTE);
    for (int i = 0; i <= 5; i++) {
      assertThat(isCharged(halves, charge(1, 1, 10))).isTrue();
    }

    assertThat(left(shared, charge(1, 1, 10))).isZero();
    assertThat(left(halves, charge(1, 1, 10))).isEqualTo(4);
  }

  @Test
  void fill_isThatOfTheStore() {
    withLease(1);

    assertThat(leased.fill()).isEqualTo(shared.fill());
    assertThat(leased.mayWait()).isTrue();
    assertThat(leasing(shared.budgets).mayWait()).isFalse();
  }
}
