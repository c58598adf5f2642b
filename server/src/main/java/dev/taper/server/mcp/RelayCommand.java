package dev.taper.server.mcp;

import dev.taper.DaemonThreads;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.operations.config.Times;
import dev.taper.server.listener.AdminPages;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.ListenOptions;
import dev.taper.server.listener.Listener;
import dev.taper.server.listener.ListenerHealth;
import dev.taper.server.process.FailureReport;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command that stands between clients and one server: over standard input and output, or over
 * HTTP with {@code --listen}. It runs until a signal, or until the client or the server is gone.
 * For one thread.
 */
public abstract class RelayCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RelayCommand.class);
  private static final String LOOPBACK = "127.0.0.1:0";

  @Mixin private ListenOptions listen = new ListenOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "How long the server may be silent about a call; default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Mixin private UpstreamOptions upstream = new UpstreamOptions();

  private final Metrics metrics = new Metrics();
  private final ListenerHealth listening = new ListenerHealth();

  /** Makes a command whose options are not read yet. */
  protected RelayCommand() {}

  /**
   * Refuses options that make no sense.
   *
   * @throws dev.taper.operations.OperationException {@code usage}
   */
  protected abstract void requireUsable();

  /**
   * Makes what answers clients, and takes care that what it opens is closed.
   *
   * @param timers for work that is done again, until the process ends
   */
  protected abstract Conversation.Host open(Running running, ScheduledExecutorService timers);

  /** How clients over HTTP are answered at an address. */
  protected abstract HttpFront.Settings settings(ListenAddress address);

  /** What is said of the process once it is ready, such as {@code taper mcp guard: ready}. */
  protected abstract String ready();

  /** Where it listens, and how. */
  protected final ListenOptions listen() {
    return listen;
  }

  /** Where clients reach it: the address that was given, or a free port of this machine. */
  protected final ListenAddress address() {
    return listen.address(LOOPBACK);
  }

  /** How long the server may be silent about a call. */
  protected final Duration timeout() {
    return Times.parseDuration(timeout);
  }

  /** Where the server is. */
  protected final UpstreamOptions upstream() {
    return upstream;
  }

  /** What is counted. */
  protected final Metrics metrics() {
    return metrics;
  }

  @Override
  public final Integer call() throws InterruptedException {
    var unused = timeout(); // it is a duration
    requireUsable();
    Running running = Running.stoppedBySignals(listen.drain());
    ScheduledExecutorService timers = DaemonThreads.timer("timers");
    try {
      Conversation.Host host = open(running, timers);
      return listen.isGiven() ? overHttp(running, host, timers) : overStreams(running, host);
    } finally {
      running.close();
      timers.shutdownNow();
    }
  }

  /**
   * Shows how the process is, with what only this command knows.
   *
   * @param role its name in metrics
   * @param reasons why it does not do what it should, beside the server and the listener
   * @param warnings what will not stay well, beside those
   */
  protected final void show(
      Running running,
      String role,
      Upstream server,
      Supplier<List<VerifierHealth.Reason>> reasons,
      Supplier<List<String>> warnings) {
    Supplier<List<VerifierHealth.Reason>> all =
        () -> joined(server.reasons(), reasons.get(), listening.reasons(now()));
    metrics.ready(role, () -> all.get().isEmpty());
    metrics.reopenedStreams(server::reopenedStreams);
    metrics.endings(VerifierHealth.Ending.Kind.UPSTREAM, server::endings, Clock.systemUTC());
    metrics.endings(VerifierHealth.Ending.Kind.LISTENER, listening::endings, Clock.systemUTC());
    ListenAddress admin = listen.admin();
    if (admin != null) {
      AdminPages pages =
          new AdminPages(
              metrics,
              running,
              all,
              () ->
                  joined(
                      warnings.get(),
                      VerifierHealth.Ending.warnings(server.endings(), now()),
                      listening.warnings(now())));
      running.closingLast(Listener.start(admin, null, pages));
    }
  }

  private static Instant now() {
    return Clock.systemUTC().instant();
  }

  private static <T> List<T> joined(List<T> first, List<T> second, List<T> third) {
    return Stream.of(first, second, third).flatMap(List::stream).toList();
  }

  private int overStreams(Running running, Conversation.Host host) throws InterruptedException {
    PrintStream err = System.err;
    System.setOut(err); // standard output is the protocol's alone
    StdioFront front =
        running.closing(
            StdioFront.start(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                upstream.maxBytes(),
                timeout(),
                host));
    err.println(ready());
    var unused = DaemonThreads.start("waiting", () -> stop(front, running));
    running.await();
    String reason = front.await();
    if (reason != null) {
      LOG.error("the server is gone: {}", reason);
      return FailureReport.IO;
    }
    return 0;
  }

  private static void stop(StdioFront front, Running running) {
    try {
      var unused = front.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.stop();
  }

  private int overHttp(Running running, Conversation.Host host, ScheduledExecutorService timers)
      throws InterruptedException {
    ListenAddress address = address();
    HttpFront.Settings settings = settings(address);
    HttpFront front = new HttpFront(host, settings, timers);
    Listener listener = running.closing(Listener.start(address, listen.tls(), front));
    listening.of(listener);
    running.closing(front); // before the listener: open streams end, and so do their requests
    String scheme = listen.tls() == null ? "http" : "https";
    System.out.println(ready() + " at " + scheme + "://" + listener.shown() + settings.path());
    running.await();
    return 0;
  }
}
