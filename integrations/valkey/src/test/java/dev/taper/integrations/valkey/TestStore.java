package dev.taper.integrations.valkey;

import dev.taper.testing.ValkeyServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The store of one test, with nothing in it, opened as often as the test likes. */
final class TestStore implements AutoCloseable {
  private final String address;
  private final List<ValkeyStore> opened = new ArrayList<>();

  TestStore() {
    try {
      this.address = SharedServer.get().address(ValkeyServer.newName());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    try (ValkeyStore store = builder(address).open()) {
      store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
    }
  }

  String address() {
    return address;
  }

  /** Tests have approvals that last for days. */
  static ValkeyStore.Builder builder(String address) {
    return ValkeyStore.at(address).longestApproval(Duration.ofDays(30));
  }

  ValkeyStore open(ValkeyStore.Memory memory, int capacity) {
    return opened(builder(address).capacity(memory, capacity));
  }

  /** Opens it with the same room for each memory. */
  ValkeyStore open(int capacity) {
    ValkeyStore.Builder builder = builder(address);
    for (ValkeyStore.Memory memory : ValkeyStore.Memory.values()) {
      builder.capacity(memory, capacity);
    }
    return opened(builder);
  }

  private ValkeyStore opened(ValkeyStore.Builder builder) {
    ValkeyStore store = builder.open();
    opened.add(store);
    return store;
  }

  @Override
  public void close() {
    opened.forEach(ValkeyStore::close);
  }
}
