package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.VerifierHealth.Ending;
import dev.taper.agent.decision.VerifierHealth.Ending.Kind;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import dev.taper.trust.RootKeySet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What ends is known before it has ended. */
class EndingTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  private static final Instant END = NOON.plus(Duration.ofDays(30));

  private final SettableClock clock = new SettableClock(NOON);
  private final PrivateKey old = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey young = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);

  private Verifier verifier(boolean hasYoung, @Nullable Instant youngEnd) {
    RootKeySet.RootKey first = new RootKeySet.RootKey(old.publicKey(), 1, null, END);
    RootKeySet.RootKey second = new RootKeySet.RootKey(young.publicKey(), 2, null, youngEnd);
    return Verifier.trusting(
            RootKeySet.of(clock, hasYoung ? List.of(first, second) : List.of(first)))
        .callerStatesMeaning()
        .audience("svc:jira")
        .withoutRevocation()
        .clock(clock)
        .build();
  }

  private double left(Verifier verifier) {
    return Ending.secondsLeft(verifier.health().endings(), Kind.ROOT_KEY, clock.instant());
  }

  @Test
  void rootKey_endsWithinAWeek_isAWarning() {
    Verifier verifier = verifier(false, null);
    assertThat(verifier.health().warnings()).isEmpty();
    assertThat(left(verifier)).isEqualTo((double) Duration.ofDays(30).toSeconds());

    clock.set(END.minus(Ending.NOTICE));
    assertThat(verifier.health().warnings())
        .containsExactly("root key 1 ends at 2030-01-31T12:00:00Z");
    assertThat(verifier.health().ready()).isTrue();
    assertThat(left(verifier)).isEqualTo((double) Duration.ofDays(7).toSeconds());
  }

  /** The code is the one that calls are refused with. */
  @Test
  void rootKeys_haveAllEnded_isTheReason() {
    Verifier verifier = verifier(false, null);
    AgentToken token =
        Issuer.of(old)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-1")
                    .grant("jira.*")
                    .expiresAt(END.plus(Duration.ofDays(1))));
    clock.set(END);

    Refused.with(
        ErrorCode.UNKNOWN_ROOT_KEY,
        () ->
            verifier.decide(
                Credentials.of(token.encodeBase64(), null),
                ToolCall.of("jira.search").operation("read")));
    assertThat(verifier.health().ready()).isFalse();
    assertThat(verifier.health().reasons())
        .containsExactly(
            new VerifierHealth.Reason(
                "unknown_root_key",
                "the last of the root keys ended at 2030-01-31T12:00:00Z, and the clock shows"
                    + " 2030-01-31T12:00:00Z"));
    clock.forward(Duration.ofSeconds(9));
    assertThat(left(verifier)).isEqualTo(-9);
  }

  /** What a rotation leaves behind is no news. */
  @Test
  void rootKey_hasEndedBesideAnother_isNothing() {
    Instant later = END.plus(Duration.ofDays(10));
    for (Instant end : new Instant[] {null, later}) {
      Verifier verifier = verifier(true, end);
      clock.set(END.plusSeconds(1));

      assertThat(verifier.health().warnings()).isEmpty();
      assertThat(verifier.health().reasons()).isEmpty();
      assertThat(left(verifier))
          .isEqualTo(end == null ? -1 : (double) Duration.ofDays(10).minusSeconds(1).toSeconds());
    }
  }

  @Test
  void certificate_hasEnded_isStillAWarning() {
    List<Ending> peer = Ending.ofPeer(Kind.STORE, "rediss://store", END);
    assertThat(Ending.ofPeer(Kind.STORE, "rediss://store", null)).isEmpty();

    assertThat(Ending.warnings(peer, NOON)).isEmpty();
    assertThat(Ending.warnings(peer, END.minusSeconds(1)))
        .containsExactly("the certificate that rediss://store showed ends at 2030-01-31T12:00:00Z");
    assertThat(Ending.warnings(peer, END))
        .containsExactly(
            "the certificate that rediss://store showed ended at 2030-01-31T12:00:00Z");
    assertThat(Ending.secondsLeft(peer, Kind.STORE, END.plusSeconds(2))).isEqualTo(-2);
    assertThat(Ending.secondsLeft(peer, Kind.UPSTREAM, END)).isNaN();
  }

  @Test
  void rootKeys_allEnded_nameTheLast() {
    Verifier verifier = verifier(true, END.plus(Duration.ofDays(1)));
    clock.set(END.plus(Duration.ofDays(2)));

    assertThat(verifier.health().reasons())
        .extracting(VerifierHealth.Reason::text)
        .containsExactly(
            "the last of the root keys ended at 2030-02-01T12:00:00Z, and the clock shows"
                + " 2030-02-02T12:00:00Z");
  }

  @Test
  void secondsLeft_atTheEndOfTheFirst_areThoseOfTheNext() {
    Verifier verifier = verifier(true, END.plus(Duration.ofDays(1)));
    clock.set(END);

    assertThat(left(verifier)).isEqualTo((double) Duration.ofDays(1).toSeconds());
  }

  @Test
  void kind_asMetricsNameIt_isInLowerCase() {
    assertThat(Kind.LIST_SERVER.text()).isEqualTo("list_server");
  }
}
