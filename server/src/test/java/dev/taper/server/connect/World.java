package dev.taper.server.connect;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An issuer, two agents who know each other's names, an approver, and a service. */
final class World {
  static final String AUDIENCE = "svc:jira";

  final SettableClock clock =
      new SettableClock(Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));
  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey boss = PrivateKey.generate(Algorithm.SECP256R1);
  final Path folder;
  final Path tokenFile;
  final Path namesFile;
  final Path handoff;
  final Path asks;

  World(Path folder) throws IOException {
    this.folder = folder;
    this.tokenFile = folder.resolve("planner.token");
    this.namesFile = folder.resolve("names.json");
    this.handoff = folder.resolve("handoff");
    this.asks = folder.resolve("asks");
    Files.writeString(tokenFile, mint().encodeBase64() + "\n");
    Files.writeString(namesFile, names().write());
  }

  NamesFile names() {
    return NamesFile.builder()
        .number(1)
        .agent("agent:planner", planner.publicKey())
        .agent("agent:researcher", researcher.publicKey())
        .approver("user:boss@acme.com", boss.publicKey())
        .build();
  }

  AgentToken mint() {
    return mint(
        "jira.search read where limit <= 50",
        "jira.close close on jira:ticket/* if approved by " + boss.publicKey(),
        "jira.note write if justified within 15m");
  }

  AgentToken mint(String... grants) {
    Delegation delegation =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:planner", planner.publicKey()))
            .task("T-4711", "triage")
            .expiresIn(Duration.ofHours(1));
    for (String grant : grants) {
      delegation = delegation.grant(grant);
    }
    return Issuer.of(root).clock(clock).mint(delegation);
  }

  static ToolCatalog catalog() {
    CatalogTool.Argument string =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    CatalogTool.Argument integer =
        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.INTEGER));
    return ToolCatalog.of(AUDIENCE)
        .tool(
            CatalogTool.of("jira.search")
                .operation("read")
                .mcp(CatalogTool.McpRoute.tool("search"))
                .argument("query", string)
                .argument("limit", integer))
        .tool(
            CatalogTool.of("jira.close")
                .operation("close")
                .resource("jira:ticket/{id}")
                .mcp(CatalogTool.McpRoute.tool("close"))
                .argument("id", string))
        .tool(
            CatalogTool.of("jira.note")
                .operation("write")
                .mcp(CatalogTool.McpRoute.tool("note"))
                .argument("text", string))
        .tool(
            CatalogTool.of("jira.delete")
                .operation("delete")
                .mcp(CatalogTool.McpRoute.tool("delete"))
                .argument("id", string))
        .build();
  }

  Verifier verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience(AUDIENCE)
        .catalog(catalog())
        .withoutRevocation()
        .approvalUsesOfOneProcess()
        .clock(clock)
        .build();
  }

  /** The planner's side, with its token in a file. */
  Side planner() {
    return side(TokenFile.of(tokenFile, planner.publicKey(), clock), planner);
  }

  /** The researcher's side, which waits for what is handed on to it. */
  Side researcher() {
    return side(folderOf(researcher), researcher);
  }

  HandoffFolder folderOf(PrivateKey key) {
    return new HandoffFolder(OwnFolder.of(handoff), key.publicKey(), null, null, clock);
  }

  Side side(TokenSource source, PrivateKey key) {
    Holding holding = new Holding(source, key, AUDIENCE, clock);
    KnownAgents agents = KnownAgents.of(namesFile, List.of(), clock);
    return new Side(
        holding,
        key,
        agents,
        folderOf(key),
        new AskFolder(OwnFolder.of(asks), clock),
        source instanceof HandoffFolder,
        clock);
  }

  /** The boss approves the one request that is in the folder. */
  void approve(Approval.Terms terms) throws IOException {
    approve(boss, terms);
  }

  void approve(PrivateKey approver, Approval.Terms terms) throws IOException {
    Path request = request();
    Approval approval =
        ApprovalRequest.decode(Files.readString(request)).approve(approver, terms, clock);
    Files.writeString(
        request.resolveSibling(approval.statement().id() + ".approval"),
        approval.encodeBase64() + "\n");
  }

  Path request() throws IOException {
    List<Path> requests = OwnFolder.of(asks).files(".json");
    if (requests.size() != 1) {
      throw new IllegalStateException("there are " + requests);
    }
    return requests.get(0);
  }

  /** What an agent's side is made of. */
  static final class Side {
    final Holding holding;
    final ModelTools tools;
    final AgentMessages messages;
    final List<String> changes = new ArrayList<>();

    Side(
        Holding holding,
        PrivateKey key,
        KnownAgents agents,
        HandoffFolder handoff,
        @Nullable AskFolder asks,
        boolean mayChoose,
        SettableClock clock) {
      this.holding = holding;
      McpRefusal.Words words = McpRefusal.Words.naming(agents::nameOf, java.time.Clock.systemUTC());
      RefusedCalls refused = new RefusedCalls();
      List<ModelTool> ours = new ArrayList<>();
      ours.add(new AuthorityTool(holding, agents, new AuthorityWords(words), true));
      ours.add(
          new DelegateTool(
              holding,
              new OwnKey(key, null),
              agents,
              words,
              token -> {
                handoff.put(token);
                return null;
              }));
      ours.add(new JustifyTool(holding, refused, words));
      if (asks != null) {
        ours.add(new ApprovalTool(holding, refused, asks, words));
      }
      if (mayChoose) {
        ours.add(new UseTool(holding));
      }
      tools = new ModelTools(ours, clock);
      messages = new AgentMessages(holding, tools, refused, asks, words);
      holding.onChange(() -> changes.add("changed"));
    }
  }
}
