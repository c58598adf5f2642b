package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which calls make keys known: those that a verifier allows, and no others. */
class KnownKeysOfCallsTest {
  private static final String SERVICE = "svc:jira";

  /** Somebody new, who has none of the room that all tests of a process share. */
  private final String delegator = "user:" + UUID.randomUUID();

  private final PrivateKey root = key();
  private final PrivateKey planner = key();
  private final PrivateKey worker = key();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final Verifier verifier = verifier().build();

  /** A new key of which no use seems to be known because of keys of other tests. */
  private static PrivateKey key() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    while (KnownKeys.ofProcess().uses(key.publicKey()) > 0) {
      key = PrivateKey.generate(Algorithm.ED25519);
    }
    return key;
  }

  private VerifierBuilder verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .callerStatesMeaning()
        .audience(SERVICE)
        .clock(clock)
        .withoutRevocation();
  }

  private AgentToken atPlanner(String task) {
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by(delegator)
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task(task)
                .grant("jira.* read on jira:project/*")
                .expiresIn(Duration.ofMinutes(60)));
  }

  private AgentToken atWorker(String task) {
    return atPlanner(task)
        .delegate(
            planner,
            Hop.to(Agent.of("agent:worker", worker.publicKey()))
                .grant("jira.search read on jira:project/A/*")
                .expiresIn(Duration.ofMinutes(10)),
            clock);
  }

  private static ToolCall call(String operation) {
    return ToolCall.of("jira.search").operation(operation).on("jira:project/A/1");
  }

  private boolean allowed(Verifier by, AgentToken token, PrivateKey holder, ToolCall call) {
    String proof = token.prove(holder, call, SERVICE, clock).encodeBase64();
    return by.decide(Credentials.of(token.encodeBase64(), proof), call).allowed();
  }

  /** A proof whose signature is damaged. */
  private String forged(AgentToken token) {
    byte[] proof = token.prove(worker, call("read"), SERVICE, clock).encode();
    proof[proof.length - 40] ^= 1;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(proof);
  }

  /** Whoever finds that too many wait has its wish dropped: here nobody does. */
  @BeforeEach
  void awaitOtherTests() {
    MadeTables.await();
  }

  /** True if a key has a table once all that was wished for is made. */
  private static boolean isKnown(PrivateKey key) {
    MadeTables.await();
    return KnownKeys.ofProcess().find(key.publicKey()) != null;
  }

  @Test
  void build_verifier_itsRootKeyIsKnown() {
    assertThat(isKnown(root)).isTrue();
  }

  @Test
  void build_rootKeysThatCannotBeAskedYet_verifierAllTheSame() {
    boolean[] asked = new boolean[1];
    RootKeys later =
        id -> {
          if (!asked[0]) {
            asked[0] = true;
            throw new IllegalStateException("not yet");
          }
          return List.of(root.publicKey());
        };
    Verifier built =
        Verifier.trusting(later)
            .callerStatesMeaning()
            .audience(SERVICE)
            .clock(clock)
            .withoutRevocation()
            .build();

    assertThat(asked[0]).isTrue();
    assertThat(allowed(built, atWorker("T-1"), worker, call("read"))).isTrue();
  }

  @Test
  void with_otherRootKeys_theyAreKnown() {
    PrivateKey next = key();
    Verifier rotated = verifier.with(verifier.rules().withRootKeys(RootKeys.of(next.publicKey())));

    assertThat(rotated).isNotSameAs(verifier);
    assertThat(isKnown(next)).isTrue();
  }

  @Test
  void decide_twentyCallsWithOneToken_onlyItsHolderIsKnown() {
    AgentToken token = atWorker("T-1");
    for (int i = 1; i <= KnownKeys.USES; i++) {
      assertThat(isKnown(worker)).isFalse();
      assertThat(allowed(verifier, token, worker, call("read"))).isTrue();
    }

    assertThat(isKnown(worker)).isTrue();
    assertThat(isKnown(planner)).as("its signature was verified once").isFalse();
    // And calls go on as before, right and wrong.
    assertThat(allowed(verifier, token, worker, call("read"))).isTrue();
    assertThat(allowed(verifier, token, worker, call("delete"))).isFalse();
    assertThat(
            verifier
                .decide(Credentials.of(token.encodeBase64(), forged(token)), call("read"))
                .allowed())
        .isFalse();
    assertThat(allowed(verifier, atWorker("T-2"), worker, call("read"))).isTrue();
  }

  /**
   * Else one call would count like twenty, and a key made up for a token would get a table at once.
   */
  @Test
  void decide_holderSignsManyBlocks_oneCallCountsOnce() {
    for (int i = 1; i <= KnownKeys.USES; i++) {
      assertThat(isKnown(worker)).isFalse();
      AgentToken token = atWorker("T-" + i);
      for (int hop = 0; hop < 20; hop++) {
        token = token.delegate(worker, Hop.toSelf().expiresIn(Duration.ofMinutes(9)), clock);
      }
      assertThat(allowed(verifier, token, worker, call("read"))).isTrue();
    }

    assertThat(isKnown(worker)).isTrue();
  }

  @Test
  void decide_twentyTokens_whoHandedThemOnIsKnown() {
    for (int i = 0; i < KnownKeys.USES; i++) {
      assertThat(allowed(verifier, atWorker("T-" + i), worker, call("read"))).isTrue();
    }

    assertThat(isKnown(planner)).isTrue();
    assertThat(isKnown(worker)).isTrue();
  }

  @Test
  void decide_withoutTokenCache_likewise() {
    Verifier forgetful = verifier().withoutTokenCache().build();
    AgentToken token = atWorker("T-1");
    for (int i = 0; i < KnownKeys.USES; i++) {
      assertThat(allowed(forgetful, token, worker, call("read"))).isTrue();
    }

    assertThat(isKnown(planner)).isTrue();
    assertThat(isKnown(worker)).isTrue();
  }

  @Test
  void decide_refusedCalls_makeNobodyKnown() {
    for (int i = 0; i < 3 * KnownKeys.USES; i++) {
      AgentToken token = atWorker("T-" + i);
      assertThat(allowed(verifier, token, worker, call("delete"))).isFalse();
      assertThat(
              verifier
                  .decide(Credentials.of(token.encodeBase64(), forged(token)), call("read"))
                  .allowed())
          .isFalse();
    }
    String proof = atWorker("T").prove(worker, call("read"), SERVICE, clock).encodeBase64();
    String token = atWorker("T").encodeBase64();
    for (int i = 0; i < 3 * KnownKeys.USES; i++) {
      // Ed25519 signs alike every time, so it is one token, and the proof is used once.
      assertThat(verifier.decide(Credentials.of(token, proof), call("read")).allowed())
          .isEqualTo(i == 0);
    }

    assertThat(isKnown(planner)).isFalse();
    assertThat(isKnown(worker)).isFalse();
  }

  @Test
  void decide_onlyObserved_makesNobodyKnown() {
    Verifier observing = verifier().observeOnly().build();
    AgentToken token = atWorker("T-1");
    for (int i = 0; i < 2 * KnownKeys.USES; i++) {
      assertThat(allowed(observing, token, worker, call("read"))).isTrue();
    }

    assertThat(isKnown(worker)).isFalse();
  }

  /** Whoever has such a token can repeat its calls, and its last keys are thrown away. */
  @Test
  void decide_bearerTokens_makeNobodyKnown() {
    Verifier lax = verifier().acceptBearer().build();
    for (int i = 0; i < 2 * KnownKeys.USES; i++) {
      AgentToken token =
          atPlanner("T-" + i)
              .delegate(
                  planner,
                  Hop.toBearer()
                      .grant("jira.search read on jira:project/A/*")
                      .expiresIn(Duration.ofMinutes(10)),
                  clock);
      assertThat(lax.decide(Credentials.of(token.encodeBase64(), null), call("read")).allowed())
          .isTrue();
    }

    assertThat(isKnown(planner)).isFalse();
  }

  @Test
  void health_anyVerifier_saysWhatKnownKeysTake() {
    assertThat(isKnown(root)).isTrue();

    KnownKeys.Statistics known = verifier.health().knownKeys();
    assertThat(known.keys()).isPositive();
    assertThat(known.pinned()).isPositive();
    assertThat(known.bytes()).isBetween(KnownKeysTest.bytesFor(1), known.maxBytes());
    assertThat(known.maxBytes()).isEqualTo(KnownKeys.DEFAULT_BYTES);
  }
}
