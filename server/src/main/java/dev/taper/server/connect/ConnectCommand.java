package dev.taper.server.connect;

import dev.taper.DaemonThreads;
import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.mcp.CallerCheck;
import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.HttpFront;
import dev.taper.server.mcp.RelayCommand;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.KeySource;
import dev.taper.server.process.Running;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code taper mcp connect}. */
@Command(
    name = "connect",
    description = {
      "Stands on an agent's side of a guarded server of MCP, and adds token and proof to each call.",
      "The agent talks to it as to any server, over standard input and output. The server is a URL,"
          + " or the command behind -- that starts it. A model gets tools more: what it may do,"
          + " handing a part of that on by an agent's name, asking for an approval, saying why."
    },
    mixinStandardHelpOptions = true)
public final class ConnectCommand extends RelayCommand {
  private static final String ROLE = "connect";
  private static final String PATH = "/mcp";
  private static final int MAX_SESSIONS = 16;
  private static final int MAX_WAITING = 16;
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Option(
      names = "--audience",
      paramLabel = "SERVICE",
      required = true,
      description =
          "The service that is called, such as svc:files: from you, never from the server.")
  private String audience = "";

  @Option(
      names = {"-t", "--token"},
      paramLabel = "FILE",
      description =
          "File with the agent's token, or keeper:NAME for one that a keeper keeps; looked at before"
              + " each call. With --key keeper:NAME and no --handoff: the token of that name.")
  private @Nullable String token;

  @Option(
      names = "--handoff",
      paramLabel = "FOLDER",
      description =
          "Where tokens are left that agents hand on to each other. Without --token, the agent"
              + " works with what is left there for its key.")
  private @Nullable Path handoff;

  @Option(
      names = "--root-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description =
          "The service's root key: text, or a file with a key or a key set. Of what is left in the"
              + " folder of --handoff, only what it signed is used.")
  private List<String> rootKeys = new ArrayList<>();

  @Option(
      names = "--use",
      paramLabel = "WORK",
      description =
          "Which work in the folder of --handoff the agent does, such as 'T-4711 for"
              + " user:alice@acme.com'; without, the only one, or the one that its model names.")
  private @Nullable String use;

  @Option(
      names = "--handoff-as-text",
      description = "Give a token that is handed on to the model, which passes it on.")
  private boolean asText;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "The file of names: whom the model can hand on to, and who has which key.")
  private @Nullable Path names;

  @Option(
      names = "--names-key",
      paramLabel = "KEY",
      split = "\n",
      hideParamSyntax = true,
      description = "The file of names has to be signed by this public key: text or file.")
  private List<String> namesKeys = new ArrayList<>();

  @Option(
      names = "--asks",
      paramLabel = "FOLDER",
      description = "Where requests for approval are left, and approvals looked for.")
  private @Nullable Path asks;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      required = true,
      description =
          "File with the agent's own private key, which holds the token; or keeper:NAME for one"
              + " that a keeper has.")
  private String key = "";

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "File whose first line opens an encrypted PEM key.")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "Environment variable whose value opens an encrypted PEM key.")
  private @Nullable String passphraseVariable;

  @Option(
      names = "--accept-readable-key",
      description = "Take the key, or its passphrase, from a file that others can read or change.")
  private boolean isExposed;

  private final Clock clock = Clock.systemUTC();

  @Override
  protected void requireUsable() {
    if (token == null && handoff == null && KeySource.keeperName(key) == null) {
      throw OperationException.usage(
          "give the agent's token with --token FILE, or with --handoff FOLDER where it will be left");
    }
    boolean isLooking = handoff != null && token == null;
    if (!rootKeys.isEmpty() && !isLooking) {
      throw OperationException.usage(
          "--root-key verifies what is left in the folder of --handoff, and goes without --token");
    }
    if (use != null && !isLooking) {
      throw OperationException.usage(
          "--use names work in the folder of --handoff, and goes without --token");
    }
    if (asText && handoff != null) {
      throw OperationException.usage("--handoff-as-text and --handoff exclude each other");
    }
    if ((asText || !namesKeys.isEmpty()) && names == null) {
      throw OperationException.usage("whom the model may name, --names FILE says");
    }
    if (listen().isGiven() && !address().isLoopback()) {
      throw OperationException.usage(
          "whoever reaches it acts as the agent: it listens on this machine alone");
    }
  }

  @Override
  protected Conversation.Host open(Running running, ScheduledExecutorService timers) {
    KeySource written = new KeySource(key, passphraseFile, passphraseVariable, isExposed);
    boolean isKept = KeySource.keeperName(key) != null;
    OwnKey own = new OwnKey(written.open(), isKept ? KeySource.keeper() : null);
    PublicKey self = own.signer().publicKey();
    KnownAgents known = KnownAgents.of(names, namesKeys(), clock);
    RootKeys roots = rootKeys.isEmpty() ? null : FileReason.rootKeys(rootKeys, Path.of(""), clock);
    HandoffFolder folder =
        handoff == null ? null : new HandoffFolder(OwnFolder.of(handoff), self, roots, use, clock);
    TokenSource source = source(own, folder);
    Holding holding = new Holding(source, own.signer(), audience, clock);
    AskFolder asked = asks == null ? null : new AskFolder(OwnFolder.of(asks), clock);
    McpRefusal.Words words = McpRefusal.Words.naming(known::nameOf, clock);
    RefusedCalls refused = new RefusedCalls();
    List<ModelTool> ours = tools(holding, own, known, words, refused, folder, asked);
    if (source == folder && use == null) {
      ours.add(new UseTool(holding));
    }
    ModelTools tools = new ModelTools(ours, clock);
    AgentMessages messages = new AgentMessages(holding, tools, refused, asked, words);
    return host(running, timers, holding, messages, tools);
  }

  private TokenSource source(OwnKey own, @Nullable HandoffFolder folder) {
    String given = token;
    if (given == null && folder != null) {
      return folder;
    }
    PublicKey self = own.signer().publicKey();
    String name = given == null ? KeySource.keeperName(key) : KeySource.keeperName(given);
    if (name == null) {
      return TokenFile.of(Path.of(Objects.requireNonNull(given)), self, clock);
    }
    KeeperClient keeper = own.keeper();
    if (keeper == null) {
      throw OperationException.usage("--token keeper:NAME goes with --key keeper:NAME");
    }
    return KeeperToken.of(keeper, name, self, audience, clock);
  }

  private List<ModelTool> tools(
      Holding holding,
      OwnKey own,
      KnownAgents known,
      McpRefusal.Words words,
      RefusedCalls refused,
      @Nullable HandoffFolder folder,
      @Nullable AskFolder asked) {
    Handoff way =
        folder != null
            ? handed -> {
              folder.put(handed);
              return null;
            }
            : asText ? handed -> handed.encodeBase64() : null;
    boolean canHandOn = way != null && names != null;
    List<ModelTool> tools = new ArrayList<>();
    tools.add(new AuthorityTool(holding, known, new AuthorityWords(words), canHandOn));
    if (way != null && canHandOn) {
      tools.add(new DelegateTool(holding, own, known, words, way));
    }
    tools.add(new JustifyTool(holding, refused, words));
    if (asked != null) {
      tools.add(new ApprovalTool(holding, refused, asked, words));
    }
    return tools;
  }

  private List<PublicKey> namesKeys() {
    return namesKeys.stream().map(key -> FileReason.publicKey(key, Path.of(""))).toList();
  }

  private Conversation.Host host(
      Running running,
      ScheduledExecutorService timers,
      Holding holding,
      AgentMessages messages,
      ModelTools tools) {
    upstream().withhold(passphraseVariable);
    Upstream upstream =
        running.closing(upstream().openForAgent(request -> signed(holding, request)));
    ThreadPoolExecutor waiting =
        new ThreadPoolExecutor(
            0,
            MAX_WAITING,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named("waiting"));
    running.closing(waiting::shutdownNow);
    // So that clients hear of another token before they call.
    FailureLog failures = FailureLog.of(ConnectCommand.class, "looking for a token", clock);
    running.closing(RepeatedTask.startLater(timers, LOOK, failures, holding::client));
    show(running, ROLE, upstream, List::of, List::of);
    return new AgentHost(holding, messages, tools, upstream, timeout(), timers, waiting);
  }

  /** Signs what goes on with a session; as it is while there is no token. */
  private static HttpRequest signed(Holding holding, HttpRequest request) {
    AgentClient client = holding.client();
    return client == null ? request : McpSigner.of(client).sign(request);
  }

  @Override
  protected HttpFront.Settings settings(ListenAddress address) {
    return new HttpFront.Settings(
        PATH, upstream().maxBytes(), MAX_SESSIONS, false, new CallerCheck(true, Set.of()));
  }

  @Override
  protected String ready() {
    return "taper mcp connect: ready for " + audience;
  }
}
