package dev.taper.integrations.mcp.server;

import dev.taper.agent.decision.CallDecision;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A session with a gate before it, which belongs to a lineage. It is the one that the transport
 * has: it answers messages, each with a stream of its own, from the session that the server made,
 * and takes what says not itself who sends it only of a {@linkplain SessionHolder holder} that a
 * filter verified.
 */
final class StreamableSession extends McpStreamableServerSession {
  private static final Duration UNUSED = Duration.ofSeconds(1);

  /** How long somebody may listen before the stream ends, and is asked for with another proof. */
  private static final Duration MAX_LISTENING = Duration.ofMinutes(30);

  /** How long a session is known after the end of its newest token. */
  private static final Duration KNOWN_AFTER_END = Duration.ofMinutes(1);

  private final Gate gate;
  private final McpStreamableServerSession session;
  private final SessionRules rules;
  private final Runnable ended;
  private final LongSupplier ticker;
  private volatile long listeningSince;
  private volatile long endedAt;

  /**
   * Stands before a session.
   *
   * @param ended told once it has been closed, or has ended for a while
   * @param ticker nanoseconds that only go forward
   */
  StreamableSession(
      Gate gate,
      McpStreamableServerSession session,
      InitializeRequest request,
      SessionRules rules,
      Runnable ended,
      LongSupplier ticker) {
    super(
        session.getId(), request.capabilities(), request.clientInfo(), UNUSED, Map.of(), Map.of());
    this.gate = gate;
    this.session = session;
    this.rules = rules;
    this.ended = ended;
    this.ticker = ticker;
  }

  SessionRules rules() {
    return rules;
  }

  /**
   * A stream that answers one message. The SDK's stream takes its handlers from its session, so it
   * gets a session of its own, whose handler for every method is the gate.
   */
  @Override
  public McpStreamableServerSessionStream responseStream(McpStreamableServerTransport connection) {
    Judged judged = Judged.take();
    Owner sender = SessionHolder.takesOpen(this) ? rules.takingOpen() : rules;
    McpStreamableServerSession one =
        new McpStreamableServerSession(
            session.getId(),
            null,
            null,
            UNUSED,
            new Handlers(
                method -> (exchange, params) -> answer(method, params, judged, sender, connection)),
            Map.of());
    return one.responseStream(connection);
  }

  /** Ends what its owner may not have open any longer. */
  void look() {
    long now = ticker.getAsLong();
    if (rules.isOver()) {
      if (now - endedAt > KNOWN_AFTER_END.toNanos()) {
        ended.run();
      }
    } else if (rules.hasEnded()) {
      endedAt = now;
      rules.end(); // it stays known, so that its owner can be told why
      session.close();
    } else if (now - listeningSince > MAX_LISTENING.toNanos() && session.hasListeningStream()) {
      session.releaseListeningStream();
    }
  }

  private Mono<Object> answer(
      String method,
      @Nullable Object params,
      @Nullable Judged judged,
      Owner sender,
      McpStreamableServerTransport connection) {
    JSONRPCRequest request = new JSONRPCRequest(method, Gate.newId(), params);
    return gate.answer(
            request, judged, sender, (asked, decision) -> ask(asked, decision, connection))
        .flatMap(
            response ->
                response.error() == null
                    ? Mono.just(response.result())
                    : Mono.error(new McpError(response.error())));
  }

  private Mono<JSONRPCResponse> ask(
      JSONRPCRequest request,
      CallDecision.@Nullable Allowed decision,
      McpStreamableServerTransport connection) {
    return Mono.defer(
        () -> {
          Connection between = new Connection(request.id(), rules, connection);
          return session
              .responseStream(between)
              .handle(request)
              .contextWrite(context -> CallContext.with(context, decision))
              .then(Mono.defer(between::answer));
        });
  }

  /** Where the server's stream sends: its answer comes back to the gate, the rest goes out. */
  static final class Connection extends HeldConnection {
    private final Object id;
    private volatile @Nullable JSONRPCResponse answer;

    Connection(Object id, SessionRules rules, McpStreamableServerTransport out) {
      super(rules, out);
      this.id = id;
    }

    Mono<JSONRPCResponse> answer() {
      return Mono.justOrEmpty(answer);
    }

    private boolean isAnswer(JSONRPCMessage message) {
      if (message instanceof JSONRPCResponse response && response.id().equals(id)) {
        answer = response;
        return true;
      }
      return false;
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
      return isAnswer(message) ? Mono.empty() : super.sendMessage(message);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
      return isAnswer(message) ? Mono.empty() : super.sendMessage(message, messageId);
    }

    /** With an answer the gate's own stream ends the connection; without one the session does. */
    @Override
    public Mono<Void> closeGracefully() {
      return Mono.defer(() -> answer == null ? out.closeGracefully() : Mono.empty());
    }

    @Override
    public void close() {
      if (answer == null) {
        out.close();
      }
    }
  }

  /** One handler for every method. */
  private static final class Handlers extends AbstractMap<String, McpRequestHandler<?>> {
    private final Function<String, McpRequestHandler<?>> handlers;

    Handlers(Function<String, McpRequestHandler<?>> handlers) {
      this.handlers = handlers;
    }

    @Override
    public McpRequestHandler<?> get(Object method) {
      return handlers.apply((String) method);
    }

    @Override
    public Set<Map.Entry<String, McpRequestHandler<?>>> entrySet() {
      return Set.of();
    }
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // who calls it decides that
  public Mono<Void> responseStream(
      JSONRPCRequest request, McpStreamableServerTransport connection) {
    return responseStream(connection).handle(request);
  }

  @Override
  public void setMinLoggingLevel(McpSchema.LoggingLevel level) {
    session.setMinLoggingLevel(level);
  }

  @Override
  public boolean isNotificationForLevelAllowed(McpSchema.LoggingLevel level) {
    return session.isNotificationForLevelAllowed(level);
  }

  @Override
  public String getId() {
    return session.getId();
  }

  @Override
  public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> type) {
    return session.sendRequest(method, params, type);
  }

  @Override
  public Mono<Void> sendNotification(String method) {
    return session.sendNotification(method);
  }

  @Override
  public Mono<Void> sendNotification(String method, Object params) {
    return session.sendNotification(method, params);
  }

  @Override
  public Mono<Void> delete() {
    return SessionHolder.isHeld(this) ? ending(session.delete()) : notHeld();
  }

  private static <T> Mono<T> notHeld() {
    return Mono.error(new IllegalStateException("nobody verified who goes on with the session"));
  }

  private Mono<Void> ending(Mono<Void> end) {
    return Mono.defer(
        () -> {
          rules.end();
          ended.run();
          return end;
        });
  }

  @Override
  public boolean hasListeningStream() {
    return session.hasListeningStream();
  }

  @Override
  public boolean hasOpenStream() {
    return session.hasOpenStream();
  }

  @Override
  public McpStreamableServerSessionStream listeningStream(McpStreamableServerTransport connection) {
    if (!SessionHolder.isHeld(this)) {
      throw new IllegalStateException("nobody verified who listens");
    }
    listeningSince = ticker.getAsLong();
    return session.listeningStream(new HeldConnection(rules, connection));
  }

  @Override
  public void releaseListeningStream() {
    session.releaseListeningStream();
  }

  @Override
  public Flux<JSONRPCMessage> replay(Object lastEventId) {
    return SessionHolder.isHeld(this)
        ? session.replay(lastEventId).mapNotNull(rules::outgoing)
        : Flux.error(new IllegalStateException("nobody verified who listens"));
  }

  @Override
  public Mono<Void> accept(JSONRPCNotification notification) {
    if (!SessionRules.isCarried(notification)) {
      return Mono.empty();
    }
    boolean isOpen =
        notification.method().equals(SessionRules.INITIALIZED)
            && (SessionHolder.takesOpen(this) || rules.takesOpen());
    return isOpen || SessionHolder.isHeld(this) ? session.accept(notification) : notHeld();
  }

  @Override
  public Mono<Void> accept(JSONRPCResponse response) {
    return SessionHolder.isHeld(this) && rules.mayAnswer(response)
        ? session.accept(response)
        : notHeld();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return ending(session.closeGracefully());
  }

  @Override
  public void close() {
    rules.end();
    ended.run();
    session.close();
  }
}
