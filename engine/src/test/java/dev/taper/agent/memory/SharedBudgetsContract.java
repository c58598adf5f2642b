package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.Budgets.Charged;
import dev.taper.agent.memory.Budgets.Exhausted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every store of budgets must do that processes share. A test's later calls of {@link #open}
 * open the same store anew.
 */
public abstract class SharedBudgetsContract extends BudgetsContract {
  private static final int COUNTERS = 10;
  private static final int MOST = 5;

  /** The class that opens the store in another process, and its address. */
  protected abstract List<String> elsewhere();

  /** Charges counters that have numbers. */
  protected static ContractClaims.Claimer claimer(Budgets budgets) {
    return number -> budgets.charge(List.of(numbered(number)), SHARE, NOON) instanceof Charged;
  }

  /** A counter with a small limit; every other one has a window. */
  private static Budgets.Charge numbered(int number) {
    return new Budgets.Charge(
        String.format("%064x", number),
        1,
        1 + number % MOST,
        number % 2 == 0 ? null : Duration.ofDays(1));
  }

  @Test
  void charge_openedAnew_isCounted() {
    Budgets.Charge lasting = numbered(4);
    Budgets.Charge daily = numbered(3);
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
    List<Integer> won = ContractClaims.race(claimer(open(MUCH)), elsewhere(), COUNTERS, 1);

    for (int number = 0; number < COUNTERS; number++) {
      int counter = number;
      assertThat(won.stream().filter(one -> one == counter).count())
          .as("counter %d", number)
          .isEqualTo(numbered(number).limit());
    }
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
