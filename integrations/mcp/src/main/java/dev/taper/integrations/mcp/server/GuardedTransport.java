package dev.taper.integrations.mcp.server;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.CallDecision;
import dev.taper.integrations.mcp.McpGuard;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.Set;

/**
 * Guards a server of the SDK between its transport and everything else, so that a message is judged
 * before the SDK looks for a tool or checks a schema, whatever kind of handler would get it. The
 * server is built with what is returned here; requests reach it through the transport itself, such
 * as a servlet. Thread-safe.
 */
public final class GuardedTransport {
  private GuardedTransport() {}

  /**
   * Guards a transport of one client. Over standard input and output the process is the session;
   * over any other one a session belongs to the lineage whose token was verified in it first, and
   * nothing that says not itself who sends it reaches the server, so that it asks nothing either.
   */
  public static McpServerTransportProvider of(
      McpGuard guard, McpServerTransportProvider transport) {
    return of(guard, transport, Set.of());
  }

  /**
   * Guards a transport of one client, as {@link #of(McpGuard, McpServerTransportProvider)}.
   *
   * @param opened what the server may ask of the client
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if something is opened of a transport
   *     that is not standard input and output: nobody would know whose answers come
   */
  public static McpServerTransportProvider of(
      McpGuard guard, McpServerTransportProvider transport, Set<ClientFeature> opened) {
    boolean isProcess = transport instanceof StdioServerTransportProvider;
    if (!isProcess && !opened.isEmpty()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "over this transport nobody knows whose answers come, so that nothing can be asked");
    }
    return new DuplexTransport(new Gate(guard), transport, Set.copyOf(opened), isProcess);
  }

  /**
   * Guards streamable HTTP with sessions. A session belongs to the lineage whose token was verified
   * in it first, and ends with the newest of its tokens. Nobody can answer, notify, listen, resume
   * or end, unless a {@link SessionFilter} verified who it is.
   */
  public static McpStreamableServerTransportProvider of(
      McpGuard guard, McpStreamableServerTransportProvider transport) {
    return of(guard, transport, Set.of());
  }

  /**
   * Guards streamable HTTP with sessions, as {@link #of(McpGuard,
   * McpStreamableServerTransportProvider)}.
   *
   * @param opened what the server may ask of the client
   */
  public static McpStreamableServerTransportProvider of(
      McpGuard guard, McpStreamableServerTransportProvider transport, Set<ClientFeature> opened) {
    return new StreamableTransport(new Gate(guard), transport, Set.copyOf(opened));
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
