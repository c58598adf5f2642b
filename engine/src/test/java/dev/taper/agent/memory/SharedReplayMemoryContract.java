package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every replay memory must do that processes share. A test's later calls of {@link #open} open
 * the same memory anew.
 */
@SuppressWarnings("CheckReturnValue") // most claims only fill the memory
public abstract class SharedReplayMemoryContract extends ReplayMemoryContract {
  @Override
  protected abstract List<String> elsewhere();

  @Test
  void claim_openedAnew_isRemembered() {
    open(100).claim(proof("a"), ALICE, NOW);
    ReplayMemory memory = open(100);

    assertThat(memory.claim(proof("a"), ALICE, NOW)).isFalse();
    assertThat(memory.claim(proof("b"), ALICE, NOW)).isTrue();
  }

  @Test
  void claim_processKilled_losesNothingThatItWasTold() {
    ReplayMemory memory = open(MUCH);

    assertThat(memory.mayWait()).as("or a verifier gave its calls no deadline").isTrue();
    List<Integer> told = ContractClaims.killed(elsewhere(), 10);

    told.forEach(number -> assertThat(memory.claim(numbered(number), ALICE, NOW)).isFalse());
    int next = told.size(); // its claim was under way, and may be lost
    memory.claim(numbered(next), ALICE, NOW);
    assertThat(memory.claim(numbered(next), ALICE, NOW)).isFalse();
    assertThat(memory.claim(numbered(next + 1), ALICE, NOW)).isTrue();
  }
}
