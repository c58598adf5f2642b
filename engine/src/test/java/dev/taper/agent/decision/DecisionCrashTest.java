package dev.taper.agent.decision;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DecisionCrashTest extends DecisionCrashContract {
  @TempDir private Path folder;

  /** Opens memories in folders. */
  public static final class Folders implements Opener {
    @Override
    public ReplayMemory replayMemory(String address) {
      return ReplayMemory.inFolder(Path.of(address));
    }

    @Override
    public ApprovalUses approvalUses(String address) {
      return ApprovalUses.inFolder(Path.of(address));
    }

    @Override
    public Budgets budgets(String address) {
      return Budgets.inFolder(Path.of(address));
    }
  }

  @Override
  protected Opener opener() {
    return new Folders();
  }

  @Override
  protected String address() {
    return folder.resolve("used").toString();
  }
}
