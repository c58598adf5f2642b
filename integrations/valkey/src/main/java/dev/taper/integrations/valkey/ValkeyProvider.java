package dev.taper.integrations.valkey;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.revocation.RevocationFeed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets a configuration name a store in Valkey, {@code replay-memory: valkey://HOST?name=NAME}, and
 * lists there, {@code revocations.list}. It is found on the class path.
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

  @Override
  public Workplace.SharedLists lists(String address, Path folder) {
    return new ConfiguredLists(ValkeyLists.at(address, folder));
  }

  private record ConfiguredLists(ValkeyLists lists) implements Workplace.SharedLists {
    @Override
    public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
      return lists.fetch(version, sequence);
    }

    @Override
    public void publishSnapshot(byte[] signed, long sequence) {
      lists.publishSnapshot(signed, sequence);
    }

    @Override
    public void publishDelta(byte[] signed, long base, long sequence) {
      lists.publishDelta(signed, base, sequence);
    }

    @Override
    public boolean has(long sequence) {
      return lists.has(sequence);
    }

    @Override
    public @Nullable Instant certificateEnds() {
      return lists.certificateEnds();
    }

    @Override
    public void refresh(RevocationFeed feed) {
      lists.refresh(feed);
    }

    @Override
    public void close() {
      lists.close();
    }

    @Override
    public String toString() {
      return lists.toString();
    }
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
    public @Nullable Instant certificateEnds() {
      return store.certificateEnds();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
