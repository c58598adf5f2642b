package dev.taper.store.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would end by several revocations at once, and what waits to be signed or applied. */
class RevocationImpactTest {
  @TempDir Path folder;
  private final Story story = new Story();

  /** Alice's and Bob's planner, and Alice's researcher. */
  private Registry registry(Database database) {
    Registry registry = new Registry(database, story.clock);
    AgentToken planner = story.atPlanner();
    registry.issued(story.atResearcher(planner), story.root.publicKey());
    registry.issued(story.atPlanner(Story.BOB, "T-2"), story.root.publicKey());
    return registry;
  }

  @ParameterizedTest
  @EnumSource
  void impact_severalThings_countsEachDelegationOnceAndWhatStays(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = registry(database);

      RevocationImpact impact =
          registry.impact(List.of(Fingerprint.ofDelegator(Story.ALICE), Fingerprint.ofTask("T-1")));

      assertThat(impact.isKnown()).isTrue();
      assertThat(impact.ended()).isEqualTo(2);
      assertThat(impact.ending())
          .containsExactlyEntriesOf(
              new TreeMap<>(Map.of("agent:planner", 1L, "agent:researcher", 1L)));
      assertThat(impact.staying()).containsOnlyKeys("agent:planner").containsValue(1L);
      assertThat(registry.impact(List.of(Fingerprint.ofTask("T-9"))).ended()).isZero();
      assertThat(registry.find(RegistryQuery.living())).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void impact_keyAsLastHolder_endsThatDelegationAlone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      RevocationImpact impact =
          registry(database).impact(List.of(Fingerprint.ofLastHolder(story.planner.key())));

      assertThat(impact.ending()).containsOnlyKeys("agent:planner").containsValue(2L);
      assertThat(impact.staying()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void impact_emptyRegistry_cannotTell(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, story.clock);

      assertThat(registry.impact(List.of(Fingerprint.ofTask("T-1"))).isKnown()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void through_aKey_isAllThatFallsWithItTheFirstToEndFirst(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = registry(database);
      AgentToken bearer = story.atPlanner().delegate(story.plannerKey, Hop.toBearer(), story.clock);
      registry.issued(bearer, null);

      assertThat(registry.through(story.researcher.key()))
          .extracting(Delegated::holderName)
          .containsExactly("agent:researcher");
      assertThat(registry.through(story.planner.key()))
          .hasSize(4)
          .first()
          .extracting(Delegated::holderName)
          .isEqualTo("agent:researcher");
      assertThat(registry.through(story.root.publicKey())).isEmpty();
      story.clock.forward(Duration.ofMinutes(30));
      assertThat(registry.through(story.researcher.key())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hasUnsigned_untilThatIsSigned(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      SqlRevocations revocations = new SqlRevocations(database, story.clock);
      RevocationIssuer issuer = RevocationIssuer.of(story.root);
      assertThat(revocations.hasUnsigned()).isFalse();
      revocations.enter(
          List.of(RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-1"))));
      assertThat(revocations.hasUnsigned()).isTrue();

      var unused = revocations.sign(issuer, RevocationIssuer.Horizon.KEPT);

      assertThat(revocations.hasUnsigned()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isDue_fromTheDateUntilItIsApplied(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry unused = registry(database);
      Reviews reviews = new Reviews(database, story.clock);
      var review =
          reviews.start(
              "Q1",
              "erin",
              Story.NOON.plus(Duration.ofMinutes(5)),
              RegistryQuery.living().delegator(Story.ALICE));
      assertThat(review.items()).hasSize(2);
      assertThat(reviews.isDue()).isFalse();
      story.clock.forward(Duration.ofMinutes(5));
      assertThat(reviews.isDue()).isTrue();

      assertThat(reviews.applyDates(lapsing -> {})).hasSize(2);

      assertThat(reviews.isDue()).isFalse();
    }
  }
}
