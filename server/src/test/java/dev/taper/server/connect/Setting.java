package dev.taper.server.connect;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** What an operator has in a folder: files to guard, a configuration, keys, names, a token. */
final class Setting {
  static final String AUDIENCE = "svc:files";

  final World world;
  final Path folder;
  final Path data;

  Setting(Path folder) throws IOException {
    this.folder = folder;
    this.data = Files.createDirectories(folder.resolve("data")).toRealPath();
    Files.createDirectories(data.resolve("reports"));
    Files.writeString(data.resolve("reports/q3.txt"), "profits are up");
    Files.writeString(data.resolve("salaries.txt"), "nobody's business");
    world = new World(folder);
    world.planner.save(folder.resolve("planner.key"));
    world.researcher.save(folder.resolve("researcher.key"));
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    Files.writeString(folder.resolve("root.pub"), world.root.publicKey() + "\n");
    Files.writeString(folder.resolve("revoker.pub"), world.boss.publicKey() + "\n");
    Files.writeString(folder.resolve("catalog.json"), catalog().toJson());
    Files.writeString(
        folder.resolve("service.yaml"),
        String.join(
            "\n",
            "audience: " + AUDIENCE,
            "root-keys: root.pub",
            "catalog: catalog.json",
            "revocations: {list: revoked.list, keys: revoker.pub, memory: none, every: 200ms}",
            "audit: {log: audit.jsonl, key: audit.key}",
            "approval-uses: memory",
            "deadline: 20s", // no answer depends on how fast this machine is
            ""));
    revoke();
    Files.writeString(
        world.tokenFile,
        world
            .mint(
                "read_text_file read where path under " + data,
                "write_file write where path under " + data + "/drafts if justified",
                "create_directory write where path under "
                    + data
                    + " if approved by "
                    + world.boss.publicKey())
            .encodeBase64());
  }

  private static ToolCatalog catalog() {
    CatalogTool.Argument text =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    ToolCatalog.Builder catalog = ToolCatalog.of(AUDIENCE);
    for (String name : List.of("read_text_file", "write_file", "create_directory")) {
      CatalogTool tool =
          CatalogTool.of(name)
              .operation(name.startsWith("read") ? "read" : "write")
              .mcp(CatalogTool.McpRoute.tool(name))
              .argument("path", text);
      catalog.tool(name.equals("write_file") ? tool.argument("content", text) : tool);
    }
    return catalog.build();
  }

  /** Publishes the list with these entries more. */
  void revoke(RevocationEntry... entries) throws IOException {
    var unused =
        RevocationFile.of(folder.resolve("revoked.list"), Clock.systemUTC())
            .revoke(
                RevocationIssuer.of(world.boss), List.of(entries), RevocationIssuer.Horizon.KEPT);
  }

  /** Starts the guard before a server of files, over HTTP, and gives its URL. */
  Started guard(String... more) throws IOException {
    List<String> command =
        taper(
            "mcp",
            "guard",
            "--config",
            folder.resolve("service.yaml").toString(),
            "--listen",
            "127.0.0.1:0");
    command.addAll(List.of(more));
    command.addAll(List.of("--", "node", Node.main("server-filesystem"), data.toString()));
    return Started.listening(command, folder.resolve("guard.log"));
  }

  /** The command line that connects the planner. */
  List<String> planner(String... server) {
    return connect("planner", List.of("--token", world.tokenFile.toString()), server);
  }

  /** The command line that connects the researcher, who waits for a token. */
  List<String> researcher(String... server) {
    String root = folder.resolve("root.pub").toString();
    return connect("researcher", List.of("--root-key", root), server);
  }

  /** The command line that connects somebody, with more options. */
  List<String> connect(String who, List<String> more, String... server) {
    List<String> command =
        taper(
            "mcp",
            "connect",
            "--key",
            folder.resolve(who + ".key").toString(),
            "--audience",
            AUDIENCE,
            "--names",
            world.namesFile.toString(),
            "--handoff",
            world.handoff.toString(),
            "--asks",
            world.asks.toString());
    command.addAll(more);
    command.addAll(List.of(server));
    return command;
  }

  /** The command line of this program, in a process of its own. */
  static List<String> taper(String... arguments) {
    return ChildJvm.command("dev.taper.server.Main", arguments);
  }
}
