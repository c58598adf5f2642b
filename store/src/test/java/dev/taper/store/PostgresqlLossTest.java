package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.Refused;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that may have lost what it confirmed is noticed, and refuses for as long as it matters.
 */
@Timeout(120)
class PostgresqlLossTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Duration LONGEST = Duration.ofHours(2);

  /** How far ahead of verifiers the clocks of approvers may be. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(5);
  private static final Duration CLOCKS = Duration.ofMinutes(2);

  @TempDir static Path made;
  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void make() throws Exception {
    PostgresqlServer.make(made.resolve("server"));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private PostgresqlServer server() throws Exception {
    PostgresqlServer.copyFolder(made.resolve("server"), folder.resolve("server"));
    PostgresqlServer server = PostgresqlServer.start(folder.resolve("server"));
    opened.add(server);
    return server;
  }

  /** The memories of a verifier that is told these hosts. */
  private SqlMemories memories(String hosts) {
    Database database =
        Database.open("jdbc:postgresql://" + hosts + "/postgres?user=postgres", folder);
    opened.add(0, database);
    return new SqlMemories(database, LONGEST);
  }

  private static ReplayMemory.Use proof(String name, Instant at) {
    return new ReplayMemory.Use(name.repeat(64), at, at.plusSeconds(60));
  }

  private static boolean claims(SqlMemories memories, String name, Instant at) {
    return memories.claim(proof(name, at), ALICE, at);
  }

  private static Budgets.Charge charge(String name, @Nullable Duration window) {
    return new Budgets.Charge(name.repeat(64), 1, 10, window);
  }

  private static void charge(SqlMemories memories, @Nullable Duration window, Instant at) {
    String name = window == null ? "1" : "2";
    assertThat(memories.budgets().charge(List.of(charge(name, window)), ALICE, at))
        .isInstanceOf(Budgets.Charged.class);
  }

  private static boolean uses(SqlMemories memories, String name, Instant at) {
    ApprovalUses.Use use = ApprovalUses.Use.once(name.repeat(64), at.plus(LONGEST));
    return memories.approvalUses().claim(List.of(use), ALICE, at).isEmpty();
  }

  /** Everything is refused at a time, and open again when what was lost matters no more. */
  private static void assertClosedFrom(SqlMemories memories, Instant lost) {
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(memories, "9", lost));
    Refused.with(ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses(memories, "9", lost));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(memories, HOUR, lost));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(memories, null, lost));
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        () -> memories.budgets().look(List.of(charge("1", null)), lost));

    Instant proofs = lost.plusSeconds(60).plus(CLOCKS);
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(memories, "8", proofs));
    assertThat(claims(memories, "8", proofs.plusMillis(1))).isTrue();
    Instant budgets = lost.plus(HOUR).plus(CLOCKS);
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(memories, HOUR, budgets));
    charge(memories, HOUR, budgets.plusMillis(1));
    Instant approvals = lost.plus(LONGEST).plus(AHEAD).plus(CLOCKS);
    Refused.with(ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses(memories, "8", approvals));
    assertThat(uses(memories, "8", approvals.plusMillis(1))).isTrue();
    Instant longAfter = lost.plus(Duration.ofDays(400));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(memories, null, longAfter));
  }

  private static final String BEGIN =
      "UPDATE forgotten SET lost_at = NULL WHERE memory = 'budget_counter'";

  /** The primary is killed, and a copy that lacks its last claims goes on. */
  @Test
  void promoted_copyThatIsBehind_refusesWhatItMayLack() throws Exception {
    PostgresqlServer primary = server();
    PostgresqlServer copy = primary.startCopy(folder.resolve("copy"));
    opened.add(copy);
    String hosts = copy.host() + "," + primary.host(); // the copy is asked first, and not taken
    SqlMemories memories = memories(hosts);
    assertThat(claims(memories, "a", NOW)).isTrue();
    charge(memories, null, NOW);
    primary.awaitCopy(copy);
    copy.standStill();
    assertThat(claims(memories, "b", NOW)).isTrue();
    assertThat(uses(memories, "b", NOW)).isTrue();

    primary.kill();
    copy.tell("SELECT pg_promote()");
    long start = System.nanoTime();
    assertLost(memories, "b");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(OPEN_AGAIN);

    assertThat(claims(memories, "a", NOW)).isFalse();
    SqlMemories another = memories(hosts); // as in a process that knows nothing of it
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(another, "b", NOW));
    assertClosedFrom(memories, NOW);
    copy.tell(BEGIN);
    charge(memories, null, NOW);

    // The server that was replaced comes back, and is not asked by whoever knows the other one.
    copy.kill();
    primary.start();
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(memories, "c", NOW.plus(HOUR)));
  }

  private static void assertLost(SqlMemories memories, String name) throws InterruptedException {
    while (true) {
      try {
        boolean claimed =
            Deadline.in(Duration.ofSeconds(1)).during(() -> claims(memories, name, NOW));
        assertThat(claimed).as("it was claimed before").isFalse();
        throw new AssertionError("the copy knows what it never got");
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
        if (String.valueOf(e.getMessage()).contains("may have lost")) {
          return;
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** By a process that was told of more than it knows now. */
  @Test
  void restored_olderState_refusesWhatItMayLack() throws Exception {
    PostgresqlServer server = server();
    SqlMemories memories = memories(server.host());
    assertThat(claims(memories, "a", NOW)).isTrue();
    server.stop();
    server.save(folder.resolve("saved"));
    server.start();
    assertThat(claims(memories, "b", NOW)).isTrue();

    server.stop();
    server.start();
    assertThat(claims(memories, "b", NOW)).as("nothing was lost").isFalse();
    assertThat(claims(memories, "c", NOW)).isTrue();

    server.stop();
    server.restore(folder.resolve("saved"));
    server.start();

    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(memories, "b", NOW));
    assertClosedFrom(memories, NOW);
  }

  @Test
  void setting_serverThatDoesNotKeepWhatItConfirms_isRefusedAndNotTrustedLater() throws Exception {
    PostgresqlServer server = server();
    SqlMemories memories = memories(server.host());
    assertThat(claims(memories, "a", NOW)).isTrue();

    for (String setting : List.of("fsync", "full_page_writes")) {
      server.tell("ALTER SYSTEM SET " + setting + " = off");
      server.tell("SELECT pg_reload_conf()");
      while (!"off".equals(server.ask("SHOW " + setting))) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThatThrownBy(() -> claims(memories, "b", NOW.plus(HOUR)))
          .hasMessageContaining("fsync and full_page_writes have to be on");
      Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(memories, HOUR, NOW));
      server.tell("ALTER SYSTEM RESET " + setting);
      server.tell("SELECT pg_reload_conf()");
      while (!"on".equals(server.ask("SHOW " + setting))) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
    assertClosedFrom(memories, NOW.plus(HOUR));
  }

  /** As after a dump was read into another server. */
  @Test
  void moved_toAnotherSystem_refusesWhatItMayLack() {
    String address = TestDatabase.POSTGRESQL.create(folder);
    Database before = Database.open(address, folder);
    opened.add(before);
    assertThat(claims(new SqlMemories(before, LONGEST), "a", NOW)).isTrue();
    int noted =
        before.transaction(
            connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(
                    "UPDATE forgotten SET server = '7/00000009' WHERE server LIKE '%/00000001'");
              }
            });
    assertThat(noted).as("what each memory has of its server").isEqualTo(3);

    Database after = Database.open(address, folder);
    opened.add(after);
    assertClosedFrom(new SqlMemories(after, LONGEST), NOW);
  }

  /** Or what is refused after a loss would not be refused for long enough. */
  @Test
  void claim_lastingLongerThanTheMemoryKnows_isRefused() throws Exception {
    Database database = TestDatabase.POSTGRESQL.open(folder);
    opened.add(database);
    SqlMemories memories = new SqlMemories(database, LONGEST);

    Instant latest = NOW.plus(LONGEST).plus(AHEAD);
    ApprovalUses.Use longest = ApprovalUses.Use.once("b".repeat(64), latest);
    assertThat(memories.approvalUses().claim(List.of(longest), ALICE, NOW)).isEmpty();
    ApprovalUses.Use longer = ApprovalUses.Use.once("a".repeat(64), latest.plusMillis(1));
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> memories.approvalUses().claim(List.of(longer), ALICE, NOW));
    ReplayMemory.Use ahead = proof("a", NOW.plusSeconds(60).plusMillis(1));
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> memories.claim(ahead, ALICE, NOW));
    assertThat(memories.claim(proof("b", NOW.plusSeconds(60)), ALICE, NOW)).isTrue();

    // The caller chose to ask for that, so it says nothing of the server.
    assertThatThrownBy(() -> memories.approvalUses().claim(List.of(longer), ALICE, NOW))
        .hasRootCauseMessage("the server answers, and not to this");
    assertThatThrownBy(() -> memories.take(ahead, List.of(), List.of(), ALICE, NOW))
        .hasRootCauseMessage("the server answers, and not to this");
  }
}
