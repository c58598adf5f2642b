package dev.taper.agent.decision;

import static dev.taper.agent.decision.DecisionCrashContract.reached;

import dev.taper.agent.decision.DecisionCrashContract.Step;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A store of budgets that halts its process at a step, if it is given. */
final class HaltingBudgets implements Budgets {
  private final Budgets budgets;
  private final @Nullable Step last;
  private Budgets.@Nullable Charge charged;

  HaltingBudgets(Budgets budgets, @Nullable Step last) {
    this.budgets = budgets;
    this.last = last;
  }

  @Override
  public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
    reached(Step.BUDGET_CHARGE_BEGINS, last);
    Answer answer = budgets.charge(charges, share, now);
    reached(Step.BUDGET_CHARGED, last);
    charged = charges.get(0);
    return answer;
  }

  @Override
  public void giveBack(Charged given) {
    budgets.giveBack(given);
  }

  @Override
  public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    return budgets.look(charges, now);
  }

  /** How much of a limit the counter that was charged last has spent, by whatever process. */
  long spent(long limit) {
    String counter = Objects.requireNonNull(charged).counter();
    Budgets.Charge all = new Budgets.Charge(counter, limit, limit, null);
    return limit - Objects.requireNonNull(look(List.of(all), Instant.EPOCH)).left();
  }
}
