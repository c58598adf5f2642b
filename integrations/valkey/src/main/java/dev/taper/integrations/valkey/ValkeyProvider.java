package dev.taper.integrations.valkey;

import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import java.nio.file.Path;
import java.time.Clock;

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
            .clock(clock));
  }

  @Override
  public Workplace.SharedLists lists(String address, Path folder) {
    return new ConfiguredLists(address, folder);
  }

  /** The lists as configurations know them. */
  private static final class ConfiguredLists extends ValkeyLists implements Workplace.SharedLists {
    ConfiguredLists(String address, Path folder) {
      super(address, folder, MAX_BYTES);
    }
  }

  /** A store as configurations know it. */
  private static final class Configured extends ValkeyStore implements Stores.SharedStore {
    Configured(Builder how) {
      super(how);
    }
  }
}
