package dev.taper.integrations.mcp.server;

import dev.taper.agent.decision.CallDecision;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A session of one client with a gate before it. It gives messages that may go on a name of its
 * own, and sends the server's answers to them under the client's.
 */
final class DuplexSession extends McpServerSession {
  private static final Duration UNUSED = Duration.ofSeconds(1);

  private final Gate gate;
  private final McpServerSession session;
  private final SessionRules rules;
  private final Out out;

  DuplexSession(Gate gate, McpServerSession session, SessionRules rules, Out out) {
    super(
        session.getId(),
        UNUSED,
        out,
        request -> Mono.error(new IllegalStateException("not asked")),
        Map.of(),
        Map.of());
    this.gate = gate;
    this.session = session;
    this.rules = rules;
    this.out = out;
  }

  @Override
  public Mono<Void> handle(JSONRPCMessage message) {
    if (!(message instanceof JSONRPCRequest request)) {
      return rules.mayPass(message) ? session.handle(message) : Mono.empty();
    }
    return gate.answer(request, rules, this::ask)
        .map(answer -> withId(answer, request.id()))
        .flatMap(out::sendMessage);
  }

  private static JSONRPCResponse withId(JSONRPCResponse answer, Object id) {
    return new JSONRPCResponse(answer.jsonrpc(), id, answer.result(), answer.error());
  }

  /**
   * The server's answer comes through its transport, before or after it has handled the message.
   */
  private Mono<JSONRPCResponse> ask(
      JSONRPCRequest request, CallDecision.@Nullable Allowed decision) {
    JSONRPCRequest named =
        new JSONRPCRequest(
            request.jsonrpc(),
            request.method(),
            Gate.newId(),
            request.method().equals("initialize")
                ? rules.opened(request.params())
                : request.params());
    return Mono.create(
        sink -> {
          out.waiting.put(named.id(), sink);
          sink.onDispose(() -> out.waiting.remove(named.id()));
          session
              .handle(named)
              .contextWrite(
                  context -> CallContext.with(context.putAll(sink.contextView()), decision))
              .subscribe(done -> {}, sink::error, sink::success);
        });
  }

  /** What the server writes to: answers that the gate waits for go there, all else goes out. */
  static final class Out extends HeldTransport<McpServerTransport> {
    private final Map<Object, MonoSink<JSONRPCResponse>> waiting = new ConcurrentHashMap<>();

    Out(SessionRules rules, McpServerTransport transport) {
      super(rules, transport);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
      MonoSink<JSONRPCResponse> sink =
          message instanceof JSONRPCResponse response ? waiting.remove(response.id()) : null;
      return sink == null
          ? super.sendMessage(message)
          : Mono.fromRunnable(() -> sink.success((JSONRPCResponse) message));
    }
  }

  @Override
  public String getId() {
    return session.getId();
  }

  @Override
  public void init(McpSchema.ClientCapabilities capabilities, McpSchema.Implementation client) {
    session.init(capabilities, client);
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
  public Mono<Void> closeGracefully() {
    return session.closeGracefully();
  }

  @Override
  public void close() {
    session.close();
  }
}
