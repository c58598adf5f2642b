package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.testing.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What docs/connect.md tells to type works, and its tables say what there is. */
class ConnectPageTest {
  private static final Path PAGE = Path.of("..", "docs", "connect.md");
  private static final Set<String> ELSEWHERE =
      Set.of(
          "--help",
          "--version",
          "--tls-certificate",
          "--tls-key",
          "--tls-client-ca",
          "--without-tls");

  @TempDir private Path folder;

  @Test
  void command_ofThePage_connects() throws Exception {
    Node.demand();
    Setting setting = new Setting(folder);
    Files.writeString(
        folder.resolve("researcher.token"),
        token(setting.world, setting.world.researcher.publicKey()));
    Path launcher = folder.resolve("taper");
    String start =
        Setting.taper().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    Files.writeString(launcher, "#!/bin/sh\nexec " + start + " \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    try (Started guard = setting.guard()) {
      assertThat(tools(0, guard.url()))
          .isEqualTo("[taper_authority, taper_justify, read_text_file]");
      assertThat(tools(1, guard.url()))
          .isEqualTo("[taper_authority, taper_delegate, taper_justify, taper_use]");
      assertThat(toolsOfAKeeper(guard.url(), setting.world))
          .isEqualTo("[taper_authority, taper_justify, read_text_file]");
    }
    assertThat(Page.blocks(PAGE, "sh-server")).hasSize(3);
  }

  private String toolsOfAKeeper(String url, World world) throws IOException {
    KeeperClient keeper = KeeperClient.at(folder.resolve("run/k.sock"));
    List<String> command =
        Setting.taper("keeper", "--in-memory", "--socket", keeper.socket().toString());
    try (Started process = Started.saying("ready", command, folder.resolve("keeper.log"))) {
      PublicKey key = keeper.newKey("planner", Algorithm.ED25519, null, false, null).key();
      var kept = keeper.add("planner", token(world, key), List.of(), null, null, false);
      assertThat(kept.holder()).isEqualTo("agent:researcher");
      assertThat(process.log()).isNotEmpty();
      return tools(2, url);
    }
  }

  /** What an agent sees through a command of the page. */
  private String tools(int block, String url) throws IOException {
    String command =
        Page.blocks(PAGE, "sh-server").get(block).strip().replaceAll("https?://\\S+", url);
    List<String> here =
        List.of(
            "sh",
            "-c",
            "cd \"$0\" && export TAPER_KEEPER=run/k.sock && exec " + command,
            folder.toString());
    try (Started agent =
        Started.agent(
            List.of("node", Node.script("agent.mjs")), here, folder.resolve("agent.log"))) {
      return agent.tools().toString();
    }
  }

  private static String token(World world, PublicKey holder) {
    return Issuer.of(world.root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:researcher", holder))
                .task("T-4711")
                .grant("read_text_file read")
                .expiresIn(Duration.ofHours(1)))
        .encodeBase64();
  }

  @Test
  void snippets_ofThePage_areOptionsThatThereAre() throws IOException {
    List<String> snippets =
        Page.blocks(PAGE, "json").stream().filter(text -> text.contains("mcpServers")).toList();
    for (String snippet : snippets) {
      Map<String, @Nullable Object> json = McpJson.read(snippet, 1 << 16);
      Map<String, @Nullable Object> servers = RpcMessage.object(json, "mcpServers");
      List<String> words = new ArrayList<>();
      if (RpcMessage.object(servers, "files").get("args") instanceof List<?> args) {
        args.forEach(word -> words.add(String.valueOf(word)));
      }

      assertThat(words.subList(0, 2)).containsExactly("mcp", "connect");
      CommandLine command = new CommandLine(new ConnectCommand());
      assertThat(command.parseArgs(words.subList(2, words.size()).toArray(new String[0])).errors())
          .isEmpty();
    }
    assertThat(snippets).hasSize(3);
  }

  @Test
  void options_ofThePage_areThoseOfTheCommand() throws IOException {
    Set<String> said = new TreeSet<>();
    Pattern.compile("`(--[a-z-]+)[ `]")
        .matcher(Files.readString(PAGE))
        .results()
        .forEach(found -> said.add(found.group(1)));
    Set<String> own = new TreeSet<>();
    new CommandLine(new ConnectCommand())
        .getCommandSpec()
        .options()
        .forEach(option -> own.add(option.longestName()));
    own.removeAll(ELSEWHERE);

    assertThat(said).containsAll(own);
  }
}
