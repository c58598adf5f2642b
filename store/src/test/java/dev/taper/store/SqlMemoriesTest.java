package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.JoinedMemoryContract;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlMemoriesTest {
  @TempDir Path folder;

  /** What every store must do that takes a call in one step. */
  abstract static class Contract extends JoinedMemoryContract {
    private final TestDatabase kind;
    @TempDir private Path folder;
    private @Nullable MemoryDatabase database;

    Contract(TestDatabase kind) {
      this.kind = kind;
    }

    @Override
    protected ReplayMemory.Joined open(int capacity) {
      MemoryDatabase made = new MemoryDatabase(kind, folder);
      database = made;
      Database opened = made.open();
      return new SqlMemories(
          new SqlReplayMemory(opened, capacity),
          new SqlBudgets(opened, capacity),
          new SqlApprovalUses(opened, capacity));
    }

    @Override
    protected int calls() {
      return 400;
    }

    @AfterEach
    void close() throws Exception {
      TearDown.close(database);
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite() {
      super(TestDatabase.SQLITE);
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabase.POSTGRESQL);
    }
  }

  @Test
  void constructor_memoriesOfTwoDatabases_isRefused() {
    try (Database one = TestDatabase.SQLITE.open(folder);
        Database other = TestDatabase.SQLITE.open(folder)) {
      SqlReplayMemory proofs = new SqlReplayMemory(one);
      SqlBudgets budgets = new SqlBudgets(one);
      SqlApprovalUses approvals = new SqlApprovalUses(one);

      assertThat(new SqlMemories(proofs, budgets, approvals).budgets()).isSameAs(budgets);
      Refused.with(
          ErrorCode.INVALID_ARGUMENT,
          () -> new SqlMemories(proofs, new SqlBudgets(other), approvals));
      Refused.with(
          ErrorCode.INVALID_ARGUMENT,
          () -> new SqlMemories(proofs, budgets, new SqlApprovalUses(other)));
    }
  }

  @Test
  void take_databaseIsClosed_cannotBeFoundOut() {
    Instant now = Instant.parse("2030-01-01T12:00:00Z");
    MemoryDatabase database = new MemoryDatabase(TestDatabase.SQLITE, folder);
    SqlMemories memories = new SqlMemories(database.open());
    database.close();

    Refused.with(
        ErrorCode.DATABASE_UNAVAILABLE,
        () ->
            memories.take(
                new ReplayMemory.Use("a".repeat(64), now, now.plusSeconds(1)),
                List.of(),
                List.of(),
                MemoryShare.of("user:alice", new byte[] {1}),
                now));
  }
}
