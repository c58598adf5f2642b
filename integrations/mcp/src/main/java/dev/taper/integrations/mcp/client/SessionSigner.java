package dev.taper.integrations.mcp.client;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpSigner;
import io.modelcontextprotocol.client.transport.customizer.McpSyncHttpClientRequestCustomizer;
import io.modelcontextprotocol.common.McpTransportContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs what a client of streamable HTTP sends that goes on with a session and says not itself who
 * sends it: answers, notifications, requests of MCP that need no token, requests to listen, to
 * resume and to end. The transport is built with it ({@code addHttpRequestCustomizer}), and put
 * into a {@link SigningTransport}, which signs the requests. Thread-safe if the agent's signer is.
 */
public final class SessionSigner implements McpSyncHttpClientRequestCustomizer {

  private final Supplier<AgentClient> agents;

  private SessionSigner(Supplier<AgentClient> agents) {
    this.agents = agents;
  }

  /** Signs as one agent. */
  public static SessionSigner of(AgentClient agent) {
    return of(() -> agent);
  }

  /** Signs as an agent that may be another one for each request, such as after a renewal. */
  public static SessionSigner of(Supplier<AgentClient> agents) {
    return new SessionSigner(agents);
  }

  @Override
  public void customize(
      HttpRequest.Builder builder,
      String method,
      URI endpoint,
      @Nullable String body,
      McpTransportContext context) {
    String content = body == null ? "" : body;
    HttpRequest plain =
        builder.copy().uri(endpoint).method(method, BodyPublishers.ofString(content)).build();
    if (plain.headers().firstValue(McpFields.SESSION).isPresent()
        && !saysWhoSends(method, content)) {
      McpSigner.of(agents.get())
          .sign(plain)
          .headers()
          .map()
          .forEach((name, values) -> values.forEach(value -> builder.setHeader(name, value)));
    }
  }

  /** True for a request of MCP that has its credentials in it. */
  private static boolean saysWhoSends(String method, String content) {
    if (!method.equals("POST")) {
      return false;
    }
    Map<String, @Nullable Object> message = McpJson.read(content, Integer.MAX_VALUE);
    return message.containsKey("id")
        && message.get("method") instanceof String asked
        && !McpGuard.isOpen(asked);
  }
}
