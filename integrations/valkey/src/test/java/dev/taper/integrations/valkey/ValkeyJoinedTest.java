package dev.taper.integrations.valkey;

import dev.taper.agent.memory.JoinedMemoryContract;
import dev.taper.agent.memory.ReplayMemory;
import org.junit.jupiter.api.AfterEach;

class ValkeyJoinedTest extends JoinedMemoryContract {
  private final TestStore store = new TestStore();

  @Override
  protected ReplayMemory.Joined open(int capacity) {
    return store.open(capacity).replayMemory();
  }

  @Override
  protected int calls() {
    return 1000;
  }

  @AfterEach
  void close() {
    store.close();
  }
}
