package dev.taper.agent.memory;

/** Memories of this process that hold so few proofs that tests can fill them. */
public final class SmallReplayMemory {
  private SmallReplayMemory() {}

  /** A memory that holds so many proofs, and in which only proofs count. */
  public static ReplayMemory of(int proofs) {
    return InMemoryReplayMemory.holding(proofs);
  }
}
