package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.SharedReplayMemoryContract;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proofs that are taken with a charge and an approval, by two processes with eight threads and
 * eight connections each: whatever becomes of them, as much is charged as is approved.
 */
class SqlMemoriesRaceTest {
  private static final int MUCH = 1 << 20;
  private static final Duration LONG = Duration.ofDays(10);
  private static final Budgets.Charge CHARGE =
      new Budgets.Charge("b".repeat(64), 1, Integer.MAX_VALUE, null);
  private static final ApprovalUses.Use APPROVAL =
      new ApprovalUses.Use(
          "c".repeat(64), Instant.parse("2030-01-08T12:00:00Z"), Integer.MAX_VALUE);

  /** Claims a proof with the rest of a call. */
  private record Calls(SqlMemories memories) implements ReplayMemory {
    static Calls in(Database database, int capacity) {
      return new Calls(
          new SqlMemories(
              new SqlReplayMemory(database, capacity),
              new SqlBudgets(database),
              new SqlApprovalUses(database, MUCH, LONG)));
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      var answer = memories.take(use, List.of(CHARGE), List.of(APPROVAL), share, now);
      assertThat(answer.usedUp()).isEmpty();
      assertThat(answer.budgets() instanceof Budgets.Charged).isNotEqualTo(answer.replayed());
      return !answer.replayed();
    }
  }

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return Contract.claimsFrom(Calls.in(MemoryDatabase.await(address), MUCH));
    }
  }

  /** What every replay memory must do that processes share. */
  abstract static class Contract extends SharedReplayMemoryContract {
    private final TestDatabase kind;
    @TempDir private Path folder;
    private @Nullable MemoryDatabase database;

    Contract(TestDatabase kind) {
      this.kind = kind;
    }

    static ContractClaims.Claimer claimsFrom(ReplayMemory memory) {
      return claimer(memory);
    }

    private MemoryDatabase database() {
      MemoryDatabase known = database;
      if (known == null) {
        known = new MemoryDatabase(kind, folder);
        database = known;
      }
      return known;
    }

    @Override
    protected ReplayMemory open(int capacity) {
      return Calls.in(database().open(), capacity);
    }

    @Override
    protected List<String> elsewhere() {
      return List.of(Opener.class.getName(), database().address());
    }

    @Override
    protected int raced() {
      return 20;
    }

    @Override
    protected int passes() {
      return 500;
    }

    @AfterEach
    void close() throws Exception {
      TearDown.close(TearDown.of(database, Contract::assertAgrees), database);
    }

    private static void assertAgrees(MemoryDatabase database) {
      long[] charged = charged(database.open());
      assertThat(charged[0]).isPositive().isEqualTo(charged[1]);
    }

    /** What is charged and what is approved, at one moment: a process that was killed may go on. */
    private static long[] charged(Database database) {
      return database.read(
          connection -> {
            try (var statement = connection.createStatement();
                var row =
                    statement.executeQuery(
                        "SELECT spent, times FROM budget_counter, approval_use")) {
              row.next();
              return new long[] {row.getLong(1), row.getLong(2)};
            }
          });
    }
  }

  @Nested
  class Sqlite extends Contract {
    Sqlite() {
      super(TestDatabase.SQLITE);
    }
  }

  @Nested
  class Postgresql extends Contract {
    Postgresql() {
      super(TestDatabase.POSTGRESQL);
    }
  }
}
