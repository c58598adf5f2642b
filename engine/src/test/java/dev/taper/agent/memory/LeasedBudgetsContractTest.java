package dev.taper.agent.memory;

import java.time.Duration;

/** A store that takes leases counts as exactly as the one that it takes them from. */
class LeasedBudgetsContractTest extends BudgetsContract {
  @Override
  protected Budgets open(int capacity) {
    return Budgets.leasing(new InMemoryBudgets(capacity), 4, Duration.ofMinutes(1));
  }
}
