package dev.taper.integrations.mcp.client;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Signs every message of a client just before its transport sends it, whatever part of the SDK made
 * it, and anew if it is sent again. The client is built with it: {@code
 * McpClient.sync(SigningTransport.of(transport, agent))}. Thread-safe if the agent's signer is.
 */
public final class SigningTransport implements McpClientTransport {
  private static final TypeRef<Map<String, Object>> OBJECT = new TypeRef<>() {};

  private final McpClientTransport transport;
  private final Supplier<AgentClient> agents;

  private SigningTransport(McpClientTransport transport, Supplier<AgentClient> agents) {
    this.transport = transport;
    this.agents = agents;
  }

  /**
   * Signs as one agent.
   *
   * @param transport to the one server that the agent's audience names; the token goes there
   */
  public static SigningTransport of(McpClientTransport transport, AgentClient agent) {
    return of(transport, () -> agent);
  }

  /** Signs as an agent that may be another one for each message, such as after a renewal. */
  public static SigningTransport of(McpClientTransport transport, Supplier<AgentClient> agents) {
    return new SigningTransport(transport, agents);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (!(message instanceof JSONRPCRequest request)) {
      return transport.sendMessage(message);
    }
    return Mono.defer(() -> transport.sendMessage(signed(request)));
  }

  private JSONRPCRequest signed(JSONRPCRequest request) {
    Map<String, Object> params =
        request.params() == null ? Map.of() : transport.unmarshalFrom(request.params(), OBJECT);
    return new JSONRPCRequest(
        request.jsonrpc(),
        request.method(),
        request.id(),
        McpSigner.of(agents.get()).sign(request.method(), params));
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return transport.connect(handler);
  }

  @Override
  public void setExceptionHandler(Consumer<Throwable> handler) {
    transport.setExceptionHandler(handler);
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
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return transport.unmarshalFrom(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return transport.protocolVersions();
  }
}
