package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that another version wrote is refused and left as it is. */
@Timeout(120)
class ValkeyVersionTest {
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final ReplayMemory.Use proof =
      new ReplayMemory.Use("ab".repeat(32), now, now.plusSeconds(60));

  @Test
  void claim_storeOfAnotherForm_isRefusedAndLosesNothing() throws Exception {
    try (TestStore store = new TestStore()) {
      String name = store.address().replaceFirst(".*name=", "").replaceFirst("&.*", "");
      String key = "{taper:" + name + "}:store";
      assertThat(claim(store)).isTrue();
      String fields = SharedServer.get().tell("HLEN " + key);
      SharedServer.get().tell("HSET " + key + " form 2");

      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> claim(store))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE));
      try (ValkeyStore other = ValkeyStore.at(store.address()).open()) {
        assertThat(other.problem()).contains("another version");
      }

      assertThat(SharedServer.get().tell("HLEN " + key)).isEqualTo(fields);
      SharedServer.get().tell("HSET " + key + " form 1");
      assertThat(claim(store)).as("what was used stays used").isFalse();
    }
  }

  /** Claims the proof by a connection of its own. */
  private boolean claim(TestStore store) {
    return store.open(ValkeyStore.Memory.PROOFS, 100).replayMemory().claim(proof, ALICE, now);
  }
}
