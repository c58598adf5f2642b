package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.ReplayMemory.Joined.Answer;
import dev.taper.testing.Child;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that ends while it takes what a call needs: all of it is taken, or nothing. */
class SqlMemoriesCrashTest {
  private static final int HALTED = 3;
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final ReplayMemory.Use PROOF =
      new ReplayMemory.Use("a".repeat(64), NOW, NOW.plusSeconds(60));
  private static final List<Budgets.Charge> CHARGES =
      List.of(new Budgets.Charge("b".repeat(64), 1, 10, null));
  private static final List<ApprovalUses.Use> APPROVALS =
      List.of(ApprovalUses.Use.once("c".repeat(64), NOW.plusSeconds(60)));

  @TempDir Path folder;

  /** Where the process ends. */
  enum Step {
    CONNECTED,
    TAKEN_AND_NOT_COMMITTED,
    COMMITTED
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE, CONNECTED", "SQLITE, TAKEN_AND_NOT_COMMITTED", "SQLITE, COMMITTED",
    "POSTGRESQL, CONNECTED", "POSTGRESQL, TAKEN_AND_NOT_COMMITTED", "POSTGRESQL, COMMITTED"
  })
  void take_processEndsAtAStep_takesAllOrNothing(TestDatabase kind, Step step) {
    try (MemoryDatabase database = new MemoryDatabase(kind, folder)) {
      try (Child child = new Child(SqlMemoriesCrashTest.class, database.address(), step.name())) {
        assertThat(child.line()).isNull();
        assertThat(child.exitCode()).isEqualTo(HALTED);
      }

      SqlMemories memories = new SqlMemories(database.open());
      boolean isTaken = step == Step.COMMITTED;
      assertThat(memories.claim(PROOF, SHARE, NOW)).isEqualTo(!isTaken);
      assertThat(memories.budgets().look(List.of(charge(11)), NOW))
          .isEqualTo(new Budgets.Exhausted(0, isTaken ? 9 : 10));
      assertThat(memories.approvalUses().claim(APPROVALS, SHARE, NOW))
          .isEqualTo(isTaken ? Set.copyOf(APPROVALS) : Set.of());
    }
  }

  private static Budgets.Charge charge(long amount) {
    return new Budgets.Charge("b".repeat(64), amount, 10, null);
  }

  /** The other process: address, step. */
  public static void main(String[] args) {
    Step last = Step.valueOf(args[1]);
    Database database = MemoryDatabase.await(args[0]);
    SqlMemories memories = new SqlMemories(database);
    if (last == Step.COMMITTED) {
      Answer answer = memories.take(PROOF, CHARGES, APPROVALS, SHARE, NOW);
      Runtime.getRuntime().halt(answer.replayed() ? 1 : HALTED);
    }
    ServerHistory.Look look = database.history().new Look();
    database.shared(
        connection -> {
          if (last == Step.TAKEN_AND_NOT_COMMITTED) {
            SqlMemories.For call = new SqlMemories.For(SHARE, NOW, look);
            var unused = memories.take(connection, PROOF, CHARGES, APPROVALS, call);
          }
          Runtime.getRuntime().halt(HALTED);
          throw new IllegalStateException("it goes on");
        });
  }
}
