package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.testing.Refused;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryBudgetsTest extends BudgetsContract {
  private final Budgets budgets = InMemoryBudgets.forThisProcessOnly();

  @Override
  protected Budgets budgets() {
    return budgets;
  }

  @Test
  void charge_noRoomForAnotherCounter_refusesAndForgetsNothing() {
    Budgets small = InMemoryBudgets.forThisProcessOnly(2);
    MemoryShare share = MemoryShare.of("user:alice", new byte[] {1});
    Charge first = new Charge("1", 1, 1, null);
    small.charge(List.of(first), share, Instant.EPOCH);

    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        () ->
            small.charge(
                List.of(new Charge("2", 1, 1, null), new Charge("3", 1, 1, null)),
                share,
                Instant.EPOCH));

    assertThat(small.fill()).isEqualTo(new Fill(1, 2));
    assertThat(small.look(List.of(first), Instant.EPOCH)).isEqualTo(new Budgets.Exhausted(0, 0));
  }

  @Test
  void forThisProcessOnly_roomForNothing_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> InMemoryBudgets.forThisProcessOnly(0));
  }
}
