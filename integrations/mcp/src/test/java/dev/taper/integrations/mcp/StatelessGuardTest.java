package dev.taper.integrations.mcp;

import dev.taper.agent.client.AgentClient;
import dev.taper.testing.TearDown;
import io.modelcontextprotocol.client.McpSyncClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class StatelessGuardTest extends GuardContract {
  private @Nullable HttpService service;
  private final Clients clients = new Clients();

  @BeforeEach
  void start() throws Exception {
    service = HttpService.stateless(McpGuard.of(world.verifier().build()));
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(clients, service);
  }

  private HttpService service() {
    return java.util.Objects.requireNonNull(service);
  }

  @Override
  McpSyncClient connect(@Nullable AgentClient agent) {
    return clients.http(service().origin(), agent);
  }

  @Override
  int reached() {
    return service().reached.size();
  }
}
