package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.server.process.FailureReport;
import dev.taper.testing.ChildJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** An issuer, agents, and a guarded service in a folder. */
final class GuardWorld {
  static final String AUDIENCE = "svc:test";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final Path folder;
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private String revocations = "revocations: none";

  GuardWorld(Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("root.pub"), root.publicKey() + "\n");
  }

  /** Writes the catalog and a configuration that names it. */
  Path config(ToolCatalog catalog, String... more) throws IOException {
    Files.writeString(folder.resolve("catalog.json"), catalog.toJson());
    return configOf("catalog.json", more);
  }

  /** Writes a configuration that names a catalog which is there. */
  Path configOf(String catalog, String... more) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "audience: " + AUDIENCE,
                "root-keys: root.pub",
                "catalog: " + catalog,
                revocations,
                "deadline: 20s")); // no answer depends on how fast this machine is
    lines.addAll(List.of(more));
    return Files.writeString(folder.resolve("service.yaml"), String.join("\n", lines) + "\n");
  }

  /**
   * Revokes, in a list that is looked at several times a second; before the service starts, too.
   */
  void revoke(RevocationEntry... entries) throws IOException {
    Files.writeString(folder.resolve("revoker.pub"), revoker.publicKey() + "\n");
    revocations =
        "revocations: {list: revoked.list, keys: revoker.pub, memory: none, every: 200ms}";
    var unused =
        RevocationFile.of(folder.resolve("revoked.list"), Clock.systemUTC())
            .revoke(RevocationIssuer.of(revoker), List.of(entries), RevocationIssuer.Horizon.KEPT);
  }

  /** An agent with a token for these grants. */
  AgentClient agent(String... grants) {
    return agent(planner, "agent:planner", grants);
  }

  AgentClient agent(PrivateKey holder, String name, String... grants) {
    return agent(holder, name, "T-4711", Duration.ofHours(1), grants);
  }

  /** An agent with a token for these grants, which ends after a while. */
  AgentClient agent(
      PrivateKey holder, String name, String task, Duration lifetime, String... grants) {
    Delegation token =
        Delegation.by("user:alice@acme.com").to(Agent.of(name, holder.publicKey())).task(task);
    for (String grant : grants) {
      token = token.grant(grant);
    }
    return AgentClient.of(Issuer.of(root).mint(token.expiresIn(lifetime)), holder, AUDIENCE);
  }

  /** A catalog of a server's tools of any arguments, without pinning them. */
  static ToolCatalog anyArguments(String... tools) {
    ToolCatalog.Builder catalog = ToolCatalog.of(AUDIENCE);
    for (String tool : tools) {
      catalog.tool(
          CatalogTool.of(tool)
              .operation("read")
              .mcp(CatalogTool.McpRoute.tool(tool))
              .argument("value", CatalogTool.Argument.optional(ArgumentType.ANY))
              .argument("region", CatalogTool.Argument.optional(ArgumentType.ANY)));
    }
    return catalog.build();
  }

  /** A tool that a catalog has. */
  static CatalogTool tool(ToolCatalog catalog, String name) {
    return Objects.requireNonNull(catalog.tools().get(name), name);
  }

  /** Waits for what another process does in its own time. */
  static void eventually(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.call()) {
      assertThat(System.nanoTime() - end).as("it does not happen").isNegative();
      Thread.sleep(100);
    }
  }

  /** What a command printed, and how it ended. */
  record Ended(int exit, String output) {}

  /** Runs {@code mcp catalog} or {@code mcp guard} here, for as long as it takes. */
  static Ended run(Object command, List<String> arguments) {
    StringWriter output = new StringWriter();
    PrintWriter printed = new PrintWriter(output, true);
    FailureReport report = new FailureReport();
    int exit =
        new CommandLine(command)
            .setOut(printed)
            .setErr(printed)
            .setExecutionExceptionHandler(report)
            .setParameterExceptionHandler(report)
            .execute(arguments.toArray(new String[0]));
    return new Ended(exit, output.toString());
  }

  /** Drafts the catalog of a server. */
  static ToolCatalog draft(Path catalog, String... server) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--audience", AUDIENCE, "-o", catalog.toString(), "--"));
    arguments.addAll(List.of(server));
    Ended ended = run(new CatalogCommand(), arguments);
    assertThat(ended.exit()).as(ended.output()).isZero();
    return ToolCatalog.parse(Files.readString(catalog));
  }

  /** The command line of a guard, in a process of its own. */
  static List<String> guard(Path config, String... more) {
    List<String> command = taper("mcp", "guard", "--config", config.toString());
    command.addAll(List.of(more));
    return command;
  }

  /** The command line of this program, in a process of its own. */
  static List<String> taper(String... arguments) {
    return ChildJvm.command("dev.taper.server.Main", arguments);
  }
}
