package dev.taper.server.guard;

import dev.taper.DaemonThreads;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.mcp.CallerCheck;
import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.HttpFront;
import dev.taper.server.mcp.RelayCommand;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.process.PolicyLibrary;
import dev.taper.server.process.Running;
import dev.taper.server.process.Traces;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code taper mcp guard}. */
@Command(
    name = "guard",
    description = {
      "Stands before a server of MCP, and lets through what tokens allow.",
      "Clients talk to it over standard input and output, or over HTTP with --listen."
    },
    mixinStandardHelpOptions = true)
public final class GuardCommand extends RelayCommand {
  private static final String ROLE = "guard";
  private static final int MAX_SESSIONS = 64;

  /** The most requests that are judged at once after their server was asked for its tools. */
  private static final int MAX_JUDGING = 64;

  private static final int IDLE_SECONDS = 10;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Whom the service trusts, its catalog, and what it records.")
  private Path config = Path.of("");

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

  @Override
  protected void requireUsable() {
    if (!path.startsWith("/")) {
      throw OperationException.usage("--path begins with a slash");
    }
    if (byStatus && !listen().isGiven()) {
      throw OperationException.usage("--status-mode goes with --listen");
    }
    if (timeout().isNegative() || timeout().isZero()) {
      throw OperationException.usage("--timeout is longer than nothing");
    }
  }

  @Override
  protected Conversation.Host open(Running running, ScheduledExecutorService timers) {
    TaperConfig trust =
        TaperConfig.load(config, Clock.systemUTC())
            .with(new PolicyLibrary())
            .with(metrics(), AuditFailure.ALLOW_AND_COUNT);
    Traces traces = running.closing(Traces.of(System.getenv()));
    ConfiguredVerifier service = running.closing(traces.of(trust).open());
    McpGuard guard = guard(service);
    Upstream upstream = running.closing(upstream().open());
    ThreadPoolExecutor later =
        new ThreadPoolExecutor(
            MAX_JUDGING,
            MAX_JUDGING,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // of no more than there are requests
            DaemonThreads.named("judging"));
    later.allowCoreThreadTimeOut(true);
    running.closing(later::shutdownNow);
    metrics().watch(service.verifier().audience(), service::health);
    AbuseWatch watch = service.findings();
    if (watch != null) {
      metrics().findings(() -> List.of(watch.health()));
    }
    show(
        running,
        ROLE,
        upstream,
        () -> service.health().reasons(),
        () -> service.health().warnings());
    return new GuardHost(
        guard,
        upstream,
        metrics(),
        byStatus,
        listen().isGiven(),
        timeout(),
        timers,
        later,
        new WaitingCalls(),
        trust.client(),
        origin == null ? guard.holders() : guard.holders().dialledAs(origin));
  }

  /** Refuses a service that could not say what a message of MCP means. */
  private static McpGuard guard(ConfiguredVerifier service) {
    try {
      McpGuard guard = McpGuard.of(service::verifier);
      ToolCatalog catalog = service.verifier().catalog();
      if (catalog != null && catalog.tools().values().stream().anyMatch(t -> t.mcp() != null)) {
        return guard;
      }
    } catch (TaperException e) {
      if (e.code() != ErrorCode.INVALID_ARGUMENT) {
        throw e;
      }
    }
    throw OperationException.usage(
        "the configuration needs a catalog with tools of MCP; 'taper mcp catalog' drafts one");
  }

  @Override
  protected HttpFront.Settings settings(ListenAddress address) {
    if (address.isUnix()) {
      throw OperationException.usage("clients of MCP reach a guard at HOST:PORT");
    }
    return new HttpFront.Settings(
        path,
        upstream().maxBytes(),
        MAX_SESSIONS,
        byStatus,
        new CallerCheck(address.isLoopback(), new HashSet<>(origins)));
  }

  @Override
  protected String ready() {
    return "taper mcp guard: ready";
  }
}
