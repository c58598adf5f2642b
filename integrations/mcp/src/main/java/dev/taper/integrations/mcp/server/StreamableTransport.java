package dev.taper.integrations.mcp.server;

import dev.taper.FailureLog;
import dev.taper.integrations.mcp.McpGuard;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Streamable HTTP with sessions, with a gate before each, and each held to its lineage. Sessions
 * are looked at each second, from when a server is built until the transport is closed.
 */
final class StreamableTransport extends GuardedProvider<McpStreamableServerTransportProvider>
    implements McpStreamableServerTransportProvider {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final FailureLog FAILURES =
      FailureLog.of(StreamableTransport.class, "looking at a session", Clock.systemUTC());

  private final LongSupplier ticker;
  private final Map<String, StreamableSession> sessions = new ConcurrentHashMap<>();
  private final Disposable.Swap looking = Disposables.swap();

  StreamableTransport(
      Gate gate, McpStreamableServerTransportProvider transport, Set<ClientFeature> opened) {
    this(gate, transport, opened, System::nanoTime);
  }

  /**
   * Stands before a transport.
   *
   * @param ticker nanoseconds that only go forward
   */
  StreamableTransport(
      Gate gate,
      McpStreamableServerTransportProvider transport,
      Set<ClientFeature> opened,
      LongSupplier ticker) {
    super(gate, transport, opened);
    this.ticker = ticker;
  }

  Gate gate() {
    return gate;
  }

  /** A session that has not been closed; one that has ended with its token is there for a while. */
  @Nullable StreamableSession session(String id) {
    return sessions.get(id);
  }

  @Override
  public void setSessionFactory(McpStreamableServerSession.Factory factory) {
    transport.setSessionFactory(request -> start(factory, request));
    var unused =
        looking.update(
            Flux.interval(POLL_INTERVAL, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .subscribe(tick -> look()));
  }

  private McpStreamableServerSessionInit start(
      McpStreamableServerSession.Factory factory, InitializeRequest request) {
    requireSmall(request);
    SessionRules rules = new SessionRules(gate.guard(), opened, false);
    McpStreamableServerSessionInit started = factory.startSession(rules.opened(request));
    String id = started.session().getId();
    StreamableSession session =
        new StreamableSession(
            gate, started.session(), request, rules, () -> sessions.remove(id), ticker);
    sessions.put(id, session);
    return new McpStreamableServerSessionInit(
        session, started.initResult().map(result -> Answers.described(result, gate.guard())));
  }

  void look() {
    for (StreamableSession session : sessions.values()) {
      try {
        session.look();
      } catch (RuntimeException e) {
        FAILURES.failed(e); // and looks again
      }
    }
  }

  /**
   * Starts no session of anybody who says much: the SDK keeps what a client says of itself. The
   * guard looks at all other messages.
   */
  private static void requireSmall(InitializeRequest request) {
    try {
      if (McpJsonDefaults.getMapper().writeValueAsBytes(request).length > McpGuard.MAX_PARAMS) {
        throw new IllegalArgumentException(
            "parameters have at most " + McpGuard.MAX_PARAMS + " bytes");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the parameters are no JSON", e);
    }
  }

  @Override
  public void close() {
    looking.dispose();
    super.close();
  }

  @Override
  public Mono<Void> closeGracefully() {
    looking.dispose();
    return super.closeGracefully();
  }
}
