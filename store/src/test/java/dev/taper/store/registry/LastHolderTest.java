package dev.taper.store.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key revoked as last holder ends its own delegation, not those that were handed on from it. */
class LastHolderTest {
  private static final RegistryQuery ALL = RegistryQuery.living();

  @TempDir Path folder;
  private final Story story = new Story();
  private final PrivateKey newKey = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationEntry entry =
      RevocationEntry.forever(
          RevocationEntry.Kind.LAST_HOLDER, Fingerprint.ofLastHolder(story.planner.key()));

  /** The planner's token, and what came of it: a rotation and on from there, and a bearer token. */
  private Registry registry(Database database) {
    Registry registry = new Registry(database, story.clock);
    AgentToken old = story.atPlanner();
    AgentToken rotated =
        old.delegate(story.plannerKey, Hop.rotateTo(newKey.publicKey()), story.clock);
    registry.issued(rotated.delegate(newKey, Hop.to(story.researcher), story.clock), null);
    registry.issued(old.delegate(story.plannerKey, Hop.toBearer(), story.clock), null);
    return registry;
  }

  private static List<String> rows(List<Delegated> found) {
    return found.stream().map(d -> d.grantor() + " to " + d.holderName()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void find_revokedAsLastHolder_endsWhatTheKeyHoldsAlone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = registry(database);
      assertThat(registry.find(ALL)).hasSize(4);
      assertThat(registry.endedBy(entry.fingerprint())).hasValue(1);

      SqlRevocations revocations = new SqlRevocations(database, story.clock);
      revocations.enter(List.of(entry));

      assertThat(rows(registry.find(ALL)))
          .containsExactlyInAnyOrder(
              "agent:planner to agent:planner",
              "agent:planner to agent:researcher",
              "agent:planner to whoever bears the token");
      assertThat(registry.find(ALL).get(0).holderKey()).doesNotContain(story.planner.key() + "");
      assertThat(revocations.entries()).containsExactly(entry);
    }
  }

  @ParameterizedTest
  @EnumSource
  void endedBy_keyOfAHolder_endsWhatWasHandedOnToo(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertThat(registry(database).endedBy(Fingerprint.ofHolder(story.planner.key()))).hasValue(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void find_revokedAsLastHolderByAPublishedList_endsWhatTheKeyHoldsAlone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Registry registry = registry(database);
      PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
      RevocationList list =
          RevocationList.trusting(revoker.publicKey())
              .clock(story.clock)
              .forgottenAtRestart()
              .build();
      Validity validity = Validity.from(story.clock, Duration.ofMinutes(5), Duration.ofMinutes(5));
      list.apply(RevocationIssuer.of(revoker).snapshot(1, List.of(entry), validity));

      assertThat(rows(registry.find(ALL, list)))
          .hasSize(3)
          .doesNotContain(Story.ALICE + " to agent:planner");
      assertThat(registry.find(ALL.withDead(), list))
          .filteredOn(Delegated::revoked)
          .extracting(Delegated::grantor)
          .containsExactly(Story.ALICE);
    }
  }

  /** A review asks about what is living: the old key's delegation is revoked, not open. */
  @ParameterizedTest
  @EnumSource
  void review_revokedAsLastHolder_asksAboutTheRotatedDelegationAlone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      registry(database);
      new SqlRevocations(database, story.clock).enter(List.of(entry));
      Reviews reviews = new Reviews(database, story.clock);

      Review review =
          reviews.start(
              "Q4",
              "user:erin",
              Story.NOON.plus(Duration.ofMinutes(5)),
              ALL.holder("agent:planner"));

      assertThat(review.items())
          .extracting(item -> item.delegation().grantor())
          .containsExactly("agent:planner");
    }
  }
}
