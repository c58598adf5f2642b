package dev.taper.integrations.valkey;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.operations.Stores;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Lets a configuration name a store in Valkey: {@code replay-memory: valkey://HOST?name=NAME}. It
 * is found on the class path.
 */
public final class ValkeyProvider implements Stores.Provider {
  /** For the service loader. */
  public ValkeyProvider() {}

  @Override
  public boolean takes(String address) {
    return ValkeyStore.isAddress(address);
  }

  @Override
  public Stores.SharedStore open(String address, Path folder, Stores.Bounds bounds, Clock clock) {
    return new Configured(
        ValkeyStore.at(address, folder)
            .proofWindow(bounds.proofWindow())
            .longestApproval(bounds.longestApproval())
            .clock(clock)
            .open());
  }

  private record Configured(ValkeyStore store) implements Stores.SharedStore {
    @Override
    public ReplayMemory replayMemory() {
      return store.replayMemory();
    }

    @Override
    public ApprovalUses approvalUses() {
      return store.approvalUses();
    }

    @Override
    public Budgets budgets() {
      return store.budgets();
    }

    @Override
    public @Nullable String problem() {
      return store.problem();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
