package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import dev.taper.testing.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real keeper has the key and the token, and a real agent works with them at a real server. */
class ConnectKeeperTest {
  private static final List<String> PYTHON =
      List.of("python3", Path.of("src/test/python/agent.py").toAbsolutePath().toString());

  @TempDir private Path folder;
  private Setting setting;
  private KeeperClient keeper;

  @BeforeEach
  void demand() throws IOException {
    Node.demand();
    Needed.programs("python3");
    setting = new Setting(folder);
    keeper = KeeperClient.at(folder.resolve("run/k.sock")).patience(Duration.ofSeconds(20));
  }

  private Started keeper(String... more) throws IOException {
    List<String> command =
        Setting.taper("keeper", "--in-memory", "--socket", keeper.socket().toString());
    command.addAll(List.of(more));
    return Started.saying("taper keeper: ready", command, log("keeper"));
  }

  private PublicKey newKey() {
    return keeper.newKey("planner", Algorithm.ED25519, null, false, null).key();
  }

  private KeptToken keep(PublicKey holder, String... grants) {
    Delegation delegation =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:planner", holder))
            .task("T-4711")
            .expiresIn(Duration.ofHours(1));
    for (String grant : grants) {
      delegation = delegation.grant(grant);
    }
    String token = Issuer.of(setting.world.root).mint(delegation).encodeBase64();
    return keeper.add("planner", token, List.of(Setting.AUDIENCE), null, null, true);
  }

  /** The command line that connects with what the keeper has. */
  private List<String> planner(String... more) {
    List<String> command = new ArrayList<>(List.of("env", "TAPER_KEEPER=" + keeper.socket()));
    command.addAll(
        Setting.taper("mcp", "connect", "--key", "keeper:planner", "--audience", Setting.AUDIENCE));
    command.addAll(List.of(more));
    return command;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private Map<String, Object> path(String name) {
    return Map.of("path", setting.data.resolve(name).toString());
  }

  private static NamesFile.Builder names(PublicKey researcher) {
    return NamesFile.builder().agent("agent:researcher", researcher);
  }

  @Test
  void keyAndToken_ofAKeeper_proveAndHandOn() throws Exception {
    PublicKey researching = setting.world.researcher.publicKey();
    Path known = folder.resolve("keeper-names.json");
    Files.writeString(known, names(researching).build().write());
    Files.writeString(
        setting.world.namesFile,
        names(researching)
            .agent("agent:scraper", setting.world.stranger.publicKey())
            .build()
            .write());
    String grant = "read_text_file read where path under " + setting.data + "/reports";
    try (Started process = keeper("--names", known.toString(), "--names-only");
        Started guard = setting.guard()) {
      keep(newKey(), "read_text_file read where path under " + setting.data);
      List<String> command =
          planner(
              "--token",
              "keeper:planner",
              "--names",
              setting.world.namesFile.toString(),
              "--handoff",
              setting.world.handoff.toString(),
              guard.url());
      try (Started planner = Started.agent(PYTHON, command, log("planner"));
          Started researcher =
              Started.agent(PYTHON, setting.researcher(guard.url()), log("researcher"))) {
        assertThat(planner.call("read_text_file", path("salaries.txt"))).contains("nobody's");
        assertThat(planner.call("taper_delegate", Map.of("to", "agent:scraper", "grants", grant)))
            .startsWith("Nothing was handed on (names_only)");
        assertThat(
                planner.call(
                    "taper_delegate",
                    Map.of("to", "agent:researcher", "grants", "write_file write")))
            .startsWith("Nothing was handed on (delegation_warning)");
        assertThat(
                planner.call("taper_delegate", Map.of("to", "agent:researcher", "grants", grant)))
            .startsWith("agent:researcher can do this until");
        assertThat(researcher.call("read_text_file", path("reports/q3.txt"))).contains("profits");
        assertThat(researcher.call("read_text_file", path("salaries.txt")))
            .contains("(out_of_scope)");
        assertThat(process.log())
            .contains("to prove at svc:files", "hand the task T-4711", "agent:researcher");

        process.process.destroy();
        assertThat(process.exit()).isIn(0, 143);
        assertThat(planner.call("read_text_file", path("reports/q3.txt"))).contains("no_keeper");
      }
    }
  }

  @Test
  void token_ofTheKeysName_isWhatTheKeeperHasAtEachCall() throws Exception {
    try (Started process = keeper();
        Started guard = setting.guard()) {
      PublicKey holder = newKey();
      keep(holder, "read_text_file read where path under " + setting.data + "/reports");
      try (Started planner = Started.agent(PYTHON, planner(guard.url()), log("planner"))) {
        assertThat(planner.call("read_text_file", path("salaries.txt"))).contains("(out_of_scope)");
        keep(holder, "read_text_file read where path under " + setting.data);
        assertThat(planner.call("read_text_file", path("salaries.txt"))).contains("nobody's");
        keeper.forgetToken("planner");
        assertThat(planner.call("read_text_file", path("salaries.txt")))
            .startsWith("You hold no authority yet");
      }
      assertThat(process.log()).contains("forgot the token planner");
    }
  }

  @Test
  void start_withWhatTheKeeperDoesNotHave_saysSo() throws Exception {
    String nobody = "http://127.0.0.1:9/mcp";
    assertThat(refused(5, planner(nobody))).contains("(no_keeper)");
    try (Started process = keeper()) {
      assertThat(refused(2, planner(nobody))).contains("(unknown_key)");
      PublicKey holder = newKey();
      assertThat(refused(2, planner(nobody))).contains("(unknown_token)");
      keep(holder, "read_text_file read");
      assertThat(refused(2, planner("--token", "keeper:other", nobody)))
          .contains("(unknown_token)");
      assertThat(refused(2, planner("--passphrase-env", "X", nobody)))
          .contains("go without keeper:NAME");
      assertThat(refused(2, planner("--token", setting.world.tokenFile.toString(), nobody)))
          .contains("held by agent:planner with another key");
      List<String> elsewhere = planner(nobody);
      elsewhere.set(elsewhere.indexOf(Setting.AUDIENCE), "svc:mail");
      assertThat(refused(2, elsewhere)).contains("(other_audience)");
      List<String> fromFile = planner("--token", "keeper:planner", nobody);
      fromFile.set(fromFile.indexOf("keeper:planner"), folder.resolve("planner.key").toString());
      assertThat(refused(2, fromFile)).contains("goes with --key keeper:NAME");
      assertThat(process.log()).doesNotContain("is used to");
    }
  }

  private String refused(int status, List<String> command) throws IOException {
    try (Started connect = Started.of(command, log("connect"))) {
      assertThat(connect.exit()).as(connect.log()).isEqualTo(status);
      return connect.log();
    }
  }
}
