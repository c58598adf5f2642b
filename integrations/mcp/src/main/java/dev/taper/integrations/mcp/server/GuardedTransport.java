package dev.taper.integrations.mcp.server;

import dev.taper.agent.CallDecision;
import dev.taper.integrations.mcp.McpGuard;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;

/**
 * Guards a server of the SDK between its transport and everything else, so that a message is judged
 * before the SDK looks for a tool or checks a schema, whatever kind of handler would get it. The
 * server is built with what is returned here; requests reach it through the transport itself, such
 * as a servlet. Thread-safe.
 */
public final class GuardedTransport {
  private GuardedTransport() {}

  /** Guards a transport of one client, such as standard input and output. */
  public static McpServerTransportProvider of(
      McpGuard guard, McpServerTransportProvider transport) {
    return new DuplexTransport(new Gate(guard), transport);
  }

  /** Guards streamable HTTP with sessions. */
  public static McpStreamableServerTransportProvider of(
      McpGuard guard, McpStreamableServerTransportProvider transport) {
    return new StreamableTransport(new Gate(guard), transport);
  }

  /** Guards streamable HTTP without sessions. */
  public static McpStatelessServerTransport of(
      McpGuard guard, McpStatelessServerTransport transport) {
    return new StatelessTransport(new Gate(guard), transport);
  }

  /**
   * What was decided about the call that a handler has before it.
   *
   * @param context of the exchange, or what a stateless handler gets
   * @throws IllegalStateException if the call came past the guard
   */
  public static CallDecision.Allowed decision(McpTransportContext context) {
    if (context.get(CallContext.KEY) instanceof CallDecision.Allowed allowed) {
      return allowed;
    }
    throw new IllegalStateException("nobody judged this call: build the server with the guard");
  }
}
