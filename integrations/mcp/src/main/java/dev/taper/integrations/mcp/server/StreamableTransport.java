package dev.taper.integrations.mcp.server;

import dev.taper.integrations.mcp.McpGuard;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.io.IOException;
import java.util.List;
import reactor.core.publisher.Mono;

/** Streamable HTTP with sessions, with a gate before each. */
record StreamableTransport(Gate gate, McpStreamableServerTransportProvider transport)
    implements McpStreamableServerTransportProvider {
  @Override
  public void setSessionFactory(McpStreamableServerSession.Factory sessions) {
    transport.setSessionFactory(
        request -> {
          requireSmall(request);
          McpStreamableServerSessionInit started = sessions.startSession(request);
          return new McpStreamableServerSessionInit(
              new StreamableSession(gate, started.session(), request),
              started.initResult().map(result -> Answers.described(result, gate.guard())));
        });
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
  public Mono<Void> notifyClients(String method, Object params) {
    return transport.notifyClients(method, params);
  }

  @Override
  public Mono<Void> notifyClient(String sessionId, String method, Object params) {
    return transport.notifyClient(sessionId, method, params);
  }

  @Override
  public void close() {
    transport.close();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return transport.closeGracefully();
  }

  @Override
  public List<String> protocolVersions() {
    return transport.protocolVersions();
  }
}
