package dev.taper.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys end when another takes their place, and what holds an end up. */
class RotationTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir private Path folder;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey scraper = PrivateKey.generate(Algorithm.ED25519);
  private final Rotation rotation = new Rotation(CLOCK, AuditRecorder.none(), null);

  private static RootKey key(long id, @Nullable String issuer, @Nullable Instant end) {
    return new RootKey(PrivateKey.generate(Algorithm.ED25519).publicKey(), id, issuer, end);
  }

  private static RootKeySet set(RootKey... keys) {
    return RootKeySet.of(CLOCK, List.of(keys));
  }

  @Test
  void start_endsTheKeysOfItsIssuer_andLengthensNone() {
    Instant end = NOW.plusSeconds(60);
    Instant sooner = NOW.plusSeconds(30);
    Instant later = NOW.plusSeconds(90);
    RootKeySet old =
        set(
            key(3, "acme", null),
            key(9, "other", null),
            key(5, null, later),
            key(6, "acme", sooner));

    RootKeySet started = rotation.start(old, root.publicKey(), null, "acme", end);
    assertThat(started.keys())
        .extracting(RootKey::expiresAt)
        .containsExactly(end, null, end, sooner, null);
    assertThat(started.keys().get(4).keyId()).isEqualTo(10);
    assertThat(started.keys().get(4).issuer()).isEqualTo("acme");

    RootKeySet ofNobody = rotation.start(old, root.publicKey(), 1L, null, end);
    assertThat(ofNobody.keys())
        .extracting(RootKey::expiresAt)
        .containsExactly(end, end, end, sooner, null);
    assertThat(ofNobody.keys().get(4).keyId()).isEqualTo(1);
  }

  @Test
  void retire_aKeyThatIsGood_orTheLast_isRefused() {
    RootKey endless = key(0, null, null);
    RootKey ended = key(1, null, NOW);
    RootKeySet both = set(endless, ended);
    assertThatThrownBy(() -> rotation.retire(both, 0, false))
        .isInstanceOf(OperationException.class)
        .hasMessage("key 0 is still good; to retire it early ends everything that it signed");
    assertThatThrownBy(() -> rotation.retire(set(ended), 1, true))
        .hasMessageContaining("nothing would be trusted");
    assertThat(rotation.retire(both, 1, false).keys()).containsExactly(endless);
    assertThat(rotation.retire(both, 0, true).keys()).containsExactly(ended);
  }

  private AgentToken minted(Delegation delegation) {
    return Issuer.of(root).clock(CLOCK).mint(delegation);
  }

  private Delegation delegation(PrivateKey holder) {
    return Delegation.by("user:alice@acme.com")
        .to(Agent.of("agent:planner", holder.publicKey()))
        .task("T-1")
        .grant("jira.search read");
  }

  private RegistryAccess registry(AgentToken... tokens) {
    RegistryAccess registry =
        new RegistryAccess(new Workplace(folder, CLOCK), new Place.Sql("sqlite:registry.db"));
    for (AgentToken token : tokens) {
      registry.issued(token, root.publicKey());
    }
    return registry;
  }

  private RootKeyUse use(@Nullable RegistryAccess registry, @Nullable Instant end) {
    RootKey key = new RootKey(root.publicKey(), 0, null, end);
    return new Rotation(CLOCK, AuditRecorder.none(), registry).uses(set(key)).get(0);
  }

  @Test
  void uses_ofARootKey_tellWhatWouldOutliveIt() {
    Instant hour = NOW.plus(Duration.ofHours(1));
    RegistryAccess registry =
        registry(
            minted(delegation(planner).expiresIn(Duration.ofHours(1))),
            minted(delegation(scraper).expiresIn(Duration.ofMinutes(5))));
    assertThat(use(registry, null).lastEnd()).isEqualTo(hour);
    assertThat(use(registry, null).outlivingKey()).isZero();
    assertThat(use(registry, NOW.plusSeconds(600)).outlivingKey()).isEqualTo(1);
    assertThat(use(registry, hour).outlivingKey()).isZero();

    RegistryAccess more = registry(minted(delegation(planner).withoutExpiry()));
    assertThat(use(more, hour).lastEnd()).isEqualTo(Instant.MAX);
    assertThat(use(more, hour).outlivingKey()).isEqualTo(1);
  }

  @Test
  void uses_withoutARegistry_areNotKnown() {
    RootKeyUse use = use(null, NOW);
    assertThat(use.living()).isNull();
    assertThat(use.lastEnd()).isNull();
    assertThat(use.outlivingKey()).isZero();
  }

  private void assertInUse(HolderKeyUse use, String why) {
    assertThatThrownBy(use::requireUnused)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("key_in_use"))
        .hasMessageContaining(why);
  }

  @Test
  void requireUnused_keyThatHoldsOrHandedOn_isRefused() {
    AgentToken endless = minted(delegation(planner).withoutExpiry());
    RegistryAccess registry = registry(endless);
    HolderKeyUse held = HolderKeyUse.of(planner.publicKey(), registry);
    assertThat(held.lastEnd()).isNull();
    assertInUse(held, "1 living delegations are held by this key");

    registry.issued(
        endless.delegate(planner, Hop.to(Agent.of("agent:scraper", scraper.publicKey())), CLOCK),
        root.publicKey());
    HolderKeyUse signed = HolderKeyUse.of(planner.publicKey(), registry);
    assertThat(signed.lastEnd()).isEqualTo(Instant.MAX);
    assertInUse(signed, "would end; the last ends never");

    HolderKeyUse.of(root.publicKey(), registry).requireUnused();
  }
}
