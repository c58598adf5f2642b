package dev.taper.integrations.mcp.server;

import dev.taper.agent.CallDecision;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A session with a gate before it. It is the one that the transport has; all that it does itself is
 * to answer messages, each with a stream of its own, from the session that the server made.
 */
final class StreamableSession extends McpStreamableServerSession {
  private static final Duration UNUSED = Duration.ofSeconds(1);

  private final Gate gate;
  private final McpStreamableServerSession session;

  StreamableSession(Gate gate, McpStreamableServerSession session, InitializeRequest request) {
    super(
        session.getId(), request.capabilities(), request.clientInfo(), UNUSED, Map.of(), Map.of());
    this.gate = gate;
    this.session = session;
  }

  /**
   * A stream that answers one message. The SDK's stream takes its handlers from its session, so it
   * gets a session of its own, whose handler for every method is the gate.
   */
  @Override
  public McpStreamableServerSessionStream responseStream(McpStreamableServerTransport connection) {
    Judged judged = Judged.take();
    McpStreamableServerSession one =
        new McpStreamableServerSession(
            session.getId(),
            null,
            null,
            UNUSED,
            new Handlers(
                method -> (exchange, params) -> answer(method, params, judged, connection)),
            Map.of());
    return one.responseStream(connection);
  }

  private Mono<Object> answer(
      String method,
      @Nullable Object params,
      @Nullable Judged judged,
      McpStreamableServerTransport connection) {
    JSONRPCRequest request = new JSONRPCRequest(method, Ids.next(), params);
    return gate.answer(request, judged, (asked, decision) -> ask(asked, decision, connection))
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
          Connection between = new Connection(request.id(), connection);
          return session
              .responseStream(between)
              .handle(request)
              .contextWrite(context -> CallContext.with(context, decision))
              .then(Mono.defer(between::answer));
        });
  }

  /** Where the server's stream sends: its answer comes back to the gate, the rest goes out. */
  static final class Connection implements McpStreamableServerTransport {
    private final Object id;
    private final McpStreamableServerTransport out;
    private volatile @Nullable JSONRPCResponse answer;

    Connection(Object id, McpStreamableServerTransport out) {
      this.id = id;
      this.out = out;
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
      return isAnswer(message) ? Mono.empty() : out.sendMessage(message);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
      return isAnswer(message) ? Mono.empty() : out.sendMessage(message, messageId);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
      return out.unmarshalFrom(data, type);
    }

    @Override
    public List<String> protocolVersions() {
      return out.protocolVersions();
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
    return session.delete();
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
    return session.listeningStream(connection);
  }

  @Override
  public void releaseListeningStream() {
    session.releaseListeningStream();
  }

  @Override
  public Flux<JSONRPCMessage> replay(Object lastEventId) {
    return session.replay(lastEventId);
  }

  @Override
  public Mono<Void> accept(JSONRPCNotification notification) {
    return session.accept(notification);
  }

  @Override
  public Mono<Void> accept(JSONRPCResponse response) {
    return session.accept(response);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return session.closeGracefully();
  }

  @Override
  public void close() {
    session.close();
  }
}
