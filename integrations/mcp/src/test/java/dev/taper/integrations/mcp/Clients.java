package dev.taper.integrations.mcp;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.client.SessionSigner;
import dev.taper.integrations.mcp.client.SigningTransport;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SDK's clients, which are closed together. */
final class Clients implements AutoCloseable {
  private final List<McpSyncClient> open = new ArrayList<>();

  McpSyncClient http(String origin, @Nullable AgentClient agent) {
    HttpClientStreamableHttpTransport.Builder transport =
        HttpClientStreamableHttpTransport.builder(origin);
    if (agent != null) {
      transport.addHttpRequestCustomizer(SessionSigner.of(agent));
    }
    return over(transport.build(), agent);
  }

  McpSyncClient over(McpClientTransport transport, @Nullable AgentClient agent) {
    McpSyncClient client =
        McpClient.sync(agent == null ? transport : SigningTransport.of(transport, agent))
            .requestTimeout(Duration.ofMinutes(1))
            .initializationTimeout(Duration.ofMinutes(2))
            .build();
    open.add(client);
    client.initialize();
    return client;
  }

  @Override
  public void close() {
    open.forEach(McpSyncClient::close);
  }
}
