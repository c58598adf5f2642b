package dev.taper.integrations.mcp;

import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.testing.ChildJvm;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A guarded server on standard input and output, in a process of its own. */
final class StdioServer {
  private StdioServer() {}

  /** What starts it. */
  static List<String> command(String rootKey, String reached) {
    return ChildJvm.command(StdioServer.class.getName(), rootKey, reached);
  }

  /** Takes the root key's text, and the file that has a line for each message that arrives. */
  public static void main(String[] args) {
    Path reached = Path.of(args[1]);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(PublicKey.parse(args[0])))
            .audience(World.AUDIENCE)
            .catalog(World.catalog())
            .withoutRevocation()
            .build();
    new Tools((context, request) -> append(reached))
        .over(
            GuardedTransport.of(
                McpGuard.of(verifier),
                new StdioServerTransportProvider(McpJsonDefaults.getMapper())));
  }

  private static void append(Path file) {
    try {
      Files.writeString(file, "reached\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
