package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void open_again_findsWhatWasStored(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      insert(database, "a1");
    }
    try (Database database = Database.openExisting(address, folder)) {
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void open_byManyAtOnce_makesTheTablesOnce(TestDatabase kind) throws Exception {
    int callers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      for (int round = 0; round < 3; round++) {
        String address = kind.create(folder);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> opened = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
          String id = "c" + i;
          opened.add(
              threads.submit(
                  () -> {
                    start.await();
                    try (Database database = Database.open(address, folder)) {
                      insert(database, id);
                      return true;
                    }
                  }));
        }
        start.countDown();
        for (Future<Boolean> each : opened) {
          assertThat(each.get()).isTrue();
        }
        try (Database database = Database.open(address, folder)) {
          assertThat(count(database)).isEqualTo(callers);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void open_tablesOfANewerProgram_isRefused(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      execute(
          database,
          "INSERT INTO taper_schema_history (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success)"
              + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'test', 1, "
              + (kind == TestDatabase.SQLITE ? "1" : "true")
              + ")");
    }
    assertRefused(address, ErrorCode.DATABASE_SCHEMA, "newer program");
  }

  @ParameterizedTest
  @EnumSource
  void open_tablesOfSomethingElse_isRefused(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      execute(database, "DROP TABLE taper_schema_history");
    }
    assertRefused(address, ErrorCode.DATABASE_SCHEMA, "something else");
  }

  @ParameterizedTest
  @EnumSource
  void look_database_tellsItsTablesAndTime(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      insert(database, "a1");
    }

    DatabaseState state = Database.look(address, folder);

    assertThat(state.version()).isEqualTo(state.expected()).isPositive();
    if (kind == TestDatabase.SQLITE) {
      assertThat(state.time()).isNull();
    } else {
      assertThat(state.time()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    }
  }

  @ParameterizedTest
  @EnumSource
  void look_olderTables_changesNothing(TestDatabase kind) {
    String address = kind.create(folder);
    try (Database database = Database.open(address, folder)) {
      execute(database, "DELETE FROM taper_schema_history WHERE version <> '1'");
    }

    assertThat(Database.look(address, folder).version()).isEqualTo(1);
    assertThat(Database.look(address, folder).version()).isEqualTo(1);
  }

  @Test
  void look_noFile_makesNone() {
    String address = TestDatabase.SQLITE.create(folder);

    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> Database.look(address, folder))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
    assertThat(Path.of(address.substring("sqlite:".length()))).doesNotExist();
  }

  @Test
  void open_emptiedFile_isAnErrorAndNoNewDatabase() throws Exception {
    String address = TestDatabase.SQLITE.create(folder);
    Path file = Path.of(address.substring("sqlite:".length()));
    try (Database database = Database.open(address, folder)) {
      insert(database, "used");
    }
    Files.write(file, new byte[0]);

    assertRefused(address, ErrorCode.DATABASE_SCHEMA, "was emptied");
    assertThat(Files.size(file)).isZero();
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> Database.openExisting(address, folder))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_SCHEMA));

    Files.delete(file);
    try (Database database = Database.open(address, folder)) {
      assertThat(count(database)).isZero();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".new"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void transaction_workThatFails_leavesNothing(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(
              () ->
                  database.transaction(
                      connection -> {
                        insert(connection, "b1");
                        throw new IllegalStateException("stop");
                      }));
      assertThat(count(database)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void transaction_statementThatIsRefused_isAFailure(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> execute(database, "SELECT nothing FROM nowhere"))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.db",
        "sqlite:",
        "jdbc:mysql://localhost/taper?password=hunter2",
        "jdbc:postgresql://alice:hunter2@localhost/taper",
        "jdbc:postgresql://localhost:port/taper?password=hunter2"
      })
  void open_addressThatIsNone_isRefusedWithoutQuotingSecrets(String address) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> Database.open(address, folder))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
              assertThat(e).hasMessageNotContaining("hunter2");
            });
  }

  @Test
  void open_serverThatIsNotThere_isUnavailableWithoutQuotingSecrets() {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(
            () ->
                Database.open(
                    "jdbc:postgresql://127.0.0.1:1/taper?user=t&password=hunter2", folder))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
              for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                assertThat(String.valueOf(cause.getMessage())).doesNotContain("hunter2");
              }
            });
  }

  @Test
  void openExisting_noSuchFile_isRefusedAndMakesNone() {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> Database.openExisting("sqlite:none.db", folder))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE));
    assertThat(folder.resolve("none.db")).doesNotExist();
  }

  @Test
  void open_newFile_isForItsOwnerOnly() throws Exception {
    try (Database database = Database.open("sqlite:own.db", folder)) {
      insert(database, "d1");
      for (String name : List.of("own.db", "own.db-wal", "own.db-shm")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
            .isEqualTo("rw-------");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"//db.example/taper", "//127.0.0.1.example/taper", "///taper"})
  void parse_anotherHost_verifiesItsCertificate(String rest) {
    assertThat(DatabaseAddress.parse("jdbc:postgresql:" + rest, folder).url())
        .endsWith("?sslmode=verify-full");
    assertThat(DatabaseAddress.parse("jdbc:postgresql:" + rest + "?sslmode=require", folder).url())
        .endsWith("?sslmode=require");
  }

  @ParameterizedTest
  @ValueSource(strings = {"//localhost/taper", "//127.0.0.1:5432/taper", "//[::1]/taper", "taper"})
  void parse_thisMachine_needsNoCertificate(String rest) {
    assertThat(DatabaseAddress.parse("jdbc:postgresql:" + rest, folder).url())
        .doesNotContain("sslmode");
  }

  @Test
  void parse_severalHosts_asksThePrimaryOne() {
    assertThat(parsed("//a,b:5433/taper"))
        .endsWith("/taper?sslmode=verify-full&targetServerType=primary");
    assertThat(parsed("//127.0.0.1:1,localhost/taper?user=t"))
        .endsWith("/taper?user=t&targetServerType=primary");
    assertThat(parsed("//localhost,b/taper")).contains("sslmode=verify-full");
    String told = "//127.0.0.1,localhost/taper?targetServerType=primary";
    assertThat(parsed(told)).endsWith(told);
    for (String other : List.of("any", "secondary", "preferSecondary", "preferPrimary", "")) {
      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(() -> parsed("//a,b/taper?user=t&targetServerType=" + other))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  private String parsed(String rest) {
    return DatabaseAddress.parse("jdbc:postgresql:" + rest, folder).url();
  }

  /** Who counts or remembers must not lose what the server said that it kept. */
  @Test
  void open_serverThatCommitsLater_commitsAtOnceForUs() throws SQLException {
    String address = TestDatabase.POSTGRESQL.create(folder);
    String name = address.replaceFirst("^.*/", "").replaceFirst("\\?.*$", "");
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + name + " SET synchronous_commit = off");
    }
    try (Database database = Database.open(address, folder)) {
      assertThat(synchronousCommit(database)).isEqualTo("on");
    }
  }

  private static String synchronousCommit(Database database) {
    return database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SHOW synchronous_commit")) {
            row.next();
            return row.getString(1);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void schema_version_isThatOfTheNewestFile(TestDatabase kind) {
    DatabaseAddress address = DatabaseAddress.parse(kind.create(folder), folder);
    MigrationInfo[] files = Schema.flyway(address, address.dataSource()).info().all();
    assertThat(files).hasSize(Schema.VERSION);
    assertThat(String.valueOf(files[files.length - 1].getVersion()))
        .isEqualTo(String.valueOf(Schema.VERSION));
  }

  private void assertRefused(String address, ErrorCode code, String message) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> Database.open(address, folder))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void insert(Database database, String id) {
    database.transaction(
        connection -> {
          insert(connection, id);
          return true;
        });
  }

  private static void insert(Connection connection, String id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO approval_use (id, ends_at) VALUES (?, 1)")) {
      insert.setString(1, id);
      insert.executeUpdate();
    }
  }

  private static int count(Database database) {
    return database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery("SELECT count(*) FROM approval_use")) {
            rows.next();
            return rows.getInt(1);
          }
        });
  }

  private static void execute(Database database, String sql) {
    database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }
}
