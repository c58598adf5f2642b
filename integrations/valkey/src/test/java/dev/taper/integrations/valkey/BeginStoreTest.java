package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.Refused;
import dev.taper.testing.ValkeyServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeginStoreTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Budgets.Charge CHARGE = new Budgets.Charge("a".repeat(64), 1, 1, null);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return BeginStore.run(
        List.of(args),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @Test
  void run_newStore_letsTheMemoriesCount() throws Exception {
    String address = SharedServer.get().address(ValkeyServer.newName());
    try (ValkeyStore store = ValkeyStore.at(address).open()) {
      Refused.with(
          ErrorCode.BUDGET_UNAVAILABLE, () -> store.budgets().charge(List.of(CHARGE), ALICE, NOW));
    }

    assertThat(run(address, "budgets", "approvals")).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("begun");
    try (ValkeyStore store = ValkeyStore.at(address).open()) {
      assertThat(store.budgets().charge(List.of(CHARGE), ALICE, NOW))
          .isInstanceOf(Budgets.Charged.class);
    }
  }

  @Test
  void run_wrongUse_saysHow() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("valkey://localhost")).isEqualTo(2);
    assertThat(run("valkey://localhost", "everything")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: BeginStore");
  }

  @Test
  void run_addressOrServerThatIsNone_fails() {
    assertThat(run("sqlite:a", "proofs")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("invalid_argument: ");
    assertThat(run("valkey://127.0.0.1:1", "proofs")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot be reached");
  }
}
