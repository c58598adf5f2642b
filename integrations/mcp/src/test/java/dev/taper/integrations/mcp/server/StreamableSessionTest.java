package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** When a session that is held ends, and what becomes of what it has open. */
class StreamableSessionTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final McpGuard guard =
      McpGuard.of(
          Verifier.trusting(RootKeys.of(root.publicKey()))
              .audience("svc:files")
              .catalog(ToolCatalog.of("svc:files").build())
              .clock(clock)
              .withoutRevocation()
              .build());
  private final SessionRules rules = new SessionRules(guard, Set.of(), false);
  private final List<String> done = new ArrayList<>();
  private long now;
  private boolean isListening;

  private final StreamableSession session =
      new StreamableSession(
          new Gate(guard),
          new Inner(),
          InitializeRequest.builder(
                  "2025-06-18",
                  ClientCapabilities.builder().build(),
                  Implementation.builder("client", "1").build())
              .build(),
          rules,
          () -> done.add("ended"),
          () -> now);

  /** The server's own session, which notes what is done to it. */
  private final class Inner extends McpStreamableServerSession {
    Inner() {
      super(
          "S-1",
          ClientCapabilities.builder().build(),
          Implementation.builder("client", "1").build(),
          Duration.ofSeconds(1),
          Map.of(),
          Map.of());
    }

    @Override
    public boolean hasListeningStream() {
      return isListening;
    }

    @Override
    public McpStreamableServerSessionStream listeningStream(McpStreamableServerTransport to) {
      isListening = true;
      throw new IllegalStateException("no stream in this test");
    }

    @Override
    public void releaseListeningStream() {
      done.add("release");
      isListening = false;
    }

    @Override
    public Flux<JSONRPCMessage> replay(Object lastEventId) {
      done.add("replay " + lastEventId);
      return Flux.empty();
    }

    @Override
    public Mono<Void> delete() {
      return Mono.fromRunnable(() -> done.add("delete"));
    }

    @Override
    public Mono<Void> closeGracefully() {
      return Mono.fromRunnable(() -> done.add("close gracefully"));
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  @AfterEach
  void release() {
    SessionHolder.release();
  }

  private void present() {
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    var token =
        Issuer.of(root)
            .clock(clock)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:a", holder.publicKey()))
                    .task("T-1")
                    .grant("files on a")
                    .expiresIn(Duration.ofHours(1)));
    DelegationChain chain =
        DelegationChain.of(token.token().verifyHeld(RootKeys.of(root.publicKey())));
    assertThat(rules.owns(token.encodeBase64(), chain)).isTrue();
  }

  private void lookAt(long nanos) {
    now = nanos;
    session.look();
  }

  @Test
  void look_listeningForHalfAnHour_releasesTheStream() {
    now = MINUTE;
    SessionHolder.hold(session);
    McpStreamableServerTransport none = new NoConnection();
    assertThatThrownBy(() -> session.listeningStream(none)).hasMessageContaining("no stream");

    lookAt(31 * MINUTE);
    assertThat(done).isEmpty();
    lookAt(31 * MINUTE + 1);
    assertThat(done).containsExactly("release");
    lookAt(40 * MINUTE);
    assertThat(done).as("nobody listens any more").containsExactly("release");
  }

  @Test
  void look_tokenHasEnded_closesAndIsKnownForAMinute() {
    present();
    clock.forward(Duration.ofHours(2));
    isListening = true;

    lookAt(50 * MINUTE);
    assertThat(done).containsExactly("close");
    assertThat(rules.isOver()).isTrue();
    lookAt(51 * MINUTE);
    assertThat(done).containsExactly("close");
    lookAt(51 * MINUTE + 1);
    assertThat(done).containsExactly("close", "ended");
  }

  @Test
  void close_endsTheSession() {
    session.close();

    assertThat(rules.isOver()).isTrue();
    assertThat(done).containsExactly("ended", "close");
  }

  @Test
  void closeGracefully_endsTheSessionOnceItIsWaitedFor() {
    Mono<Void> closing = session.closeGracefully();
    assertThat(rules.isOver()).isFalse();

    closing.block();

    assertThat(rules.isOver()).isTrue();
    assertThat(done).containsExactly("ended", "close gracefully");
  }

  @Test
  void replay_andDelete_areTheHoldersAlone() {
    assertThatThrownBy(() -> session.replay("7").blockLast()).hasMessageContaining("listens");
    assertThatThrownBy(() -> session.delete().block()).hasMessageContaining("goes on");
    assertThat(done).isEmpty();
    SessionHolder.hold(session);

    assertThat(session.replay("7").blockLast()).isNull();
    assertThat(done).containsExactly("replay 7");
    session.delete().block();

    assertThat(rules.isOver()).isTrue();
    assertThat(done).containsExactly("replay 7", "ended", "delete");
  }

  @Test
  void mayAnswer_whatCannotBeWritten_isFalse() {
    present();
    assertThat(rules.mayAnswer(answer("x"))).isTrue();
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    assertThat(rules.mayAnswer(answer(endless))).isFalse();
  }

  private static JSONRPCResponse answer(Object result) {
    return new JSONRPCResponse("2.0", 1, result, null);
  }

  @Test
  void of_oneClientWithoutAProcess_opensNothing() {
    McpServerTransportProvider other = new OneClient();
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "nobody knows whose answers come",
        () -> GuardedTransport.of(guard, other, Set.of(ClientFeature.SAMPLING)));
    assertThat(GuardedTransport.of(guard, other, Set.of())).isNotNull();
  }

  @Test
  void maxContent_limits_areChecked() {
    SessionFilter filter =
        SessionFilter.of(
            GuardedTransport.of(
                guard,
                HttpServletStreamableServerTransportProvider.builder()
                    .jsonMapper(StrictMapper.of())
                    .build()));
    assertThat(filter.maxContent(0)).isNotSameAs(filter);
    assertThat(filter.maxContent(Integer.MAX_VALUE - 1)).isNotSameAs(filter);
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> filter.maxContent(-1));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> filter.maxContent(Integer.MAX_VALUE));
  }

  /** A transport of one client that is no process. */
  private static final class OneClient implements McpServerTransportProvider {
    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {}

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
      return Mono.empty();
    }

    @Override
    public Mono<Void> notifyClient(String id, String method, Object params) {
      return Mono.empty();
    }

    @Override
    public Mono<Void> closeGracefully() {
      return Mono.empty();
    }
  }

  /** A connection on which nothing is sent. */
  private static final class NoConnection implements McpStreamableServerTransport {
    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
      return Mono.empty();
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String id) {
      return Mono.empty();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
      throw new IllegalStateException("nothing is read");
    }

    @Override
    public Mono<Void> closeGracefully() {
      return Mono.empty();
    }

    @Override
    public void close() {}
  }
}
