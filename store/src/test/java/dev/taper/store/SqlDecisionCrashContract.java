package dev.taper.store;

import dev.taper.agent.decision.DecisionCrashContract;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The memories of a call in a database; a class for each kind, as they take long. */
abstract class SqlDecisionCrashContract extends DecisionCrashContract {
  /** Opens memories in a database; the process's end closes it. */
  public static final class Databases implements Opener {
    @Override
    public ReplayMemory replayMemory(String address) {
      return new SqlReplayMemory(MemoryDatabase.await(address));
    }

    @Override
    public ApprovalUses approvalUses(String address) {
      return new SqlApprovalUses(MemoryDatabase.await(address));
    }

    @Override
    public Budgets budgets(String address) {
      return new SqlBudgets(MemoryDatabase.await(address));
    }
  }

  private final TestDatabase kind;

  @TempDir private Path folder;

  SqlDecisionCrashContract(TestDatabase kind) {
    this.kind = kind;
  }

  @Override
  protected Opener opener() {
    return new Databases();
  }

  @Override
  protected String address() {
    return kind.create(folder);
  }
}
