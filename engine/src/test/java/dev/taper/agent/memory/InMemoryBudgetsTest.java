package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Fill;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryBudgetsTest extends BudgetsContract {
  @Override
  protected Budgets open(int capacity) {
    return new InMemoryBudgets(capacity);
  }

  @Test
  void fill_counters_areCounted() {
    Budgets budgets = Budgets.forThisProcessOnly();
    budgets.charge(
        List.of(new Budgets.Charge("1", 1, 1, null), new Budgets.Charge("2", 1, 1, null)),
        SHARE,
        NOON);
    budgets.charge(List.of(new Budgets.Charge("1", 1, 2, null)), SHARE, NOON);

    assertThat(budgets.fill()).isEqualTo(new Fill(2, InMemoryBudgets.DEFAULT_CAPACITY));
  }

  @Test
  void mayWait_never() {
    assertThat(Budgets.forThisProcessOnly().mayWait()).isFalse();
  }
}
