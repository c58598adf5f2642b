package dev.taper.agent.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever makes proofs itself is told what is sent, and never gets a proof's bytes to sign. */
class ProverTest {
  private static final Clock ITS_OWN =
      Clock.fixed(Instant.parse("2030-01-01T12:00:00Z"), ZoneOffset.UTC);

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final AgentToken token =
      Issuer.of(root)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", planner.publicKey()))
                  .task("T-1")
                  .grant("jira.search")
                  .expiresIn(Duration.ofHours(1)));

  /** Makes proofs by its own clock, and signs nothing that it is given. */
  private static final class Keeper implements Prover {
    private final PrivateKey key;
    private @Nullable SentCall told;

    Keeper(PrivateKey key) {
      this.key = key;
    }

    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public byte[] sign(byte[] message) {
      throw new AssertionError("it was asked to sign");
    }

    @Override
    public Proof prove(
        AgentToken token, @Nullable SentCall sent, String audience, SentApprovals approvals) {
      told = sent;
      return sent == null
          ? token.proveOffer(key, audience, ITS_OWN)
          : token.prove(key, sent, audience, approvals, ITS_OWN);
    }
  }

  @Test
  void prove_byAProver_isItsOwnProof() {
    Keeper keeper = new Keeper(planner);
    SentHttp sent = SentHttp.of("GET", "https://jira.example.com", "/");
    Proof proof = token.prove(keeper, sent, "svc:jira");
    assertThat(proof.issuedAt()).isEqualTo(ITS_OWN.instant());
    assertThat(keeper.told).isSameAs(sent);
    Proof offer = token.proveOffer(keeper, "svc:jira", Clock.systemUTC());
    assertThat(offer.issuedAt()).isEqualTo(ITS_OWN.instant());
    assertThat(keeper.told).isNull();
    assertThat(AgentClient.of(token, keeper, "svc:jira").prove(sent).proof()).isNotNull();
  }

  @Test
  void prove_byAProverWhoDoesNotHoldIt_isRefused() {
    Keeper stranger = new Keeper(PrivateKey.generate(Algorithm.ED25519));
    SentHttp sent = SentHttp.of("GET", "https://jira.example.com", "/");
    assertThatThrownBy(() -> token.prove(stranger, sent, "svc:jira"))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("only agent:planner");
    assertThat(stranger.told).isNull();
  }
}
