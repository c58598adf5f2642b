package dev.taper.agent.memory;

/** Memories of this process that hold so few proofs that tests can fill them. */
public final class SmallReplayMemory {
  private SmallReplayMemory() {}

  /** A memory of so many proofs, whoever has them. */
  public static ReplayMemory of(int proofs) {
    return InMemoryReplayMemory.holding(proofs);
  }
}
