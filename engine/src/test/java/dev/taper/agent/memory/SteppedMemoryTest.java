package dev.taper.agent.memory;

/** The three steps that joined stores are compared with do what the contract says. */
class SteppedMemoryTest extends JoinedMemoryContract {
  @Override
  protected ReplayMemory.Joined open(int capacity) {
    return new Stepped(capacity);
  }

  @Override
  protected int calls() {
    return 4_000;
  }
}
