package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whose something is that lasts longer than a call, and how long. */
class SessionOwnerTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
  private final AtomicLong nanos = new AtomicLong();
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private RootKeys trusted = RootKeys.of(root.publicKey());
  private final Verifier verifier =
      Verifier.trusting(trusted)
          .audience("svc:files")
          .catalog(
              ToolCatalog.of("svc:files")
                  .tool(
                      CatalogTool.of("files")
                          .operation("read")
                          .resource("{+uri}")
                          .mcp(new CatalogTool.McpRoute("resources/read", null))
                          .argument(
                              "uri",
                              CatalogTool.Argument.required(
                                  ArgumentType.of(ArgumentType.Kind.STRING))))
                  .build())
          .clock(clock)
          .withoutRevocation()
          .build();
  private final McpGuard guard =
      McpGuard.of(() -> verifier.with(verifier.rules().withRootKeys(trusted)));
  private final SessionOwner owner = SessionOwner.nobody(guard, nanos::get);

  private AgentClient agent(String task, Duration lifetime, String grant) {
    return agent(holder, "user:alice@acme.com", task, lifetime, grant);
  }

  private AgentClient agent(
      PrivateKey key, String delegator, String task, Duration lifetime, String grant) {
    Delegation token =
        Delegation.by(delegator)
            .to(Agent.of("agent:a", key.publicKey()))
            .task(task)
            .grant(grant)
            .expiresIn(lifetime);
    return AgentClient.of(Issuer.of(root).clock(clock).mint(token), key, "svc:files").clock(clock);
  }

  /** The chain as a guard verified it. */
  private DelegationChain chain(AgentClient agent) {
    McpJudgement judged =
        guard.judge("resources/list", McpSigner.of(agent).sign("resources/list", Map.of()));
    return Objects.requireNonNull(((McpJudgement.Listed) judged).offer().chain());
  }

  private boolean present(AgentClient agent) {
    return owner.present(agent.token().encodeBase64(), chain(agent));
  }

  private void after(Duration time) {
    clock.forward(time);
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void lineage_isTheSameForAHolderADelegatorAndATask() {
    String lineage = chain(agent("T-1", Duration.ofHours(1), "files on a")).lineage();
    assertThat(lineage).matches("[0-9a-f]{64}");
    assertThat(chain(agent("T-1", Duration.ofHours(9), "files on b")).lineage()).isEqualTo(lineage);
    assertThat(chain(agent("T-2", Duration.ofHours(1), "files on a")).lineage())
        .isNotEqualTo(lineage);
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    assertThat(
            chain(agent(other, "user:alice@acme.com", "T-1", Duration.ofHours(1), "files"))
                .lineage())
        .isNotEqualTo(lineage);
    assertThat(
            chain(agent(holder, "user:bob@acme.com", "T-1", Duration.ofHours(1), "files"))
                .lineage())
        .isNotEqualTo(lineage);
  }

  @Test
  void owner_isTheFirst_andAnotherLineageIsNone() {
    assertThat(owner.state()).isEqualTo(SessionOwner.State.NOBODYS);
    assertThat(owner.mayRead("a")).isFalse();
    assertThat(present(agent("T-1", Duration.ofHours(1), "files on a"))).isTrue();
    assertThat(present(agent("T-2", Duration.ofHours(9), "files"))).isFalse();
    assertThat(owner.isLive()).isTrue();
    assertThat(owner.mayRead("a")).isTrue();
    assertThat(owner.mayRead("b")).isFalse();
    AgentClient next = agent("T-2", Duration.ofHours(9), "files on b");
    owner.take(next.token().encodeBase64(), chain(next)); // where a process is the session
    assertThat(owner.mayRead("b")).isTrue();
  }

  @Test
  void newestToken_isTheOneThatEndsLast_andEndsIt() {
    AgentClient brief = agent("T-1", Duration.ofMinutes(5), "files on a");
    AgentClient renewed = agent("T-1", Duration.ofMinutes(10), "files on b");
    assertThat(present(brief)).isTrue();
    assertThat(owner.mayRead("a")).isTrue();
    assertThat(present(renewed)).isTrue();
    assertThat(owner.mayRead("a")).isFalse();
    assertThat(owner.mayRead("b")).isTrue();
    assertThat(present(brief)).isTrue();
    assertThat(owner.mayRead("b")).isTrue();
    after(Duration.ofMinutes(6));
    assertThat(owner.isLive()).isTrue();
    after(Duration.ofMinutes(5));
    assertThat(owner.state()).isEqualTo(SessionOwner.State.ENDED);
    assertThat(owner.code()).isEqualTo("expired");
    assertThat(owner.mayRead("b")).isFalse();
  }

  @Test
  void rootKey_thatIsTrustedNoMore_endsIt() {
    assertThat(present(agent("T-1", Duration.ofHours(1), "files"))).isTrue();
    assertThat(owner.isLive()).isTrue();
    trusted = RootKeys.of(PrivateKey.generate(Algorithm.ED25519).publicKey());
    after(Duration.ofSeconds(2));
    assertThat(owner.state()).isEqualTo(SessionOwner.State.ENDED);
    assertThat(owner.code()).isEqualTo("invalid_signature");
  }

  /** A judgement is good for a second, and then made anew. */
  @Test
  void state_aSecondOld_isJudgedAnew() {
    assertThat(present(agent("T-1", Duration.ofMinutes(5), "files"))).isTrue();
    nanos.set(Long.MAX_VALUE - 10); // a counter that goes on below zero
    assertThat(owner.isLive()).isTrue();
    trusted = RootKeys.of(PrivateKey.generate(Algorithm.ED25519).publicKey());

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(owner.isLive()).isTrue();
    nanos.incrementAndGet();
    assertThat(owner.state()).isEqualTo(SessionOwner.State.ENDED);
  }

  @Test
  void toString_saysHowItStands_andNothingOfTheToken() {
    assertThat(owner).hasToString("SessionOwner(NOBODYS)");
  }
}
