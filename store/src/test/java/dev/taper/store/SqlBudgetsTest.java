package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.SharedBudgetsContract;
import dev.taper.testing.Refused;
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

class SqlBudgetsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Budgets.Charge CHARGE = new Budgets.Charge("a".repeat(64), 1, 1, null);
  private static final Budgets.Charge HOURLY =
      new Budgets.Charge("b".repeat(64), 1, 1, Duration.ofHours(1));

  @TempDir Path folder;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return Contract.chargesTo(new SqlBudgets(MemoryDatabase.await(address)));
    }
  }

  /** What every store of budgets must do that processes share. */
  abstract static class Contract extends SharedBudgetsContract {
    private final TestDatabase kind;
    @TempDir private Path folder;
    private @Nullable MemoryDatabase database;

    Contract(TestDatabase kind) {
      this.kind = kind;
    }

    static ContractClaims.Claimer chargesTo(Budgets budgets) {
      return claimer(budgets);
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
    protected Budgets open(int capacity) {
      return new SqlBudgets(database().open(), capacity);
    }

    @Override
    protected List<String> elsewhere() {
      return List.of(Opener.class.getName(), database().address());
    }

    @Override
    protected int callsOfThread() {
      return 50;
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
  void charge_verifierWithASlowClock_isNotHeldBack(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Budgets budgets = new SqlBudgets(database);
      charged(budgets, HOURLY, NOW);
      Instant ahead = NOW.plus(Duration.ofHours(20));
      charged(budgets, CHARGE, ahead);

      assertThat(budgets.look(List.of(HOURLY), NOW)).isEqualTo(new Budgets.Exhausted(0, 0));
      charged(budgets, HOURLY, NOW.plus(Duration.ofMinutes(62)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void charge_counterThatWasDropped_isNotRevivedByAClockSetBack(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      charged(new SqlBudgets(database), HOURLY, NOW);
      Instant later = NOW.plus(Duration.ofDays(2));
      charged(new SqlBudgets(database), CHARGE, later);

      assertThat(rows(database)).isEqualTo(1);
      charged(new SqlBudgets(database), HOURLY, NOW); // counts as of when the dropped one ended
      Instant beforeThatPassed = NOW.plus(Duration.ofHours(2));
      assertThat(new SqlBudgets(database).look(List.of(HOURLY), beforeThatPassed))
          .isEqualTo(new Budgets.Exhausted(0, 0));
    }
  }

  /** Or each call of who has used up its share costs as much as to count all rows. */
  @ParameterizedTest
  @EnumSource
  void charge_shareUsedUpAMomentAgo_isRefusedWithoutCounting(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Budgets budgets = new SqlBudgets(database, 12);
      for (int number = 0; number < 10; number++) {
        charged(budgets, numbered(number), NOW);
      }
      Refused.with(ErrorCode.BUDGETS_FULL, () -> budgets.charge(List.of(numbered(10)), SHARE, NOW));
      database.transaction(
          connection -> {
            try (var statement = connection.createStatement()) {
              return statement.executeUpdate("DELETE FROM budget_counter");
            }
          });

      Instant next = NOW.plus(Duration.ofSeconds(9));
      Refused.with(
          ErrorCode.BUDGETS_FULL, () -> budgets.charge(List.of(numbered(10)), SHARE, next));
      MemoryShare other = MemoryShare.of("user:bob", new byte[] {2});
      assertThat(budgets.charge(List.of(numbered(11)), other, next))
          .isInstanceOf(Budgets.Charged.class);
      charged(budgets, numbered(10), NOW.plus(Duration.ofSeconds(10)));
    }
  }

  /** Or each call with a new counter costs as much as to count all rows. */
  @ParameterizedTest
  @EnumSource
  void charge_overHalfFull_countsOnlyNowAndThen(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Budgets budgets = new SqlBudgets(database, 1000);
      fill(database, "ab", 260);
      fill(database, "bc", 300);
      charged(budgets, numbered(0), NOW);
      fill(database, "de", 439);

      Instant next = NOW.plus(Duration.ofSeconds(9));
      charged(budgets, numbered(1), next);
      Instant later = NOW.plus(Duration.ofSeconds(10));
      Refused.with(
          ErrorCode.BUDGETS_FULL, () -> budgets.charge(List.of(numbered(2)), SHARE, later));
    }
  }

  /** Counters of another delegator, made by another process. */
  private static void fill(Database database, String name, int count) {
    MemoryShare share = MemoryShare.of(name, new byte[] {3});
    Budgets others = new SqlBudgets(database, 1 << 20);
    for (int i = 0; i < count; i++) {
      Budgets.Charge charge = new Budgets.Charge(String.format("%s%062x", name, i), 1, 1, null);
      assertThat(others.charge(List.of(charge), share, NOW)).isInstanceOf(Budgets.Charged.class);
    }
  }

  private static Budgets.Charge numbered(int number) {
    return new Budgets.Charge(String.format("%064x", number), 1, 1, null);
  }

  private static int rows(Database database) {
    return database.read(
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("SELECT COUNT(*) FROM budget_counter")) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  private static void charged(Budgets budgets, Budgets.Charge charge, Instant now) {
    assertThat(budgets.charge(List.of(charge), SHARE, now)).isInstanceOf(Budgets.Charged.class);
  }

  @ParameterizedTest
  @EnumSource
  void anything_databaseClosed_isUnavailable(TestDatabase kind) {
    Database database = kind.open(folder);
    Budgets budgets = new SqlBudgets(database);
    Budgets.Charged charged = (Budgets.Charged) budgets.charge(List.of(CHARGE), SHARE, NOW);
    database.close();

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(CHARGE), SHARE, NOW));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.giveBack(charged));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.look(List.of(CHARGE), NOW));
  }
}
