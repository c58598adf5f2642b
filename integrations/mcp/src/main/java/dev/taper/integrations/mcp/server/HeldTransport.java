package dev.taper.integrations.mcp.server;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** A way to a session's client: of the server's own messages, only what it may have goes out. */
class HeldTransport<T extends McpServerTransport> implements McpServerTransport {
  private final SessionRules rules;
  final T out;

  HeldTransport(SessionRules rules, T out) {
    this.rules = rules;
    this.out = out;
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return held(message, out::sendMessage);
  }

  /** Sends what may go out. Another notification is lost; who asks learns that nobody is asked. */
  final Mono<Void> held(JSONRPCMessage message, Function<JSONRPCMessage, Mono<Void>> sending) {
    JSONRPCMessage sent = rules.outgoing(message);
    if (sent != null) {
      return sending.apply(sent);
    }
    return message instanceof JSONRPCRequest request
        ? Mono.error(new IllegalStateException("the client is not asked: " + request.method()))
        : Mono.empty();
  }

  @Override
  public <V> V unmarshalFrom(Object data, TypeRef<V> type) {
    return out.unmarshalFrom(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return out.protocolVersions();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return out.closeGracefully();
  }

  @Override
  public void close() {
    out.close();
  }
}
