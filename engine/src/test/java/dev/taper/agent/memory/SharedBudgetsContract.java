package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.Budgets.Charged;
import dev.taper.agent.memory.Budgets.Exhausted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every store of budgets must do that processes share. A test's later calls of {@link #open}
 * open the same store anew.
 */
public abstract class SharedBudgetsContract extends BudgetsContract {
  private static final int COUNTERS = 10;
  private static final int MOST = 5;

  /** How many times a counter is tried in a long race, and how much larger its limit is there. */
  private static final int TRIES = 400;

  private static final int LARGER = 40;

  /** The class that opens the store in another process, and its address. */
  protected abstract List<String> elsewhere();

  /** Charges counters that have numbers. */
  protected static ContractClaims.Claimer claimer(Budgets budgets) {
    return number -> budgets.charge(List.of(numbered(number)), SHARE, NOON) instanceof Charged;
  }

  /** A counter with a small limit; every other one has a window. */
  private static Budgets.Charge numbered(int number) {
    int limit = (1 + number % MOST) * (ContractClaims.attempts() == null ? 1 : LARGER);
    return new Budgets.Charge(
        String.format("%064x", number), 1, limit, number % 2 == 0 ? null : Duration.ofDays(1));
  }

  @Test
  void charge_openedAnew_isCounted() {
    Budgets.Charge lasting = new Budgets.Charge(numbered(4).counter(), 1, 5, null);
    Budgets.Charge daily = new Budgets.Charge(numbered(3).counter(), 1, 4, Duration.ofDays(1));
    Budgets first = open(MUCH);
    first.charge(List.of(lasting, daily), SHARE, NOON);
    Charged given = (Charged) first.charge(List.of(lasting, daily), SHARE, NOON);
    first.giveBack(given);

    Budgets again = open(MUCH);

    Budgets.Charge all = new Budgets.Charge(lasting.counter(), 5, lasting.limit(), null);
    assertThat(again.look(List.of(all), NOON)).isEqualTo(new Exhausted(0, 4));
    Budgets.Charge most = new Budgets.Charge(daily.counter(), 4, daily.limit(), daily.window());
    assertThat(again.look(List.of(most), NOON)).isEqualTo(new Exhausted(0, 3));
  }

  @Test
  void charge_manyThreadsOfTwoProcesses_neverExceedsAndCountsAll() {
    ContractClaims.Race race = ContractClaims.Race.often(2, COUNTERS, TRIES);

    List<Integer> won = ContractClaims.race(claimer(open(MUCH)), elsewhere(), race);

    List<Integer> all = new ArrayList<>();
    for (int number = 0; number < race.distinct(); number++) {
      all.addAll(Collections.nCopies((int) numbered(number).limit(), number));
    }
    assertThat(won).isEqualTo(all);
  }

  @Test
  void charge_processKilled_losesNothingThatItWasTold() {
    Budgets budgets = open(MUCH);

    List<Integer> told = ContractClaims.killed(elsewhere(), 10);

    for (int number : told) {
      Budgets.Charge rest = numbered(number);
      long left = rest.limit() - 1;
      Budgets.Charge more =
          new Budgets.Charge(rest.counter(), left + 1, rest.limit(), rest.window());
      assertThat(budgets.look(List.of(more), NOON)).isEqualTo(new Exhausted(0, left));
    }
  }
}
