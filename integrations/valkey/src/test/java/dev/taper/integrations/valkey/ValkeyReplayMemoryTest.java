package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.SharedReplayMemoryContract;
import dev.taper.testing.Refused;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValkeyReplayMemoryTest extends SharedReplayMemoryContract {
  private final TestStore store = new TestStore();

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(TestStore.builder(address).open().replayMemory());
    }
  }

  @Override
  protected ReplayMemory open(int capacity) {
    return store.open(ValkeyStore.Memory.PROOFS, capacity).replayMemory();
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), store.address());
  }

  @Override
  protected int raced() {
    return 20;
  }

  @Override
  protected int passes() {
    return 3_000; // by 8 threads of 2 processes, that is about a million attempts
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void claim_verifierWithASlowClock_isNotRefusedForIt() {
    ReplayMemory memory = open(100);
    Instant ahead = NOW.plusSeconds(90);
    assertThat(memory.claim(proof("a"), ALICE, NOW)).isTrue();
    assertThat(memory.claim(proof("b", ahead), ALICE, ahead)).isTrue();

    assertThat(memory.claim(proof("c"), ALICE, NOW)).isTrue();
    assertThat(memory.claim(proof("a"), ALICE, NOW)).isFalse();
  }

  @Test
  void claim_furtherAheadThanVerifiersAccept_isUnavailable() {
    ReplayMemory memory = open(100);

    Refused.with(
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        () -> memory.claim(proof("a", NOW.plusSeconds(31)), ALICE, NOW));
    assertThat(memory.claim(proof("a", NOW.plusSeconds(30)), ALICE, NOW)).isTrue();
  }

  @Test
  void claim_idThatIsNone_isInvalid() {
    ReplayMemory memory = open(100);

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> memory.claim(new ReplayMemory.Use("a", NOW, NOW.plusSeconds(60)), ALICE, NOW));
  }

  @Test
  void fill_afterAClaim_isWhatTheServerSaid() {
    ReplayMemory memory = open(100);
    assertThat(memory.fill()).isNull();
    fill(memory, ALICE, "a", 3);

    assertThat(memory.fill()).isEqualTo(new Fill(3, 100));
  }

  @Test
  void claim_storeClosed_isUnavailable() {
    ValkeyStore closed = store.open(ValkeyStore.Memory.PROOFS, 100);
    ReplayMemory memory = closed.replayMemory();
    closed.close();

    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> memory.claim(proof("a"), ALICE, NOW));
  }
}
