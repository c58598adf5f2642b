package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierRules;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.testing.TearDown;
import dev.taper.trust.RootKeySet;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AskQueueTest {
  private final AskWorld world = new AskWorld();
  private final Asks asks = Asks.inMemory();
  private final AtomicReference<Verifier> verifier = new AtomicReference<>();
  private TestService service;
  private AskQueue queue;

  @BeforeEach
  void start() throws Exception {
    service =
        JdkService.start(
            origin -> {
              verifier.set(world.verifier(origin).build());
              return HttpGuard.of(verifier::get).keepingAsks(asks);
            });
    queue = AskQueue.of(verifier::get, asks, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(service);
  }

  private String ask(String method, String target) throws Exception {
    Answer made = world.ask(service, AskWorld.body(method, target));
    return AskWorld.location(made);
  }

  private KeptAsk only() {
    List<KeptAsk> all = queue.asks();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static String approval(KeptAsk ask, PrivateKey by) {
    return AskWorld.approval(ApprovalRequest.decode(ask.status().request()), by).encodeBase64();
  }

  @Test
  void asks_ofAsksThatWereMade_sayWhatTheServiceDerived() throws Exception {
    assertThat(queue.asks()).isEmpty();
    String place = ask("POST", AskWorld.CLOSE);

    KeptAsk ask = only();
    assertThat(ask.status().state()).isEqualTo(AskStatus.State.OPEN);
    assertThat(ask.audience()).isEqualTo(HttpGuard.catalog(verifier.get()).audience());
    assertThat(ask.status().approvals()).isEmpty();
    ApprovalRequest request = ApprovalRequest.decode(ask.status().request());
    assertThat(request.call().tool()).isEqualTo("jira.close");
    assertThat(request.token().encodeBase64()).isEqualTo(world.token.encodeBase64());
    assertThat(place).as("an id that nobody learns from a name").doesNotContain(ask.name());
    assertThat(queue.standing(ask).isPossible()).isTrue();
    assertThat(queue.counts(ask, world.world.boss.publicKey())).isTrue();
    assertThat(queue.counts(ask, world.stranger.publicKey())).isFalse();
  }

  @Test
  void approve_byAnApprover_answersTheAsk() throws Exception {
    String place = ask("POST", AskWorld.CLOSE);
    KeptAsk ask = only();
    String approval = approval(ask, world.world.boss);

    assertThat(queue.approve(ask.name(), approval)).isEqualTo(AskStatus.State.ANSWERED);
    assertThat(queue.approve(ask.name(), approval))
        .as("once more")
        .isEqualTo(AskStatus.State.ANSWERED);
    assertThat(AskWorld.get(service, place).body()).contains(approval).contains("answered");
    assertThat(only().status().approvals()).containsExactly(approval);
    assertThatThrownBy(() -> queue.refuse(ask.name(), "too late")).hasMessage("ask_closed");
  }

  @Test
  void approve_byAnybodyElse_isAMismatch() throws Exception {
    String place = ask("POST", AskWorld.CLOSE);
    KeptAsk ask = only();
    assertThatThrownBy(() -> queue.approve(ask.name(), approval(ask, world.stranger)))
        .hasMessage("approval_mismatch");
    assertThatThrownBy(() -> queue.approve(ask.name(), "AAAA")).hasMessage("malformed_approval");
    assertThatThrownBy(() -> queue.approve("0".repeat(64), "AAAA")).hasMessage("unknown_ask");
    assertThat(queue.refuse(ask.name(), "not today")).isEqualTo(AskStatus.State.REFUSED);
    assertThat(AskWorld.get(service, place).body()).contains("not today");
  }

  @Test
  void approve_byTwoAtOnce_keepsBoth() throws Exception {
    String place = ask("DELETE", "/issues/7");
    KeptAsk ask = only();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Callable<AskStatus.State>> both =
        List.of(
            () -> queue.approve(ask.name(), approval(ask, world.world.boss)),
            () -> queue.approve(ask.name(), approval(ask, world.second)));
    List<Future<AskStatus.State>> states = threads.invokeAll(both);
    threads.shutdown();
    assertThat(List.of(states.get(0).get(), states.get(1).get()))
        .containsExactlyInAnyOrder(AskStatus.State.OPEN, AskStatus.State.ANSWERED);
    assertThat(only().status().approvals()).hasSize(2);
    assertThat(AskWorld.get(service, place).body()).contains("answered");
  }

  @Test
  void standing_afterTheAuthorityEnded_saysWhy() throws Exception {
    ask("POST", AskWorld.CLOSE);
    KeptAsk ask = only();
    VerifierRules untrusting =
        verifier.get().rules().withRootKeys(RootKeySet.of(Clock.systemUTC(), List.of()));
    verifier.set(verifier.get().with(untrusting));

    AskQueue.Standing standing = queue.standing(ask);
    assertThat(standing.isPossible()).isFalse();
    assertThat(standing.code()).isEqualTo("unknown_root_key");
    assertThat(queue.counts(ask, world.world.boss.publicKey())).isFalse();
    assertThatThrownBy(() -> queue.approve(ask.name(), approval(ask, world.world.boss)))
        .hasMessage("unknown_ask");
  }

  @Test
  void asks_ofAnotherServiceOrBroken_areLeftOut() throws Exception {
    ask("POST", AskWorld.CLOSE);
    KeptAsk ask = only();
    Ask kept = Objects.requireNonNull(asks.find(ask.name(), Instant.now()));
    MemoryShare share = MemoryShare.of("user:bob@acme.com", new byte[] {1});
    String other = kept.content().replace(ask.audience(), "svc:other");
    for (String content : List.of(other, "{\"audience\":", "[]")) {
      String name = String.format("%064x", content.length());
      assertThat(asks.add(new Ask(name, share, kept.until(), content, 0), Instant.now()))
          .isEqualTo(Asks.Kept.YES);
    }
    assertThat(only().name()).isEqualTo(ask.name());
    assertThat(queue.ask(String.format("%064x", other.length()))).isNull();
  }
}
