package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.testing.Needed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real agents on Node.js and Python, through real processes, to a real server of files. */
class ConnectTest {
  private static final List<String> NODE = List.of("node", Node.script("agent.mjs"));
  private static final List<String> PYTHON =
      List.of("python3", Path.of("src/test/python/agent.py").toAbsolutePath().toString());

  @TempDir private Path folder;
  private Setting setting;

  @BeforeEach
  void demand() throws IOException {
    Node.demand();
    Needed.programs("python3");
    setting = new Setting(folder);
  }

  private Map<String, Object> path(String name) {
    return Map.of("path", setting.data.resolve(name).toString());
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  @Test
  void agents_withoutAnyCodeOfOurs_workWithinWhatTheyWereGiven() throws Exception {
    try (Started guard = setting.guard();
        Started planner = Started.agent(PYTHON, setting.planner(guard.url()), log("planner"));
        Started researcher =
            Started.agent(NODE, setting.researcher(guard.url()), log("researcher"))) {
      assertThat(planner.tools().toString())
          .isEqualTo(
              "[taper_authority, taper_delegate, taper_justify, taper_request_approval,"
                  + " read_text_file, write_file, create_directory]");
      assertThat(planner.call("read_text_file", path("salaries.txt"))).contains("nobody's");
      assertThat(researcher.call("read_text_file", path("reports/q3.txt")))
          .startsWith("You hold no authority yet");
      assertThat(researcher.tools()).hasSize(5);

      handsOnByNameAlone(planner);

      assertThat(researcher.step(Map.of("changed", 1)).toString()).isEqualTo("{changes=1}");
      assertThat(researcher.tools()).hasSize(6);
      assertThat(researcher.call("read_text_file", path("reports/q3.txt"))).contains("profits");
      assertThat(researcher.call("read_text_file", path("salaries.txt")))
          .contains("(out_of_scope)")
          .contains("Only agent:planner could allow it");
      wakesWithAnApproval(planner);
      wakesWithAJustification(planner);
      isRevoked(planner, researcher);
      assertThat(Files.readString(folder.resolve("audit.jsonl")))
          .contains("agent:planner", "agent:researcher", "user:alice@acme.com", "out_of_scope");
    }
  }

  /** No file may have any bytes: the same as a full disk, without being root. */
  @Test
  void fullDisk_leavesNothingHalf_andIsToldToTheModel() throws Exception {
    try (Started guard = setting.guard();
        Started planner = Started.agent(PYTHON, setting.planner(guard.url()), log("planner"))) {
      OwnFolder handoff = OwnFolder.of(setting.world.handoff);
      OwnFolder asks = OwnFolder.of(setting.world.asks);
      assertThat(handsOn(planner, "q3.txt")).startsWith("agent:researcher can do this until");
      List<Path> before = handoff.files("");
      assertThat(before).hasSize(1);
      assertThat(planner.call("create_directory", path("drafts"))).contains("needs an approval");
      Map<String, Object> ask = Map.of("call", "1", "reason", "for drafts", "wait_seconds", 0);

      limit(planner, "0");
      assertThat(handsOn(planner, "q4.txt")).contains("(store_unavailable)", "Tell the user");
      assertThat(planner.call("taper_request_approval", ask))
          .contains("(store_unavailable)", "Tell the user");
      assertThat(handoff.files("")).isEqualTo(before);
      assertThat(asks.files("")).isEmpty();
      assertThat(planner.call("read_text_file", path("reports/q3.txt"))).contains("profits");

      limit(planner, "unlimited");
      assertThat(handsOn(planner, "q4.txt")).startsWith("agent:researcher can do this until");
      assertThat(handoff.files("")).hasSize(2).containsAll(before);
      assertThat(planner.call("taper_request_approval", ask)).contains("waits for an answer");
      assertThat(asks.files("")).hasSize(1);
    }
  }

  private String handsOn(Started planner, String file) throws IOException {
    String grant =
        "read_text_file read where path under " + setting.data.resolve("reports").resolve(file);
    return planner.call("taper_delegate", Map.of("to", "agent:researcher", "grants", grant));
  }

  private static void limit(Started agent, String bytes) throws Exception {
    long pid = agent.process.children().findFirst().orElseThrow().pid();
    Process changed =
        new ProcessBuilder("prlimit", "--pid", "" + pid, "--fsize=" + bytes + ":")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(changed.waitFor()).isZero();
  }

  private void handsOnByNameAlone(Started planner) throws IOException {
    String grant = "read_text_file read where path under " + setting.data + "/reports";
    String stranger = setting.world.stranger.publicKey().toString();
    assertThat(planner.call("taper_delegate", Map.of("to", stranger, "grants", grant)))
        .contains("only its names count, no keys");
    assertThat(
            planner.call(
                "taper_delegate",
                Map.of("to", "agent:researcher", "grants", grant, "key", stranger)))
        .startsWith("There is no argument of that name");
    assertThat(OwnFolder.of(setting.world.handoff).files("")).isEmpty();
    assertThat(planner.call("taper_delegate", Map.of("to", "agent:researcher", "grants", grant)))
        .startsWith("agent:researcher can do this until");
  }

  private void isRevoked(Started planner, Started researcher) throws Exception {
    setting.revoke(
        RevocationEntry.forever(
            RevocationEntry.Kind.HOLDER,
            Fingerprint.ofHolder(setting.world.researcher.publicKey())));
    String answer = researcher.call("read_text_file", path("reports/q3.txt"));
    for (int i = 0; i < 600 && !answer.contains("(revoked)"); i++) {
      Thread.sleep(100);
      answer = researcher.call("read_text_file", path("reports/q3.txt"));
    }
    assertThat(answer).contains("(revoked)").contains("stop, and tell the user");
    assertThat(researcher.tools().toString()).contains("taper_authority").doesNotContain("read");
    assertThat(planner.call("read_text_file", path("reports/q3.txt"))).contains("profits");
  }

  private void wakesWithAnApproval(Started planner) throws Exception {
    assertThat(planner.call("create_directory", path("drafts")))
        .contains("It needs an approval by user:boss@acme.com");
    Map<String, Object> ask = Map.of("call", "1", "reason", "for drafts", "wait_seconds", 0);
    assertThat(planner.call("taper_request_approval", ask)).contains("waits for an answer");
    setting.world.approve(Approval.Terms.lasting(Duration.ofMinutes(5)).once());
    assertThat(planner.call("taper_request_approval", ask)).startsWith("Approved until");
    assertThat(planner.call("create_directory", path("drafts"))).contains("Successfully");
    assertThat(planner.call("create_directory", path("drafts"))).contains("(approval_used)");
  }

  private void wakesWithAJustification(Started planner) throws IOException {
    Path file = setting.data.resolve("drafts/a.txt");
    Map<String, Object> draft = Map.of("path", file.toString(), "content", "hello");
    assertThat(planner.call("write_file", draft)).contains("taper_justify, call 2");
    assertThat(planner.call("taper_justify", Map.of("call", "2", "reason", "the draft of today")))
        .startsWith("Said, until");
    assertThat(planner.call("write_file", draft)).contains("Successfully");
    assertThat(file).usingCharset(StandardCharsets.UTF_8).hasContent("hello");
  }

  @Test
  void agent_withoutASession_isServedToo() throws Exception {
    try (Started guard = setting.guard();
        Started connect = Started.of(setting.planner(guard.url()), log("connect"))) {
      Map<String, Object> meta =
          Map.of(
              "io.modelcontextprotocol/protocolVersion",
              "2026-07-28",
              "io.modelcontextprotocol/clientInfo",
              Map.of("name", "agent", "version", "1"),
              "io.modelcontextprotocol/clientCapabilities",
              Map.of());
      assertThat(connect.ask("server/discover", Map.of("_meta", meta))).contains("2026-07-28");
      assertThat(connect.ask("tools/list", Map.of("_meta", meta)))
          .contains("taper_authority", "read_text_file", "private");
      Map<String, Object> call =
          Map.of("name", "read_text_file", "arguments", path("reports/q3.txt"), "_meta", meta);
      assertThat(connect.ask("tools/call", call)).contains("profits", "complete");
      assertThat(
              connect.ask(
                  "tools/call",
                  Map.of("name", "taper_authority", "arguments", Map.of(), "_meta", meta)))
          .contains("You are agent:planner", "complete");
    }
  }

  @Test
  void refusal_byStatus_isTheSameSentence() throws Exception {
    try (Started guard = setting.guard("--status-mode");
        Started planner = Started.agent(PYTHON, setting.planner(guard.url()), log("planner"))) {
      assertThat(planner.call("read_text_file", Map.of("path", "/etc/passwd")))
          .startsWith("The call of read_text_file was refused (out_of_scope)")
          .contains("Only user:alice@acme.com could allow it");
      assertThat(planner.call("create_directory", path("drafts")))
          .contains("ask with taper_request_approval, call 1");
      assertThat(planner.call("read_text_file", path("reports/q3.txt"))).contains("profits");
    }
  }

  @Test
  void agent_overHttp_isServedOnThisMachine() throws Exception {
    List<String> listening = setting.planner("--listen", "127.0.0.1:0", "--");
    listening.addAll(
        Setting.taper("mcp", "guard", "--config", folder.resolve("service.yaml").toString()));
    listening.addAll(
        List.of("--", "node", Node.main("server-filesystem"), setting.data.toString()));
    try (Started connect = Started.listening(listening, log("connect"));
        Started planner = Started.agent(NODE, List.of(connect.url()), log("planner"))) {
      assertThat(planner.call("read_text_file", path("reports/q3.txt"))).contains("profits");
    }
  }

  @Test
  void server_thatEnds_endsTheConnection() throws Exception {
    try (Started connect =
        Started.of(setting.planner("--", "sh", "-c", "read line; exit 3"), log("connect"))) {
      connect.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}");

      assertThat(connect.exit()).isEqualTo(5);
    }
  }

  @Test
  void start_withWhatMakesNoSense_saysSo() throws Exception {
    Files.writeString(folder.resolve("other.token"), setting.world.mint().encodeBase64());
    List<String> token = List.of("--token", setting.world.tokenFile.toString());
    List<String> wrongKey = setting.connect("researcher", token, "http://127.0.0.1:9/mcp");
    List<String> rootKey = setting.researcher("http://127.0.0.1:9/mcp");
    rootKey.addAll(token);
    for (var wrong :
        Map.of(
                "held by agent:planner with another key",
                wrongKey,
                "--root-key verifies what is left in the folder of --handoff",
                rootKey,
                "listens on this machine alone",
                setting.planner("--listen", "0.0.0.0:0", "--without-tls", "http://127.0.0.1:9/"),
                "is open to others: use https",
                setting.planner("http://192.0.2.1/mcp"))
            .entrySet()) {
      try (Started connect = Started.of(wrong.getValue(), log("connect"))) {
        assertThat(connect.exit()).as(connect.log()).isEqualTo(2);
        assertThat(connect.log()).contains(wrong.getKey());
      }
    }
  }
}
