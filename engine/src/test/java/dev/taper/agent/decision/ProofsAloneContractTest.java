package dev.taper.agent.decision;

import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.ReplayMemoryContract;
import dev.taper.agent.memory.SmallReplayMemory;
import java.time.Duration;

/** While the shared memory answers, a verifier that could go on alone takes what it says. */
class ProofsAloneContractTest extends ReplayMemoryContract {
  @Override
  protected ReplayMemory open(int capacity) {
    ProofsAlone alone =
        new ProofsAlone(
            SmallReplayMemory.of(capacity),
            new ProofsAlone.Terms(Duration.ofMinutes(1), 100),
            System::nanoTime);
    return (use, share, now) -> alone.claim(use, share, now) == ProofsAlone.Claimed.SHARED;
  }

  @Override
  protected int raced() {
    return 500;
  }

  @Override
  protected int passes() {
    return 2;
  }
}
