package dev.taper.integrations.valkey;

import dev.taper.agent.decision.DecisionCrashContract;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Duration;

class ValkeyDecisionCrashTest extends DecisionCrashContract {
  /** Opens memories in a store; the process's end closes it. */
  public static final class Stores implements DecisionCrashContract.Opener {
    private static ValkeyStore open(String address) {
      Duration hour = Duration.ofHours(1);
      return ValkeyStore.at(address)
          .proofWindow(new AcceptedProofs.Window(hour, hour))
          .longestApproval(hour.plusMinutes(1))
          .open();
    }

    @Override
    public ReplayMemory replayMemory(String address) {
      return open(address).replayMemory();
    }

    @Override
    public ApprovalUses approvalUses(String address) {
      return open(address).approvalUses();
    }

    @Override
    public Budgets budgets(String address) {
      return open(address).budgets();
    }
  }

  @Override
  protected Opener opener() {
    return new Stores();
  }

  @Override
  protected String address() {
    return new TestStore().address();
  }
}
