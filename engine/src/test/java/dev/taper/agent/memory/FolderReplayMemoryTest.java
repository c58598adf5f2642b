package dev.taper.agent.memory;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class FolderReplayMemoryTest extends SharedReplayMemoryContract {
  @TempDir private Path parent;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(new FolderReplayMemory(Path.of(address), MUCH));
    }
  }

  @Override
  protected ReplayMemory open(int capacity) {
    return new FolderReplayMemory(parent.resolve("used"), capacity);
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), parent.resolve("used").toString());
  }

  @Override
  protected int raced() {
    return 250;
  }

  @Override
  protected int passes() {
    return 250; // by 8 threads of 2 processes, that is a million attempts
  }
}
