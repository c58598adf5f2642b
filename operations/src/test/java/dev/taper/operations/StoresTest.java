package dev.taper.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir Path folder;

  private Stores stores() {
    return new Stores(new Workplace(folder, Clock.systemUTC()));
  }

  /** Or a verifier asks the database three times for a call. */
  @Test
  void memories_ofOneDatabase_areOneStoreThatTakesACallInOneStep() {
    Place place = Place.remembered("sqlite:service.db");
    Place other = Place.remembered("sqlite:other.db");
    try (Stores stores = stores()) {
      ReplayMemory.Joined joined = (ReplayMemory.Joined) stores.replayMemory(place);

      assertThat(stores.replayMemory(place, 7)).isSameAs(joined);
      assertThat(stores.budgets(place)).isSameAs(joined.budgets());
      assertThat(stores.approvalUses(place)).isSameAs(joined.approvalUses());
      assertThat(stores.budgets(other)).isNotSameAs(joined.budgets());
      assertThat(stores.replayMemory(other)).isNotSameAs(joined);
      assertThat(folder).as("nothing is opened before its first use").isEmptyDirectory();
    }
  }

  @Test
  void take_inADatabase_isRemembered() {
    Place place = Place.remembered("sqlite:service.db");
    ReplayMemory.Use proof = new ReplayMemory.Use("a".repeat(64), NOW, NOW.plusSeconds(60));
    Budgets.Charge charge = new Budgets.Charge("b".repeat(64), 3, 10, null);
    ApprovalUses.Use approval = ApprovalUses.Use.once("c".repeat(64), NOW.plusSeconds(60));
    try (Stores stores = stores()) {
      ReplayMemory.Joined joined = (ReplayMemory.Joined) stores.replayMemory(place);
      var answer = joined.take(proof, List.of(charge), List.of(approval), SHARE, NOW);
      assertThat(answer.budgets()).isInstanceOf(Budgets.Charged.class);
    }

    try (Stores stores = stores()) {
      ReplayMemory.Joined joined = (ReplayMemory.Joined) stores.replayMemory(place);
      assertThat(joined.claim(proof, SHARE, NOW)).isFalse();
      assertThat(stores.budgets(place).look(List.of(charge(8)), NOW))
          .isEqualTo(new Budgets.Exhausted(0, 7));
      assertThat(stores.approvalUses(place).claim(List.of(approval), SHARE, NOW))
          .containsExactly(approval);
    }
  }

  private static Budgets.Charge charge(long amount) {
    return new Budgets.Charge("b".repeat(64), amount, 10, null);
  }
}
