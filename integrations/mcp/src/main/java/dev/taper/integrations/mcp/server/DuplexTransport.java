package dev.taper.integrations.mcp.server;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** A transport of one client at a time, with a gate before the server. */
record DuplexTransport(
    Gate gate, McpServerTransportProvider transport, Set<ClientFeature> opened, boolean isProcess)
    implements McpServerTransportProvider {
  @Override
  public void setSessionFactory(McpServerSession.Factory sessions) {
    transport.setSessionFactory(
        out -> {
          SessionRules rules = new SessionRules(gate.guard(), opened, isProcess);
          DuplexSession.Out between = new DuplexSession.Out(rules, out);
          return new DuplexSession(gate, sessions.create(between), rules, between);
        });
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
