package dev.taper.integrations.mcp;

import dev.taper.agent.AgentClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    ServerParameters server =
        ServerParameters.builder(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .args(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StdioServer.class.getName(),
                world.root.publicKey().toString(),
                folder.resolve("reached").toString())
            .build();
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
