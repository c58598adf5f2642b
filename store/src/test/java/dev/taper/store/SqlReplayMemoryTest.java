package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.memory.SharedReplayMemoryContract;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqlReplayMemoryTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir Path folder;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return Contract.claimsFrom(new SqlReplayMemory(MemoryDatabase.await(address), 1 << 20));
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
      return new SqlReplayMemory(database().open(), capacity);
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
      return 3_000; // by 8 threads of 2 processes, that is about a million attempts
    }

    @AfterEach
    void close() throws Exception {
      TearDown.close(database);
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

  @ParameterizedTest
  @EnumSource
  void claim_verifierWithASlowClock_isNotRefusedForIt(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      ReplayMemory memory = new SqlReplayMemory(database);
      Instant ahead = NOW.plusSeconds(90);
      assertThat(memory.claim(proof("a", NOW), SHARE, NOW)).isTrue();
      assertThat(memory.claim(proof("b", ahead), SHARE, ahead)).isTrue();

      assertThat(memory.claim(proof("c", NOW), SHARE, NOW)).isTrue();
      assertThat(memory.claim(proof("a", NOW), SHARE, NOW)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_databaseClosed_isUnavailable(TestDatabase kind) {
    Database database = kind.open(folder);
    database.close();
    Refused.with(
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        () -> new SqlReplayMemory(database).claim(proof("a", NOW), SHARE, NOW));
  }

  private static ReplayMemory.Use proof(String digit, Instant issuedAt) {
    return new ReplayMemory.Use(digit.repeat(64), issuedAt, issuedAt.plusSeconds(60));
  }
}
