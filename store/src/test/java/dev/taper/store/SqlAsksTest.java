package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.approval.AsksContract;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqlAsksTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Ask ASK =
      new Ask(
          "a".repeat(64),
          MemoryShare.of("user:alice@acme.com", new byte[1]),
          NOW.plusSeconds(60),
          "{}",
          0);

  @TempDir Path folder;

  /** The contract; each {@link #open} has connections of its own, as another process has. */
  abstract static class Contract extends AsksContract {
    private final TestDatabase kind;
    @TempDir private Path folder;
    private @Nullable MemoryDatabase database;

    Contract(TestDatabase kind) {
      this.kind = kind;
    }

    @Override
    protected Asks open(long bytes) {
      MemoryDatabase known = database;
      if (known == null) {
        known = new MemoryDatabase(kind, folder);
        database = known;
      }
      return new SqlAsks(known.open(), bytes);
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
  @SuppressWarnings("CheckReturnValue") // each throws
  void anything_databaseClosed_isUnavailable(TestDatabase kind) {
    Database database = kind.open(folder);
    Asks asks = new SqlAsks(database);
    database.close();

    Refused.with(ErrorCode.DATABASE_FAILED, () -> asks.add(ASK, NOW));
    Refused.with(ErrorCode.DATABASE_FAILED, () -> asks.find(ASK.name(), NOW));
    Refused.with(ErrorCode.DATABASE_FAILED, () -> asks.heads(NOW));
    Refused.with(ErrorCode.DATABASE_FAILED, () -> asks.replace(ASK.changed("x"), NOW));
  }

  @ParameterizedTest
  @EnumSource
  void upgrade_tablesWithoutAsks_getThem(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      database.transaction(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.executeUpdate("DROP TABLE ask");
              statement.executeUpdate("ALTER TABLE forgotten DROP COLUMN server");
              statement.executeUpdate("ALTER TABLE forgotten DROP COLUMN lost_at");
              return statement.executeUpdate(
                  "DELETE FROM taper_schema_history WHERE version IN ('6', '7')");
            }
          });
    }
    try (Database database = Database.open(address, folder)) {
      Asks asks = new SqlAsks(database);
      assertThat(asks.add(ASK, NOW)).isEqualTo(Asks.Kept.YES);
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> new SqlAsks(database, 0));
    }
  }
}
