package dev.taper.integrations.mcp.server;

import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/** A transport with sessions that has a gate before its server, and is otherwise as it was. */
abstract class GuardedProvider<T extends McpServerTransportProviderBase>
    implements McpServerTransportProviderBase {
  final Gate gate;
  final T transport;
  final Set<ClientFeature> opened;

  GuardedProvider(Gate gate, T transport, Set<ClientFeature> opened) {
    this.gate = gate;
    this.transport = transport;
    this.opened = opened;
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
