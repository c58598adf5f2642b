package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierRules;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalRequest.Ask;
import dev.taper.agent.approval.ApprovalRequest.Asks;
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

  private AskQueue.Entry only() {
    List<AskQueue.Entry> all = queue.entries();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static String approval(AskQueue.Entry entry, PrivateKey by) {
    return AskWorld.approval(ApprovalRequest.decode(entry.request()), by).encodeBase64();
  }

  @Test
  void entries_ofAsksThatWereMade_sayWhatTheServiceDerived() throws Exception {
    assertThat(queue.entries()).isEmpty();
    String place = ask("POST", AskWorld.CLOSE);

    AskQueue.Entry entry = only();
    assertThat(entry.state()).isEqualTo("open");
    assertThat(entry.audience()).isEqualTo(HttpGuard.catalog(verifier.get()).audience());
    assertThat(entry.approvals()).isEmpty();
    ApprovalRequest request = ApprovalRequest.decode(entry.request());
    assertThat(request.call().tool()).isEqualTo("jira.close");
    assertThat(request.token().encodeBase64()).isEqualTo(world.token.encodeBase64());
    assertThat(place).as("an id that nobody learns from a name").doesNotContain(entry.name());
    assertThat(queue.standing(entry).isPossible()).isTrue();
    assertThat(queue.counts(entry, world.world.boss.publicKey())).isTrue();
    assertThat(queue.counts(entry, world.stranger.publicKey())).isFalse();
  }

  @Test
  void approve_byAnApprover_answersTheAsk() throws Exception {
    String place = ask("POST", AskWorld.CLOSE);
    AskQueue.Entry entry = only();
    String approval = approval(entry, world.world.boss);

    assertThat(queue.approve(entry.name(), approval)).isEqualTo("answered");
    assertThat(queue.approve(entry.name(), approval)).as("once more").isEqualTo("answered");
    assertThat(AskWorld.get(service, place).body()).contains(approval).contains("answered");
    assertThat(only().approvals()).containsExactly(approval);
    assertThatThrownBy(() -> queue.refuse(entry.name(), "too late")).hasMessage("ask_closed");
  }

  @Test
  void approve_byAnybodyElse_isAMismatch() throws Exception {
    String place = ask("POST", AskWorld.CLOSE);
    AskQueue.Entry entry = only();
    assertThatThrownBy(() -> queue.approve(entry.name(), approval(entry, world.stranger)))
        .hasMessage("approval_mismatch");
    assertThatThrownBy(() -> queue.approve(entry.name(), "AAAA")).hasMessage("malformed_approval");
    assertThatThrownBy(() -> queue.approve("0".repeat(64), "AAAA")).hasMessage("unknown_ask");
    assertThat(queue.refuse(entry.name(), "not today")).isEqualTo("refused");
    assertThat(AskWorld.get(service, place).body()).contains("not today");
  }

  @Test
  void approve_byTwoAtOnce_keepsBoth() throws Exception {
    String place = ask("DELETE", "/issues/7");
    AskQueue.Entry entry = only();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Callable<String>> both =
        List.of(
            () -> queue.approve(entry.name(), approval(entry, world.world.boss)),
            () -> queue.approve(entry.name(), approval(entry, world.second)));
    List<Future<String>> states = threads.invokeAll(both);
    threads.shutdown();
    assertThat(List.of(states.get(0).get(), states.get(1).get()))
        .containsExactlyInAnyOrder("open", "answered");
    assertThat(only().approvals()).hasSize(2);
    assertThat(AskWorld.get(service, place).body()).contains("answered");
  }

  @Test
  void standing_afterTheAuthorityEnded_saysWhy() throws Exception {
    ask("POST", AskWorld.CLOSE);
    AskQueue.Entry entry = only();
    VerifierRules untrusting =
        verifier.get().rules().withRootKeys(RootKeySet.of(Clock.systemUTC(), List.of()));
    verifier.set(verifier.get().with(untrusting));

    AskQueue.Standing standing = queue.standing(entry);
    assertThat(standing.isPossible()).isFalse();
    assertThat(standing.code()).isEqualTo("unknown_root_key");
    assertThat(queue.counts(entry, world.world.boss.publicKey())).isFalse();
    assertThatThrownBy(() -> queue.approve(entry.name(), approval(entry, world.world.boss)))
        .hasMessage("unknown_ask");
  }

  @Test
  void entries_ofAnotherServiceOrBroken_areLeftOut() throws Exception {
    ask("POST", AskWorld.CLOSE);
    AskQueue.Entry entry = only();
    Ask kept = Objects.requireNonNull(asks.find(entry.name(), Instant.now()));
    MemoryShare share = MemoryShare.of("user:bob@acme.com", new byte[] {1});
    String other = kept.content().replace(entry.audience(), "svc:other");
    for (String content : List.of(other, "{\"audience\":", "[]")) {
      String name = String.format("%064x", content.length());
      assertThat(asks.add(new Ask(name, share, kept.until(), content, 0), Instant.now()))
          .isEqualTo(Asks.Kept.YES);
    }
    assertThat(only().name()).isEqualTo(entry.name());
    assertThat(queue.entry(String.format("%064x", other.length()))).isNull();
  }
}
