package dev.taper.store.registry;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.store.Database;
import dev.taper.store.TestDatabase;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UsageBufferTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final RegistryQuery ALL = RegistryQuery.living();

  @TempDir Path folder;
  private final Story story = new Story();

  @ParameterizedTest
  @EnumSource
  void flush_callsOfSeveralChains_areAdded(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      AgentToken token = story.atResearcher(story.atPlanner());
      UsageBuffer buffer = UsageBuffer.into(registry, NEVER);
      story.call(buffer, token, story.researcherKey, "jira.search");
      story.call(buffer, token, story.researcherKey, "jira.delete");
      assertThat(registry.find(ALL)).isEmpty();

      buffer.flush();
      story.call(buffer, token, story.researcherKey, "jira.search");
      story.call(buffer, story.atPlanner(Story.BOB, "T-2"), story.plannerKey, "jira.read");
      buffer.close();
      buffer.close();

      assertThat(registry.find(ALL))
          .extracting(Delegated::task, Delegated::calls, Delegated::denied)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("T-1", 2L, 1L),
              org.assertj.core.groups.Tuple.tuple("T-1", 2L, 1L),
              org.assertj.core.groups.Tuple.tuple("T-2", 1L, 0L));
      assertThat(codeOf(story.call(buffer, token, story.researcherKey, "jira.search")))
          .isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void flush_databaseFails_keepsTheCallsForTheNextTime(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);
      UsageBuffer buffer = UsageBuffer.into(registry, NEVER);
      AgentToken token = story.atPlanner();
      story.call(buffer, token, story.plannerKey, "jira.search");
      execute(database, "ALTER TABLE tool_use RENAME TO gone");

      assertThatExceptionOfType(TaperException.class)
          .isThrownBy(buffer::flush)
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
      story.call(buffer, token, story.plannerKey, "jira.search");
      execute(database, "ALTER TABLE gone RENAME TO tool_use");
      buffer.close();

      assertThat(registry.find(ALL)).singleElement().matches(d -> d.calls() == 2);
    }
  }

  /** Otherwise all later calls would be refused as soon as there is no room for more. */
  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void flush_errorByItself_keepsTheCallsAndGoesOn(TestDatabase kind) throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            if (Thread.currentThread().getName().equals("taper-registry")
                && failed.compareAndSet(false, true)) {
              throw new OutOfMemoryError("a test's");
            }
            return story.clock.instant();
          }

          @Override
          public ZoneId getZone() {
            return story.clock.getZone();
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, clock);
      try (UsageBuffer buffer = UsageBuffer.into(registry, Duration.ofMillis(1))) {
        story.call(buffer, story.atPlanner(), story.plannerKey, "jira.search");
        while (registry.find(ALL).isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        assertThat(failed).isTrue();
        assertThat(registry.find(ALL)).singleElement().matches(d -> d.calls() == 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void decided_asManyRowsWaitAsAreHeld_isRefused(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      UsageBuffer buffer = UsageBuffer.into(new Registry(database, story.clock), 2, NEVER);
      AgentToken token = story.atPlanner();
      assertThat(story.call(buffer, token, story.plannerKey, "jira.search").allowed()).isTrue();
      assertThat(codeOf(story.call(buffer, token, story.plannerKey, "jira.search")))
          .isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
      buffer.flush();
      assertThat(story.call(buffer, token, story.plannerKey, "jira.search").allowed()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void decided_chainOfManyTools_countsAllItsRows(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      int rows = ChainRecord.MAX_TOOLS;
      UsageBuffer buffer = UsageBuffer.into(new Registry(database, story.clock), rows, NEVER);
      AgentToken token = story.atPlannerOfMany(Story.ALICE);
      assertThat(story.call(buffer, token, story.plannerKey, "jira.search").allowed()).isTrue();
      assertThat(codeOf(story.call(buffer, token, story.plannerKey, "jira.search")))
          .isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void decided_manyNewChainsAndToolsOfOneAuthority_countForWhatIsKnown(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      UsageBuffer buffer = UsageBuffer.into(new Registry(database, story.clock), NEVER);
      assertRowsAreBounded(database, buffer, buffer::flush);
      buffer.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void registryDecided_manyNewChainsAndToolsOfOneAuthority_countForWhatIsKnown(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertRowsAreBounded(database, new Registry(database, story.clock), () -> {});
    }
  }

  /** The holder hands on to one new key of its own after the other, each calling another tool. */
  private void assertRowsAreBounded(Database database, DecisionListener listener, Runnable flush) {
    Registry registry = new Registry(database, story.clock);
    int calls = RowLimiter.BURST / ChainRecord.MAX_TOOLS;
    AgentToken token = story.atPlannerOfMany(Story.ALICE);
    AgentToken chain = token;
    PrivateKey key = story.plannerKey;
    for (int i = 0; i < calls; i++) {
      key = PrivateKey.generate(Algorithm.ED25519);
      Hop hop = Hop.to(Agent.of("agent:worker", key.publicKey()));
      chain = token.delegate(story.plannerKey, hop, story.clock);
      assertThat(story.call(listener, chain, key, "jira.tool" + i).allowed()).isTrue();
    }
    int more = 2 * chain.chain().hops().size() * (ChainRecord.MAX_TOOLS + 10);
    for (int i = 0; i < more; i++) {
      story.call(listener, token, story.plannerKey, "jira.more" + i);
    }
    story.call(listener, chain, key, "crm.other");
    story.call(listener, story.atPlanner(Story.BOB, "T-2"), story.plannerKey, "jira.search");
    flush.run();

    List<Delegated> alices = registry.find(ALL.delegator(Story.ALICE));
    assertThat(alices).hasSizeBetween(10, calls / 2 + 1);
    assertThat(alices.get(0).calls()).isEqualTo(calls + more);
    assertThat(count(database, "SELECT count(DISTINCT tool) FROM tool_use"))
        .isLessThan(alices.size() + more);
    assertThat(alices.get(0).denied()).isEqualTo(1);
    assertThat(registry.find(ALL.delegator(Story.BOB))).hasSize(1);

    story.clock.forward(Duration.ofMillis(RowLimiter.MILLIS_PER_ROW * RowLimiter.BURST));
    story.call(listener, chain, key, "jira.tool");
    flush.run();
    assertThat(registry.find(ALL.delegator(Story.ALICE))).hasSize(alices.size() + 1);
  }

  @ParameterizedTest
  @EnumSource
  void flush_byTwoWritersOfTheSameChains_losesNothing(TestDatabase kind) throws Exception {
    String address = kind.create(folder);
    int rounds = 20;
    List<AgentToken> tokens = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tokens.add(story.atResearcher(story.atPlanner(Story.ALICE, "T-" + i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Database one = Database.open(address, folder);
        Database other = Database.open(address, folder)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> writers = new ArrayList<>();
      for (Database each : List.of(one, other)) {
        writers.add(
            threads.submit(
                () -> {
                  UsageBuffer buffer = UsageBuffer.into(new Registry(each, story.clock), NEVER);
                  start.await();
                  for (int round = 0; round < rounds; round++) {
                    // In another order every time: whoever waits must not hold what others need.
                    for (int i = 0; i < tokens.size(); i++) {
                      AgentToken token = tokens.get((i + round) % tokens.size());
                      story.call(buffer, token, story.researcherKey, "jira.search");
                    }
                    buffer.flush();
                  }
                  buffer.close();
                  return true;
                }));
      }
      start.countDown();
      for (Future<Boolean> writer : writers) {
        assertThat(writer.get()).isTrue();
      }
      assertThat(new Registry(one, story.clock).find(ALL))
          .hasSize(8)
          .allMatch(d -> d.calls() == 2L * rounds);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int count(Database database, String sql) {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
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
