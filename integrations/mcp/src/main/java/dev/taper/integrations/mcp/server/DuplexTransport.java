package dev.taper.integrations.mcp.server;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.util.Set;

/** A transport of one client at a time, with a gate before the server. */
final class DuplexTransport extends GuardedProvider<McpServerTransportProvider>
    implements McpServerTransportProvider {
  private final boolean isProcess;

  DuplexTransport(
      Gate gate,
      McpServerTransportProvider transport,
      Set<ClientFeature> opened,
      boolean isProcess) {
    super(gate, transport, opened);
    this.isProcess = isProcess;
  }

  @Override
  public void setSessionFactory(McpServerSession.Factory sessions) {
    transport.setSessionFactory(
        out -> {
          SessionRules rules = new SessionRules(gate.guard(), opened, isProcess);
          DuplexSession.Out between = new DuplexSession.Out(rules, out);
          return new DuplexSession(gate, sessions.create(between), rules, between);
        });
  }
}
