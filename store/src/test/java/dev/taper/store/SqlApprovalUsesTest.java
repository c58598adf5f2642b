package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.ApprovalUsesContract;
import dev.taper.agent.memory.MemoryShare;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqlApprovalUsesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final ApprovalUse A = use("a", NOW.plusSeconds(60));
  private static final ApprovalUse B = use("b", NOW.plusSeconds(60));

  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir Path folder;

  /** What every memory of used approvals must do, in a database. */
  abstract static class Contract extends ApprovalUsesContract {
    private final TestDatabase kind;
    @TempDir private Path folder;
    private @Nullable Database database;

    Contract(TestDatabase kind) {
      this.kind = kind;
    }

    @Override
    protected ApprovalUses open(int capacity, Clock clock) {
      Database known = database;
      if (known == null) {
        known = kind.open(folder);
        database = known;
      }
      return new SqlApprovalUses(known, capacity, clock);
    }

    @AfterEach
    void close() {
      if (database != null) {
        database.close();
      }
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
  void claim_inAnotherProcess_isRefused(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database one = Database.open(address, folder);
        Database other = Database.open(address, folder)) {
      assertThat(at(one, NOW).claim(List.of(A), SHARE)).isEmpty();
      assertThat(at(other, NOW).claim(List.of(A), SHARE)).containsExactly(A);
      assertThat(at(other, NOW).claim(List.of(B), SHARE)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_oneOfSeveralUsedBefore_usesNone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      ApprovalUses uses = at(database, NOW);
      assertThat(uses.claim(List.of(B), SHARE)).isEmpty();
      assertThat(uses.claim(List.of(A, B), SHARE)).containsExactly(B);
      assertThat(uses.claim(List.of(A), SHARE)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_pastItsEnd_isRefused(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertThat(at(database, A.until()).claim(List.of(A), SHARE)).containsExactly(A);
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_verifierWithASlowClock_doesNotReviveWhatAnotherUsed(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertThat(at(database, NOW).claim(List.of(A), SHARE)).isEmpty();
      Instant later = A.until().plus(Duration.ofHours(23));
      assertThat(at(database, later).claim(List.of(use("c", later.plusSeconds(9))), SHARE))
          .isEmpty();
      assertThat(at(database, NOW).claim(List.of(A), SHARE)).containsExactly(A);
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_byManyAtOnce_succeedsOnce(TestDatabase kind) throws Exception {
    int callers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try (Database database = kind.open(folder)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> claims = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        // In both orders: whoever waits for one must not hold the other.
        List<ApprovalUse> both = i % 2 == 0 ? List.of(A, B) : List.of(B, A);
        claims.add(
            threads.submit(
                () -> {
                  start.await();
                  return at(database, NOW).claim(both, SHARE).isEmpty();
                }));
      }
      start.countDown();
      int won = 0;
      for (Future<Boolean> claim : claims) {
        won += claim.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void claim_databaseClosed_isUnavailable(TestDatabase kind) {
    Database database = kind.open(folder);
    database.close();
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> at(database, NOW).claim(List.of(A), SHARE))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_UNAVAILABLE));
  }

  private static ApprovalUses at(Database database, Instant now) {
    return new SqlApprovalUses(database, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static ApprovalUse use(String digit, Instant until) {
    return new ApprovalUse(digit.repeat(64), until, 1);
  }
}
