package dev.taper.integrations.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.trust.RootKeySet;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VerifierMetersTest {
  private final World world = new World();
  private final MockClock clock = new MockClock();
  private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final VerifierMeters meters = VerifierMeters.of(registry);

  private double counted(String code) {
    return registry
        .get("taper.decisions")
        .tags("code", code, "observed", "false")
        .counter()
        .count();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void decided_calls_areCountedWithTheirHopsAndTimes() {
    Verifier verifier = world.verifier().listener(meters).build();
    AgentToken token = world.token("T-1");
    assertThat(world.decide(verifier, token, world.search()).allowed()).isTrue();
    assertThat(world.decide(verifier, token, world.search()).allowed()).isTrue();
    ToolCall delete = world.catalog.call("jira.delete", "{}");
    assertThat(world.decide(verifier, token, delete).allowed()).isFalse();
    assertThat(verifier.decide(Credentials.of(token.encodeBase64(), null), delete).allowed())
        .isFalse();

    assertThat(counted("allowed")).isEqualTo(2);
    assertThat(counted("out_of_scope")).isEqualTo(1);
    assertThat(counted("proof_required")).isEqualTo(1);
    assertThat(registry.get("taper.decision.hops").summary().count()).isEqualTo(4);
    assertThat(registry.get("taper.decision.hops").summary().max()).isEqualTo(2);
    Timer allowed = registry.get("taper.decision.time").tag("outcome", "allowed").timer();
    assertThat(allowed.count()).isEqualTo(2);
    assertThat(allowed.totalTime(TimeUnit.NANOSECONDS)).isPositive();
    assertThat(registry.get("taper.decision.time").tag("outcome", "denied").timer().count())
        .isEqualTo(2);
  }

  /** Whoever has tokens of its own makes no meter, and finds nothing of itself in one. */
  @Test
  void decided_callsOfManyTokensTasksAndArguments_makeNoMoreMeters() {
    Verifier verifier = world.verifier().listener(meters).build();
    meters.watch(World.AUDIENCE, verifier::health);
    assertThat(world.decide(verifier, world.token("T-0"), world.search()).allowed()).isTrue();
    int before = registry.getMeters().size();

    for (int i = 1; i < 20; i++) {
      AgentToken token = world.token("secret-task-" + i);
      ToolCall call = world.catalog.call("jira.search", "{\"query\": \"" + i + "\"}");
      assertThat(world.decide(verifier, token, call).allowed()).isTrue();
    }

    assertThat(registry.getMeters()).hasSize(before);
    assertThat(registry.getMeters().toString() + all())
        .doesNotContain("secret-task", World.SECRET, "jira.search", "alice", "agent:");
    assertThat(DenialCode.values()).hasSizeLessThan(100);
  }

  private String all() {
    StringBuilder all = new StringBuilder();
    for (Meter meter : registry.getMeters()) {
      all.append(meter.getId()).append(' ');
      meter.getId().getTags().forEach(tag -> all.append(tag.getKey()).append(tag.getValue()));
    }
    return all.toString();
  }

  @Test
  void watch_verifier_showsWhatItHasAndNothingElse() {
    Verifier verifier = world.verifier().callsAtOnce(8, 4).listener(meters).build();
    meters.watch(World.AUDIENCE, verifier::health).watchKnownKeys();
    AgentToken token = world.token("T-1");
    assertThat(world.decide(verifier, token, world.search()).allowed()).isTrue();
    assertThat(world.decide(verifier, token, world.search()).allowed()).isTrue();
    clock.add(Duration.ofSeconds(1));

    assertThat(gauge("taper.verifier.ready")).isEqualTo(1);
    assertThat(gauge("taper.verifier.observes")).isZero();
    assertThat(gauge("taper.calls.now")).isZero();
    assertThat(gauge("taper.calls.limit")).isEqualTo(8);
    assertThat(registry.get("taper.calls.shed").functionCounter().count()).isZero();
    assertThat(
            registry.get("taper.token.cache.gets").tag("result", "hit").functionCounter().count())
        .isEqualTo(1);
    assertThat(
            registry.get("taper.token.cache.gets").tag("result", "miss").functionCounter().count())
        .isEqualTo(1);
    assertThat(gauge("taper.token.cache.entries")).isEqualTo(2);
    assertThat(gauge("taper.memory.entries", "memory", "proofs")).isEqualTo(2);
    assertThat(gauge("taper.memory.capacity", "memory", "proofs"))
        .isEqualTo((double) verifier.health().replays().capacity());
    assertThat(gauge("taper.known.keys.max.bytes")).isPositive();
    Set<String> tags = new TreeSet<>();
    for (Meter meter : registry.getMeters()) {
      meter.getId().getTags().stream().map(Tag::getKey).forEach(tags::add);
    }
    assertThat(tags)
        .containsExactly(
            "code", "le", "memory", "observed", "outcome", "result", "service", "store", "what");
    assertThat(registry.find("taper.alone").meter()).isNull();
    assertThat(registry.find("taper.revocation.age").meter()).isNull();
  }

  /** A snapshot is of one moment, and no more is asked of a verifier however often one looks. */
  @Test
  void watch_manyLooks_askTheVerifierOnceASecond() {
    Verifier verifier = world.verifier().build();
    int[] asked = {0};
    meters.watch(
        World.AUDIENCE,
        () -> {
          asked[0]++;
          return verifier.health();
        });
    for (int i = 0; i < 50; i++) {
      assertThat(gauge("taper.verifier.ready")).isEqualTo(1);
    }
    assertThat(asked[0]).isEqualTo(1);
    clock.add(Duration.ofSeconds(1));
    assertThat(gauge("taper.verifier.ready")).isEqualTo(1);
    assertThat(asked[0]).isEqualTo(2);
  }

  /** The time of a store is what a call waited for it, by the store's own doing. */
  @Test
  void watch_sharedStore_showsItsTimeAndThatItIsAway() {
    boolean[] works = {true};
    ReplayMemory shared =
        (use, share, now) -> {
          assertThat(Deadline.current()).isNotNull();
          if (!works[0]) {
            throw new IllegalStateException("away");
          }
          return true;
        };
    Verifier verifier =
        world
            .verifier()
            .replayMemory(shared)
            .proofsOfOneProcessWhileAway(Duration.ofMinutes(1), 9)
            .build();
    meters.watch(World.AUDIENCE, verifier::health);
    AgentToken token = world.token("T-1");
    assertThat(world.decide(verifier, token, world.search()).allowed()).isTrue();
    works[0] = false;
    assertThat(world.decide(verifier, token, world.search()).allowed()).isFalse();
    clock.add(Duration.ofSeconds(1));

    var time = registry.get("taper.store.time").tag("store", "the replay memory").functionTimer();
    assertThat(time.count()).isEqualTo(2);
    assertThat(time.totalTime(TimeUnit.NANOSECONDS)).isPositive();
    assertThat(gauge("taper.store.reachable", "store", "the replay memory")).isEqualTo(1);
    assertThat(gauge("taper.alone.untold")).isZero();
  }

  @Test
  void watch_rootKeyThatEnds_showsTheTimeLeft() {
    Instant end = Instant.now().plusSeconds(3600);
    RootKeySet keys =
        RootKeySet.of(Clock.systemUTC(), List.of(new RootKeySet.RootKey(key(), 1, null, end)));
    Verifier own = world.verifier().build();
    Verifier verifier = own.with(own.rules().withRootKeys(keys));
    meters.watch(World.AUDIENCE, verifier::health);

    assertThat(gauge("taper.time.left", "what", "root_key")).isBetween(3000.0, 3600.0);
    assertThat(gauge("taper.time.left", "what", "store")).isNaN();
    assertThat(gauge("taper.time.left", "what", "list_server")).isNaN();
  }

  private static PublicKey key() {
    return PrivateKey.generate(Algorithm.ED25519).publicKey();
  }

  @Test
  void watch_revocationList_showsItsAgeAndWhatIsLeft() {
    PrivateKey issuer = PrivateKey.generate(Algorithm.ED25519);
    RevocationList list = RevocationList.trusting(issuer.publicKey()).forgottenAtRestart().build();
    Verifier verifier = world.verifier().revocations(list).build();
    meters.watch(World.AUDIENCE, verifier::health);
    assertThat(gauge("taper.verifier.ready")).isZero();
    assertThat(gauge("taper.revocation.age")).isNaN();

    boolean isNew =
        list.apply(
            RevocationIssuer.of(issuer)
                .snapshot(
                    1,
                    List.of(),
                    Validity.from(Clock.systemUTC(), Duration.ofHours(2), Duration.ofHours(1))));
    assertThat(isNew).isTrue();
    clock.add(Duration.ofSeconds(1));

    assertThat(gauge("taper.verifier.ready")).isEqualTo(1);
    assertThat(gauge("taper.revocation.fresh")).isEqualTo(1);
    assertThat(gauge("taper.revocation.age")).isBetween(-1.0, 600.0);
    assertThat(gauge("taper.revocation.next")).isBetween(6600.0, 7201.0);
    assertThat(gauge("taper.revocation.left")).isBetween(3000.0, 3601.0);
  }

  /** Who fills a memory up is seen before it is full. */
  @Test
  void watch_memories_showHowFullEachIs() {
    Verifier verifier =
        world
            .verifier()
            .budgets("main", Budgets.forThisProcessOnly())
            .budgets("other", Budgets.forThisProcessOnly())
            .build();
    meters.watch(World.AUDIENCE, verifier::health);

    assertThat(gauge("taper.memory.entries", "memory", "budgets of main")).isZero();
    assertThat(gauge("taper.memory.capacity", "memory", "budgets of main")).isPositive();
    assertThat(gauge("taper.memory.capacity", "memory", "budgets of other")).isPositive();
  }

  /** What is gone from a verifier's health is no longer a number, and fails no look. */
  @Test
  void watch_whatIsGone_isNoNumber() {
    Verifier full =
        world
            .verifier()
            .callsAtOnce(8, 4)
            .budgets("main", Budgets.forThisProcessOnly())
            .replayMemory((use, share, now) -> true)
            .build();
    Verifier bare = world.verifier().build();
    Verifier[] now = {full};
    meters.watch(World.AUDIENCE, () -> now[0].health());
    assertThat(gauge("taper.calls.limit")).isEqualTo(8);
    now[0] = bare;
    clock.add(Duration.ofSeconds(1));

    assertThat(gauge("taper.calls.limit")).isNaN();
    assertThat(gauge("taper.memory.entries", "memory", "budgets of main")).isNaN();
    assertThat(gauge("taper.store.reachable", "store", "the replay memory")).isNaN();
    assertThat(
            registry
                .get("taper.store.time")
                .tag("store", "the replay memory")
                .functionTimer()
                .count())
        .isZero();
  }

  /** Calls that are only observed are counted apart from those that were refused. */
  @Test
  void decided_onlyObserved_isCountedAsWhatItWouldHaveBeen() {
    Verifier verifier = world.verifier().listener(meters).observeOnly().build();
    ToolCall delete = world.catalog.call("jira.delete", "{}");
    assertThat(world.decide(verifier, world.token("T-1"), delete).allowed()).isTrue();
    assertThat(
            registry
                .get("taper.decisions")
                .tags("code", "out_of_scope", "observed", "true")
                .counter()
                .count())
        .isEqualTo(1);
  }

  /** A registry that refuses a meter costs a count, and no call. */
  @Test
  void decided_registryThatFails_allowsTheCallAllTheSame() {
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public Meter.Id map(Meter.Id id) {
                throw new IllegalStateException("no");
              }
            });
    Verifier verifier = world.verifier().listener(meters).build();

    assertThat(world.decide(verifier, world.token("T-1"), world.search()).allowed()).isTrue();
    assertThat(verifier.unrecordedDecisions()).isZero();
  }
}
