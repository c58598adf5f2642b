package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.SharedApprovalUsesContract;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqlApprovalUsesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final ApprovalUses.Use A = use("a", NOW.plusSeconds(60));
  private static final ApprovalUses.Use B = use("b", NOW.plusSeconds(60));

  /** As long as any approval here. */
  private static final Duration LONG = Duration.ofDays(5);

  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir Path folder;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return Contract.claimsFrom(new SqlApprovalUses(MemoryDatabase.await(address), 1 << 20));
    }
  }

  /** What every memory of used approvals must do that processes share. */
  abstract static class Contract extends SharedApprovalUsesContract {
    private final TestDatabase kind;
    @TempDir private Path folder;
    private @Nullable MemoryDatabase database;

    Contract(TestDatabase kind) {
      this.kind = kind;
    }

    static ContractClaims.Claimer claimsFrom(ApprovalUses uses) {
      return claimer(uses);
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
    protected ApprovalUses open(int capacity) {
      return new SqlApprovalUses(database().open(), capacity, LONG);
    }

    @Override
    protected List<String> elsewhere() {
      return List.of(Opener.class.getName(), database().address());
    }

    @Override
    protected int raced() {
      return 20;
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
  void claim_verifierWithASlowClock_doesNotReviveWhatAnotherUsed(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      ApprovalUses uses = new SqlApprovalUses(database);
      assertThat(uses.claim(List.of(A), SHARE, NOW)).isEmpty();
      Instant later = A.until().plus(Duration.ofHours(23));
      assertThat(uses.claim(List.of(use("c", later.plusSeconds(9))), SHARE, later)).isEmpty();
      assertThat(uses.claim(List.of(A), SHARE, NOW)).containsExactly(A);
      // Nothing was forgotten, so nothing else is refused.
      assertThat(uses.claim(List.of(B), SHARE, NOW)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_databaseClosed_isUnavailable(TestDatabase kind) {
    Database database = kind.open(folder);
    database.close();
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> new SqlApprovalUses(database).claim(List.of(A), SHARE, NOW))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_UNAVAILABLE));
  }

  private static ApprovalUses.Use use(String digit, Instant until) {
    return ApprovalUses.Use.once(digit.repeat(64), until);
  }
}
