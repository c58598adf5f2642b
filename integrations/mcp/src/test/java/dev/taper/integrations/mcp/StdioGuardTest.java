package dev.taper.integrations.mcp;

import dev.taper.agent.client.AgentClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The SDK's client and server in two processes. */
class StdioGuardTest extends GuardContract {
  @TempDir Path folder;
  private final Clients clients = new Clients();

  @AfterEach
  void stop() {
    clients.close();
  }

  @Override
  McpSyncClient connect(@Nullable AgentClient agent) {
    List<String> command =
        StdioServer.command(
            world.root.publicKey().toString(), folder.resolve("reached").toString());
    ServerParameters server =
        ServerParameters.builder(command.get(0)).args(command.subList(1, command.size())).build();
    return clients.over(new StdioClientTransport(server, McpJsonDefaults.getMapper()), agent);
  }

  @Override
  int reached() {
    Path file = folder.resolve("reached");
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
