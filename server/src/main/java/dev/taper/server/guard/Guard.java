package dev.taper.server.guard;

import dev.taper.DaemonThreads;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.DecisionListener.AuditFailure;
import dev.taper.agent.VerifierHealth;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.authorizer.PolicySet;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.policies.Policies;
import dev.taper.server.listener.AdminPages;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.ListenOptions;
import dev.taper.server.listener.Listener;
import dev.taper.server.listener.ListenerHealth;
import dev.taper.server.mcp.CallerCheck;
import dev.taper.server.mcp.HttpFront;
import dev.taper.server.mcp.StdioFront;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.mcp.UpstreamOptions;
import dev.taper.server.process.FailureReport;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import dev.taper.server.process.Traces;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running guard: the trust of a configuration, one server, and clients. For one thread. */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final String ROLE = "guard";
  private static final String LOOPBACK = "127.0.0.1:0";
  private static final int MAX_SESSIONS = 64;

  /** The most requests that are judged at once after their server was asked for its tools. */
  private static final int MAX_JUDGING = 64;

  private static final int IDLE_SECONDS = 10;

  /**
   * How clients over HTTP are answered.
   *
   * @param path where messages are sent
   * @param origins of web pages that may call
   * @param byStatus whether refusals are statuses
   * @param origin what clients dial, where a proxy changes it; null for what they say
   */
  record Http(String path, Set<String> origins, boolean byStatus, @Nullable String origin) {}

  private final Path config;
  private final ListenOptions listen;
  private final Http http;
  private final Duration timeout;
  private final UpstreamOptions options;
  private final Metrics metrics = new Metrics();
  private final ListenerHealth listening = new ListenerHealth();

  Guard(Path config, ListenOptions listen, Http http, Duration timeout, UpstreamOptions options) {
    this.config = config;
    this.listen = listen;
    this.http = http;
    this.timeout = timeout;
    this.options = options;
  }

  /**
   * Runs until a signal, or until the client or the server on the other side is gone.
   *
   * @return the exit code
   * @throws OperationException what is wrong with the options, the configuration or the server
   * @throws TaperException what is wrong with what the configuration names
   */
  int run() throws InterruptedException {
    requireUsable();
    Running running = Running.stoppedBySignals(listen.drain());
    try {
      GuardHost host = open(running);
      if (listen.isGiven()) {
        return overHttp(running, host);
      }
      return overStreams(running, host);
    } finally {
      running.close();
    }
  }

  private void requireUsable() {
    if (!http.path().startsWith("/")) {
      throw OperationException.usage("--path begins with a slash");
    }
    if (http.byStatus() && !listen.isGiven()) {
      throw OperationException.usage("--status-mode goes with --listen");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw OperationException.usage("--timeout is longer than nothing");
    }
  }

  private GuardHost open(Running running) {
    TaperConfig trust =
        TaperConfig.load(config, Clock.systemUTC())
            .with(LIBRARY)
            .with(metrics, AuditFailure.ALLOW_AND_COUNT);
    Traces traces = running.closing(Traces.of(System.getenv()));
    ConfiguredVerifier service = running.closing(traces.of(trust).open());
    McpGuard guard = guard(service);
    Upstream upstream = running.closing(options.open());
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
    ScheduledThreadPoolExecutor timers = DaemonThreads.timer("timers");
    running.closing(timers::shutdownNow);
    Supplier<List<VerifierHealth.Reason>> reasons =
        () ->
            Stream.of(
                    upstream.reasons(),
                    service.health().reasons(),
                    listening.reasons(service.health().at()))
                .flatMap(List::stream)
                .toList();
    measure(service, upstream, reasons);
    ListenAddress admin = listen.admin();
    if (admin != null) {
      running.closingLast(
          Listener.start(
              admin,
              null,
              new AdminPages(
                  metrics, running, reasons, () -> warnings(service.health(), upstream))));
    }
    return new GuardHost(
        guard,
        upstream,
        metrics,
        http.byStatus(),
        listen.isGiven(),
        timeout,
        timers,
        later,
        new WaitingCalls(),
        trust.client(),
        http.origin() == null ? guard.holders() : guard.holders().dialledAs(http.origin()));
  }

  private void measure(
      ConfiguredVerifier service,
      Upstream upstream,
      Supplier<List<VerifierHealth.Reason>> reasons) {
    metrics.ready(ROLE, () -> reasons.get().isEmpty());
    metrics.reopenedStreams(upstream::reopenedStreams);
    metrics.endings(VerifierHealth.Ending.Kind.UPSTREAM, upstream::endings, Clock.systemUTC());
    metrics.endings(VerifierHealth.Ending.Kind.LISTENER, listening::endings, Clock.systemUTC());
    metrics.watch(service.verifier().audience(), service::health);
    AbuseWatch watch = service.findings();
    if (watch != null) {
      metrics.findings(() -> List.of(watch.health()));
    }
  }

  private List<String> warnings(VerifierHealth health, Upstream upstream) {
    return Stream.of(
            health.warnings(),
            VerifierHealth.Ending.warnings(upstream.endings(), health.at()),
            listening.warnings(health.at()))
        .flatMap(List::stream)
        .toList();
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

  private int overStreams(Running running, GuardHost host) throws InterruptedException {
    PrintStream err = System.err;
    System.setOut(err); // standard output is the protocol's alone
    StdioFront front =
        running.closing(
            StdioFront.start(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                options.maxBytes(),
                host.timeout(),
                host));
    err.println("taper mcp guard: ready");
    var unusedThread =
        DaemonThreads.start(
            "waiting",
            () -> {
              try {
                var unused = front.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              running.stop();
            });
    running.await();
    String reason = front.await();
    if (reason != null) {
      LOG.error("the server is gone: {}", reason);
      return FailureReport.IO;
    }
    return 0;
  }

  private int overHttp(Running running, GuardHost host) throws InterruptedException {
    ListenAddress address = listen.address(LOOPBACK);
    if (address.isUnix()) {
      throw OperationException.usage("clients of MCP reach a guard at HOST:PORT");
    }
    HttpFront front =
        new HttpFront(
            host,
            new HttpFront.Settings(
                http.path(),
                options.maxBytes(),
                MAX_SESSIONS,
                http.byStatus(),
                new CallerCheck(address.isLoopback(), http.origins())),
            host.timers());
    Listener listener = Listener.start(address, listen.tls(), front);
    running.closing(listener);
    listening.of(listener);
    running.closing(front); // before the listener: open streams end, and so do their requests
    String scheme = listen.tls() == null ? "http" : "https";
    System.out.println(
        "taper mcp guard: ready at " + scheme + "://" + shown(listener) + http.path());
    running.await();
    return 0;
  }

  private static String shown(Listener listener) {
    String host = listener.address().getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + listener.address().getPort();
  }

  private static final TaperConfig.Library LIBRARY =
      new TaperConfig.Library() {
        @Override
        public Collection<String> names() {
          return Policies.names();
        }

        @Override
        public PolicySet.Part part(String name) {
          return Policies.part(name);
        }
      };
}
