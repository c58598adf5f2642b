package dev.taper.server.connect;

import dev.taper.DaemonThreads;
import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.agent.AgentClient;
import dev.taper.agent.VerifierHealth;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.server.listener.AdminPages;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.ListenOptions;
import dev.taper.server.listener.Listener;
import dev.taper.server.listener.ListenerHealth;
import dev.taper.server.mcp.CallerCheck;
import dev.taper.server.mcp.HttpFront;
import dev.taper.server.mcp.RenewingUpstream;
import dev.taper.server.mcp.StdioFront;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.mcp.UpstreamOptions;
import dev.taper.server.process.FailureReport;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.KeySource;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running connection: one agent's key and token, one server, and clients. For one thread. */
final class Connect {
  /**
   * Whose connection it is, and what its operator gave it.
   *
   * @param audience the service that is called
   * @param token the file of its token, or {@code keeper:NAME}; null to take what is left in the
   *     folder, or what its key's keeper keeps under the key's name
   * @param handoff the folder for tokens that are handed on; null without
   * @param rootKeys who may have signed the first blocks of what is left in the folder: keys or
   *     their files; none if that is not known
   * @param use the name of the work in the folder that the agent does; null to let the model choose
   *     among several
   * @param asText whether a token that is handed on is given to the model
   * @param names the file of names; null if nobody is known
   * @param namesKeys whose signature the file of names must have; none if it needs no signature
   * @param asks the folder for requests for approval; null if the model cannot ask
   */
  record Agent(
      String audience,
      @Nullable String token,
      @Nullable Path handoff,
      List<String> rootKeys,
      @Nullable String use,
      boolean asText,
      @Nullable Path names,
      List<String> namesKeys,
      @Nullable Path asks) {}

  private static final Logger LOG = LoggerFactory.getLogger(Connect.class);
  private static final String ROLE = "connect";
  private static final String LOOPBACK = "127.0.0.1:0";
  private static final String PATH = "/mcp";
  private static final int MAX_SESSIONS = 16;
  private static final int MAX_WAITING = 16;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Agent agent;
  private final SignerOptions signers;
  private final ListenOptions listen;
  private final Duration timeout;
  private final UpstreamOptions options;
  private final Clock clock = Clock.systemUTC();
  private final Metrics metrics = new Metrics();
  private final ListenerHealth listening = new ListenerHealth();

  Connect(
      Agent agent,
      SignerOptions signers,
      ListenOptions listen,
      Duration timeout,
      UpstreamOptions options) {
    this.agent = agent;
    this.signers = signers;
    this.listen = listen;
    this.timeout = timeout;
    this.options = options;
  }

  /**
   * Runs until a signal, or until the client or the server is gone.
   *
   * @return the exit code
   * @throws OperationException what is wrong with the options, a file or the server
   * @throws dev.taper.TaperException what is wrong with the token, the key or the names
   */
  int run() throws InterruptedException {
    requireUsable();
    Running running = Running.stoppedBySignals(listen.drain());
    try {
      AgentHost host = open(running);
      return listen.isGiven() ? overHttp(running, host) : overStreams(running, host);
    } finally {
      running.close();
    }
  }

  private void requireUsable() {
    if (agent.token() == null && agent.handoff() == null && signers.keeperName() == null) {
      throw OperationException.usage(
          "give the agent's token with --token FILE, or with --handoff FOLDER where it will be left");
    }
    boolean isLooking = agent.handoff() != null && agent.token() == null;
    if (!agent.rootKeys().isEmpty() && !isLooking) {
      throw OperationException.usage(
          "--root-key verifies what is left in the folder of --handoff, and goes without --token");
    }
    if (agent.use() != null && !isLooking) {
      throw OperationException.usage(
          "--use names work in the folder of --handoff, and goes without --token");
    }
    if (agent.asText() && agent.handoff() != null) {
      throw OperationException.usage("--handoff-as-text and --handoff exclude each other");
    }
    if ((agent.asText() || !agent.namesKeys().isEmpty()) && agent.names() == null) {
      throw OperationException.usage("whom the model may name, --names FILE says");
    }
    if (listen.isGiven() && !listen.address(LOOPBACK).isLoopback()) {
      throw OperationException.usage(
          "whoever reaches it acts as the agent: it listens on this machine alone");
    }
  }

  private AgentHost open(Running running) {
    OwnKey key = signers.key();
    PublicKey self = key.signer().publicKey();
    KnownAgents known = KnownAgents.of(agent.names(), namesKeys(), clock);
    Path handoff = agent.handoff();
    RootKeys roots =
        agent.rootKeys().isEmpty()
            ? null
            : FileReason.rootKeys(agent.rootKeys(), Path.of(""), clock);
    HandoffFolder folder =
        handoff == null
            ? null
            : new HandoffFolder(OwnFolder.of(handoff), self, roots, agent.use(), clock);
    TokenSource source = source(key, folder);
    Holding holding = new Holding(source, key.signer(), agent.audience(), clock);
    Path asks = agent.asks();
    AskFolder asked = asks == null ? null : new AskFolder(OwnFolder.of(asks), clock);
    McpRefusal.Words words = McpRefusal.Words.naming(known::nameOf, clock);
    RefusedCalls refused = new RefusedCalls();
    List<ModelTool> ours = tools(holding, key.narrowing(), known, words, refused, folder, asked);
    if (source == folder && agent.use() == null) {
      ours.add(new UseTool(holding));
    }
    ModelTools tools = new ModelTools(ours, clock);
    AgentMessages messages = new AgentMessages(holding, tools, refused, asked, words);
    return host(running, holding, messages, tools);
  }

  private TokenSource source(OwnKey key, @Nullable HandoffFolder folder) {
    String given = agent.token();
    if (given == null && folder != null) {
      return folder;
    }
    PublicKey self = key.signer().publicKey();
    String name = given == null ? signers.keeperName() : KeySource.keeperName(given);
    if (name == null) {
      return TokenFile.of(Path.of(Objects.requireNonNull(given)), self, clock);
    }
    KeeperClient keeper = key.keeper();
    if (keeper == null) {
      throw OperationException.usage("--token keeper:NAME goes with --key keeper:NAME");
    }
    return KeeperToken.of(keeper, name, self, agent.audience(), clock);
  }

  private List<ModelTool> tools(
      Holding holding,
      Narrowing narrowing,
      KnownAgents known,
      McpRefusal.Words words,
      RefusedCalls refused,
      @Nullable HandoffFolder folder,
      @Nullable AskFolder asked) {
    Handoff handoff =
        folder != null
            ? handed -> {
              folder.put(handed);
              return null;
            }
            : agent.asText() ? handed -> handed.encodeBase64() : null;
    boolean canHandOn = handoff != null && agent.names() != null;
    List<ModelTool> tools = new ArrayList<>();
    tools.add(new AuthorityTool(holding, known, new AuthorityWords(words), canHandOn));
    if (handoff != null && canHandOn) {
      tools.add(new DelegateTool(holding, narrowing, known, words, handoff));
    }
    tools.add(new JustifyTool(holding, refused, words));
    if (asked != null) {
      tools.add(new ApprovalTool(holding, refused, asked, words));
    }
    return tools;
  }

  private List<PublicKey> namesKeys() {
    return agent.namesKeys().stream().map(key -> FileReason.publicKey(key, Path.of(""))).toList();
  }

  private AgentHost host(
      Running running, Holding holding, AgentMessages messages, ModelTools tools) {
    Upstream upstream =
        running.closing(RenewingUpstream.of(options.open(request -> signed(holding, request))));
    metrics.reopenedStreams(upstream::reopenedStreams);
    ThreadPoolExecutor waiting =
        new ThreadPoolExecutor(
            0,
            MAX_WAITING,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named("waiting"));
    running.closing(waiting::shutdownNow);
    ScheduledThreadPoolExecutor timers = DaemonThreads.timer("timers");
    running.closing(timers::shutdownNow);
    // So that clients hear of another token before they call.
    RepeatedTask.startLater(
        timers, LOOK, FailureLog.of(Connect.class, "looking for a token", clock), holding::client);
    metrics.endings(VerifierHealth.Ending.Kind.UPSTREAM, upstream::endings, Clock.systemUTC());
    metrics.endings(VerifierHealth.Ending.Kind.LISTENER, listening::endings, Clock.systemUTC());
    metrics.ready(ROLE, () -> reasons(upstream, Clock.systemUTC().instant()).isEmpty());
    ListenAddress admin = listen.admin();
    if (admin != null) {
      running.closingLast(
          Listener.start(
              admin,
              null,
              new AdminPages(
                  metrics,
                  running,
                  () -> reasons(upstream, Clock.systemUTC().instant()),
                  () -> warnings(upstream, Clock.systemUTC().instant()))));
    }
    return new AgentHost(holding, messages, tools, upstream, timeout, timers, waiting);
  }

  private List<VerifierHealth.Reason> reasons(Upstream upstream, Instant now) {
    return Stream.of(upstream.reasons(), listening.reasons(now)).flatMap(List::stream).toList();
  }

  private List<String> warnings(Upstream upstream, Instant now) {
    return Stream.of(
            VerifierHealth.Ending.warnings(upstream.endings(), now), listening.warnings(now))
        .flatMap(List::stream)
        .toList();
  }

  /** Signs what goes on with a session; as it is while there is no token. */
  private static HttpRequest signed(Holding holding, HttpRequest request) {
    AgentClient client = holding.client();
    return client == null ? request : McpSigner.of(client).sign(request);
  }

  private int overStreams(Running running, AgentHost host) throws InterruptedException {
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
    err.println(ready(host));
    var unused = DaemonThreads.start("end", () -> stop(front, running));
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

  private int overHttp(Running running, AgentHost host) throws InterruptedException {
    HttpFront front =
        new HttpFront(
            host,
            new HttpFront.Settings(
                PATH, options.maxBytes(), MAX_SESSIONS, false, new CallerCheck(true, Set.of())),
            host.timers());
    Listener listener = Listener.start(listen.address(LOOPBACK), listen.tls(), front);
    running.closing(listener);
    listening.of(listener);
    running.closing(front); // before the listener: open streams end, and so do their requests
    String scheme = listen.tls() == null ? "http" : "https";
    System.out.println(
        ready(host)
            + " at "
            + scheme
            + "://"
            + listener.address().getHostString()
            + ":"
            + listener.address().getPort()
            + PATH);
    running.await();
    return 0;
  }

  private static String ready(AgentHost host) {
    return "taper mcp connect: ready for " + host.holding().audience();
  }
}
