package dev.taper.integrations.mcp.server;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import reactor.core.publisher.Mono;

/** A stream on which a session's owner listens: only what it may have goes out. */
class HeldConnection extends HeldTransport<McpStreamableServerTransport>
    implements McpStreamableServerTransport {
  HeldConnection(SessionRules rules, McpStreamableServerTransport out) {
    super(rules, out);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
    return held(message, sent -> out.sendMessage(sent, messageId));
  }
}
