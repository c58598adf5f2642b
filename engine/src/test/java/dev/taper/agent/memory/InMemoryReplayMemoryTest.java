package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@SuppressWarnings("CheckReturnValue") // most claims only fill the memory
class InMemoryReplayMemoryTest extends ReplayMemoryContract {
  @Override
  protected ReplayMemory open(int capacity) {
    return InMemoryReplayMemory.of(capacity);
  }

  @Override
  protected int raced() {
    return 125_000; // by 8 threads, that is a million attempts
  }

  @Override
  protected int passes() {
    return 1;
  }

  @Test
  void known_usedHere_isSaidBeforeTheClaim() {
    ReplayMemory memory = open(10);
    memory.claim(proof("a"), ALICE, NOW);

    assertThat(memory.known(proof("a"))).isTrue();
  }

  @Test
  void claim_manyAuthorityBlocksOfOneDelegator_leaveRoomForEverybodyElse() {
    InMemoryReplayMemory memory = InMemoryReplayMemory.of(1200);
    for (int block = 0; block < 50; block++) {
      claimed(memory, share("user:mallory", block), 100);
    }
    // Three quarters of it, and a first entry for each block that came later.
    assertThat(memory.size()).isEqualTo(939);

    // Who comes gets half of its share of 400 for its first authority block, or what is left.
    assertThat(claimed(memory, share("user:alice", 1), 1000)).isEqualTo(200);
    assertThat(claimed(memory, share("user:mallory", 99), 10)).isZero();
    assertThat(claimed(memory, share("user:bob", 1), 1000)).isEqualTo(61);
  }

  @Test
  void claim_whenTheShareHasEnded_hasRoomAgain() {
    InMemoryReplayMemory memory = InMemoryReplayMemory.of(100);
    assertThat(claimed(memory, ALICE, 100)).isEqualTo(50);
    Instant later = NOW.plusSeconds(62); // one window and a group's width

    assertThat(memory.claim(proof("later", later), ALICE, later)).isTrue();
    assertThat(memory.size()).isEqualTo(1);
  }

  private int next;

  private int claimed(ReplayMemory memory, MemoryShare share, int tries) {
    int accepted = 0;
    for (int i = 0; i < tries; i++) {
      try {
        accepted += memory.claim(proof("claimed " + next++), share, NOW) ? 1 : 0;
      } catch (dev.taper.TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_FULL);
      }
    }
    return accepted;
  }

  @Test
  void of_capacityBelowOne_isRefused() {
    for (int capacity : new int[] {0, -1, Integer.MIN_VALUE}) {
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> InMemoryReplayMemory.of(capacity));
    }
  }

  @Test
  void claim_idThatIsNone_isRefused() {
    ReplayMemory memory = open(10);
    for (String id : new String[] {"", "a", "g".repeat(64)}) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT,
          () -> memory.claim(new ReplayMemory.Use(id, NOW, NOW.plusSeconds(1)), ALICE, NOW));
    }
  }

  @Test
  void claim_capacityOfOne_isRoomForOne() {
    ReplayMemory memory = open(1);

    assertThat(memory.claim(proof("a"), ALICE, NOW)).isTrue();
    Refused.with(ErrorCode.REPLAY_CACHE_FULL, () -> memory.claim(proof("b"), ALICE, NOW));
  }

  @Test
  void mayWait_never() {
    assertThat(open(10).mayWait()).isFalse();
  }
}
