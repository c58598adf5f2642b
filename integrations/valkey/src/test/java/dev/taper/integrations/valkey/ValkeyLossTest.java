package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import dev.taper.testing.ValkeyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that may have lost something refuses for as long as that could matter. */
@Timeout(120)
class ValkeyLossTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Duration WINDOW = Duration.ofSeconds(150); // 30 ahead, and for the clocks
  private static final Duration APPROVALS = Duration.ofHours(24);
  private static final Duration CLOCKS = Duration.ofMinutes(2);
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir Path folder;
  @TempDir Path otherFolder;

  private final SettableClock clock = new SettableClock(NOW);
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private String name = "a";

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose) {
      each.close();
    }
  }

  private ValkeyServer server(Path place, List<String> settings) throws Exception {
    ValkeyServer server = ValkeyServer.start(place, settings);
    toClose.add(server);
    return server;
  }

  private ValkeyStore open(ValkeyServer server) {
    ValkeyStore store =
        ValkeyStore.at(server.address(name)).longestApproval(APPROVALS).clock(clock).open();
    toClose.add(0, store);
    return store;
  }

  private ValkeyStore begun(ValkeyServer server) {
    ValkeyStore store = open(server);
    store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
    return store;
  }

  private static ReplayMemory.Use proof(int number, Instant issuedAt) {
    return new ReplayMemory.Use(
        String.format("%064x", number), issuedAt, issuedAt.plusSeconds(60).plusMillis(1));
  }

  private static ApprovalUses.Use approval(int number, Instant until) {
    return ApprovalUses.Use.once(String.format("%064x", number), until);
  }

  private static Budgets.Charge charge(int number, Duration window) {
    return new Budgets.Charge(String.format("%064x", number), 1, 1, window);
  }

  private static Budgets.Charge forEver(int number) {
    return new Budgets.Charge(String.format("%064x", number), 1, 1, null);
  }

  private boolean claims(ValkeyStore store, int number) {
    return store.replayMemory().claim(proof(number, clock.instant()), ALICE, clock.instant());
  }

  /** Asks again until there is an answer, or a refusal that says this. */
  private static <T> T answer(Supplier<T> question) throws InterruptedException {
    while (true) {
      try {
        return question.get();
      } catch (TaperException e) {
        if (String.valueOf(e.getMessage()).contains("may have lost")) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private void assertClosed(ValkeyStore store, int number) {
    TaperException e =
        catchThrowableOfType(TaperException.class, () -> answer(() -> claims(store, number)));
    assertThat(e).as("claimed").isNotNull();
    assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
    assertThat(e.getMessage()).contains("may have lost what was kept of used proofs");
  }

  /** Closed up to the last moment of the window, and open after it. */
  private void assertProofsClosedForTheirWindow(ValkeyStore store) {
    assertClosed(store, 100);
    clock.forward(WINDOW);
    assertClosed(store, 101);
    clock.forward(Duration.ofMillis(1));
    assertThat(claims(store, 102)).isTrue();
    assertThat(claims(store, 102)).isFalse();
  }

  @Test
  void restart_serverThatKeepsWhatItConfirms_forgetsNothingAndOpensAgain() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(server);
    assertThat(claims(store, 1)).isTrue();
    Instant until = NOW.plusSeconds(600);
    assertThat(store.approvalUses().claim(List.of(approval(1, until)), ALICE, NOW)).isEmpty();
    assertThat(store.budgets().charge(List.of(forEver(1)), ALICE, NOW))
        .isInstanceOf(Budgets.Charged.class);

    server.kill();
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(store, 2));
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> store.approvalUses().claim(List.of(approval(2, until)), ALICE, NOW));
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        () -> store.budgets().charge(List.of(forEver(2)), ALICE, NOW));
    server.start(ValkeyServer.DURABLE);

    long start = System.nanoTime();
    assertThat(answer(() -> claims(store, 1))).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(claims(store, 3)).isTrue();
    assertThat(store.approvalUses().claim(List.of(approval(1, until)), ALICE, NOW)).isNotEmpty();
    assertThat(store.budgets().charge(List.of(forEver(1)), ALICE, NOW))
        .isEqualTo(new Budgets.Exhausted(0, 0));
  }

  @Test
  void restart_serverThatKeepsNothing_refusesProofsForTheirWindow() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.FORGETFUL);
    ValkeyStore store = begun(server);
    assertThat(claims(store, 1)).isTrue();

    server.kill();
    server.start(ValkeyServer.FORGETFUL);

    assertClosed(store, 1);
    assertProofsClosedForTheirWindow(store);
  }

  @Test
  void restart_serverThatKeepsMost_refusesProofsForTheirWindow() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.EVERY_SECOND);
    ValkeyStore store = begun(server);
    assertThat(claims(store, 1)).isTrue();

    server.kill();
    server.start(ValkeyServer.EVERY_SECOND);

    assertProofsClosedForTheirWindow(store);
  }

  /** All processes may have ended with the server: nobody is there who knows of the loss. */
  @Test
  void open_emptyServerAndNobodyWhoKnowsIt_refusesLikeOneThatLostAll() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);

    assertProofsClosedForTheirWindow(open(server));
  }

  @Test
  void restart_sinceThenKeepsWhatItConfirms_doesNotVouchForTheTimeBefore() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.EVERY_SECOND);
    ValkeyStore store = begun(server);
    assertThat(claims(store, 1)).isTrue();

    server.kill();
    server.start(ValkeyServer.DURABLE);

    assertClosed(store, 2);
  }

  @Test
  void flush_everything_refusesEachMemoryForItsLongestWindow() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(server);
    ApprovalUses uses = store.approvalUses();
    Budgets budgets = store.budgets();
    Instant until = NOW.plus(APPROVALS);
    assertThat(claims(store, 1)).isTrue();
    assertThat(uses.claim(List.of(approval(1, until)), ALICE, NOW)).isEmpty();
    Budgets.Charge hourly = charge(2, Duration.ofHours(1));
    budgets.charge(List.of(forEver(1), hourly), ALICE, NOW);

    assertThat(server.tell("FLUSHALL")).isEqualTo("+OK");

    assertClosed(store, 1);
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "may have lost what was kept of uses of approvals",
        () -> uses.claim(List.of(approval(1, until)), ALICE, until));
    Instant hourLater = NOW.plus(Duration.ofMinutes(61)).plus(CLOCKS);
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        "may have lost what was kept of budgets",
        () -> budgets.charge(List.of(hourly), ALICE, hourLater));
    assertThat(budgets.charge(List.of(hourly), ALICE, hourLater.plusMillis(1)))
        .isInstanceOf(Budgets.Charged.class);
    Instant longAfter = NOW.plus(Duration.ofDays(3000));
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(forEver(1)), ALICE, longAfter));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.look(List.of(forEver(1)), longAfter));
    Instant closed = until.plusSeconds(30).plus(CLOCKS); // for approvers whose clocks are ahead
    Instant open = closed.plusMillis(1);
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> uses.claim(List.of(approval(3, open.plusSeconds(60))), ALICE, closed));
    assertThat(uses.claim(List.of(approval(3, open.plusSeconds(60))), ALICE, open)).isEmpty();

    store.begin(EnumSet.of(ValkeyStore.Memory.BUDGETS));
    assertThat(budgets.charge(List.of(forEver(1)), ALICE, NOW)).isInstanceOf(Budgets.Charged.class);
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> uses.claim(List.of(approval(2, until)), ALICE, NOW));
  }

  /**
   * The clocks of services differ: who notes it may be behind the one that noted an earlier one.
   */
  @Test
  void flush_twice_theLaterOfBothTimesCounts() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(server);
    assertThat(server.tell("FLUSHALL")).isEqualTo("+OK");
    assertClosed(store, 1);
    store.close();

    clock.set(NOW.minus(CLOCKS));
    assertThat(server.tell("HSET {taper:a}:store pn 1")).isEqualTo(":0");
    ValkeyStore late = open(server);
    assertClosed(late, 2);
    clock.set(NOW.plusSeconds(30));
    assertClosed(late, 3);
    clock.set(NOW.plus(WINDOW));
    assertClosed(late, 4);
  }

  /** As when it is evicted. */
  @Test
  void delete_aKeyOfOneMemory_refusesThatMemory() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    for (String key : List.of("proof:uses", "proof:ends")) {
      name = "store-" + key.replace(':', '-');
      ValkeyStore store = begun(server);
      assertThat(claims(store, 1)).isTrue();
      assertThat(store.budgets().charge(List.of(forEver(1)), ALICE, NOW))
          .isInstanceOf(Budgets.Charged.class);

      assertThat(server.tell("DEL {taper:" + name + "}:" + key)).isEqualTo(":1");

      assertClosed(store, 1);
      assertThat(store.budgets().charge(List.of(forEver(1)), ALICE, NOW))
          .isEqualTo(new Budgets.Exhausted(0, 0));
      assertProofsClosedForTheirWindow(store);
    }
  }

  @Test
  void settings_thatKeepLessThanIsConfirmed_refuseApprovalsAndBudgets() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(server);
    ApprovalUses uses = store.approvalUses();
    Budgets budgets = store.budgets();
    for (String setting :
        List.of("appendfsync everysec", "maxmemory-policy allkeys-lru", "appendonly no")) {
      String name = setting.split(" ", 2)[0];
      String before =
          name.equals("appendonly")
              ? "yes"
              : ValkeyServer.DURABLE.get(ValkeyServer.DURABLE.indexOf("--" + name) + 1);
      assertThat(server.tell("CONFIG SET " + setting)).isEqualTo("+OK");
      ValkeyStore late = open(server);

      Refused.with(ErrorCode.DATABASE_FAILED, setting.replace(" ", " is "), late::approvalUses);
      Refused.with(ErrorCode.DATABASE_FAILED, setting.replace(" ", " is "), late::budgets);
      while (refusesApprovals(uses) == null) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(refusesApprovals(uses)).contains(setting.replace(" ", " is "));
      Refused.with(
          ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(forEver(1)), ALICE, NOW));
      assertThat(claims(store, setting.hashCode() & 0xffff)).isTrue();

      assertThat(server.tell("CONFIG SET " + name + " " + before)).isEqualTo("+OK");
      while (refusesApprovals(uses) != null) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static @Nullable String refusesApprovals(ApprovalUses uses) {
    try {
      assertThat(uses.claim(List.of(), ALICE, NOW)).isEmpty();
      return uses.claim(List.of(approval(77, NOW)), ALICE, NOW).isEmpty() ? "" : null;
    } catch (TaperException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void promote_replica_refusesLikeOneThatLostSomething() throws Exception {
    ValkeyServer first = server(folder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(first);
    assertThat(claims(store, 1)).isTrue();
    ValkeyServer second = server(otherFolder, ValkeyServer.DURABLE);
    assertThat(second.tell("REPLICAOF 127.0.0.1 " + first.port())).isEqualTo("+OK");
    while (!second.tell("HGET {taper:a}:store sequence").startsWith("$1")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    ValkeyStore ofReplica = open(second);
    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, "is a replica", () -> claims(ofReplica, 2));

    first.kill();
    assertThat(second.tell("REPLICAOF NO ONE")).isEqualTo("+OK");

    assertProofsClosedForTheirWindow(ofReplica);
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE,
        () -> ofReplica.budgets().charge(List.of(forEver(1)), ALICE, clock.instant()));
  }

  /** It followed another server for a moment, between two looks: the script itself sees it. */
  @Test
  void claim_demotedAndPromotedSince_isRefusedAtOnce() throws Exception {
    ValkeyServer first = server(folder, ValkeyServer.DURABLE);
    ValkeyServer other = server(otherFolder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(first);
    assertThat(claims(store, 1)).isTrue();

    assertThat(first.tell("REPLICAOF 127.0.0.1 " + other.port())).isEqualTo("+OK");
    assertThat(first.tell("REPLICAOF NO ONE")).isEqualTo("+OK");

    Refused.with(ErrorCode.REPLAY_CACHE_UNAVAILABLE, () -> claims(store, 2));
    assertProofsClosedForTheirWindow(store);
  }

  @Test
  void restore_olderState_isNoticedByWhoWasToldMore() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    ValkeyStore store = begun(server);
    assertThat(claims(store, 1)).isTrue();
    Path log = folder.resolve("appendonlydir");
    copy(log, otherFolder);
    assertThat(claims(store, 2)).isTrue();

    server.kill();
    copy(otherFolder, log);
    server.start(ValkeyServer.DURABLE);

    assertClosed(store, 2);
    assertProofsClosedForTheirWindow(store);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path each : files.toList()) {
        Files.write(to.resolve(each.getFileName()), Files.readAllBytes(each));
      }
    }
  }

  @Test
  void begin_byOneProcess_isSeenByTheOthers() throws Exception {
    ValkeyServer server = server(folder, ValkeyServer.DURABLE);
    ValkeyStore one = open(server);
    ValkeyStore other = open(server);
    assertClosed(other, 1);

    one.begin(EnumSet.of(ValkeyStore.Memory.PROOFS));

    assertThat(answer(() -> claimsOrWaits(other, 2))).isTrue();
    assertThat(claims(one, 2)).isFalse();
    Refused.with(
        ErrorCode.BUDGET_UNAVAILABLE, () -> one.budgets().charge(List.of(forEver(1)), ALICE, NOW));
  }

  private boolean claimsOrWaits(ValkeyStore store, int number) {
    try {
      return claims(store, number);
    } catch (TaperException e) {
      throw new TaperException(ErrorCode.REPLAY_CACHE_UNAVAILABLE, "not yet", e);
    }
  }
}
