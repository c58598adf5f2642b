package dev.taper.server.guard;

import dev.taper.operations.config.Times;
import dev.taper.server.listener.ListenOptions;
import dev.taper.server.mcp.UpstreamOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper mcp guard}. */
@Command(
    name = "guard",
    description = {
      "Stands before a server of MCP, and lets through what tokens allow.",
      "Clients talk to it over standard input and output, or over HTTP with --listen."
    },
    mixinStandardHelpOptions = true)
public final class GuardCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Whom the service trusts, its catalog, and what it records.")
  private Path config = Path.of("");

  @Mixin private ListenOptions listen = new ListenOptions();

  @Option(
      names = "--path",
      paramLabel = "PATH",
      defaultValue = "/mcp",
      description = "Where messages are sent over HTTP; default: ${DEFAULT-VALUE}.")
  private String path = "";

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description = "A web page's origin that may call over HTTP; may be repeated.")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--dialled-as",
      paramLabel = "ORIGIN",
      description =
          "What clients dial, such as https://mcp.example.com, where a proxy changes Host or ends"
              + " encryption.")
  private @Nullable String origin;

  @Option(
      names = "--status-mode",
      description = "Over HTTP, refuse by a status (401, 403, …) instead of a message.")
  private boolean byStatus;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "How long the server may be silent about a call; default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Mixin private UpstreamOptions upstream = new UpstreamOptions();

  @Override
  public Integer call() throws InterruptedException {
    return new Guard(
            config,
            listen,
            new Guard.Http(path, new HashSet<>(origins), byStatus, origin),
            Times.parseDuration(timeout),
            upstream)
        .run();
  }
}
