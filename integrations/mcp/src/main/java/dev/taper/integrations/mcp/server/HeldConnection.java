package dev.taper.integrations.mcp.server;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.util.List;
import reactor.core.publisher.Mono;

/** A stream on which a session's owner listens: only what it may have goes out. */
class HeldConnection implements McpStreamableServerTransport {
  private final SessionRules rules;
  final McpStreamableServerTransport out;

  HeldConnection(SessionRules rules, McpStreamableServerTransport out) {
    this.rules = rules;
    this.out = out;
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    JSONRPCMessage sent = rules.outgoing(message);
    return sent == null ? dropped(message) : out.sendMessage(sent);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
    JSONRPCMessage sent = rules.outgoing(message);
    return sent == null ? dropped(message) : out.sendMessage(sent, messageId);
  }

  /** A notification is lost; who asks something learns that nobody is asked. */
  static Mono<Void> dropped(JSONRPCMessage message) {
    return message instanceof JSONRPCRequest request
        ? Mono.error(new IllegalStateException("the client is not asked: " + request.method()))
        : Mono.empty();
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
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
